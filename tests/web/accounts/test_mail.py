"""Letters: worded, sent once, safe."""

from __future__ import annotations

import email
import email.policy
import socket
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from flask import Flask

from mooc.db import db
from mooc.operations.actions import send
from mooc.operations.models import Job, Mail
from mooc.web.config import Settings
from mooc.web.jobs import run_due_jobs
from mooc.web.mail import TEMPLATES, send_mail, worded

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LETTERS = sorted(path.stem for path in (TEMPLATES / "mail").glob("*.txt") if path.stem != "base")
PARAMETERS: dict[str, Any] = {
    "commit": "0123456789ab",
    "kept": True,
    "courses": [
        {"name": "tea", "kept": True, "problems": ["name.md:3:1: E104 twice"], "more": 2},
        {"name": "coffee", "kept": False, "problems": [], "more": 0},
    ],
    "name": "Ann <Lee> & Co",
    "url": "http://127.0.0.1:8000/email/confirm/x?a=1&b=2",
    "course": "IP “Essentials” <1>",
    "new_address": "new@example.org",
}


def promise(key: str = "key", to: str = "ann@example.org", **parameters: str) -> int:
    """Put a confirmation letter into the outbox."""
    values = {**PARAMETERS, **parameters}
    send("confirm", to=to, locale="en", key=key, parameters=values, now=NOW)
    db.session.commit()
    return db.session.query(Mail.id).filter(Mail.key == key).one()[0]


def kept(settings: Settings) -> list[EmailMessage]:
    """The letters in var/mail/, parsed."""
    paths = sorted((settings.var_path / "mail").glob("*.eml"))
    return [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)  # type: ignore[misc]
        for path in paths
    ]


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_is_worded_in_every_language(app_context: Flask, name: str) -> None:
    for locale in ("en", "ru", "xx"):
        letter = worded(name, "ann@example.org", locale, PARAMETERS)
        assert letter.subject
        assert "\n" not in letter.subject
        assert PARAMETERS["url"] in letter.text
        assert PARAMETERS["name"] in letter.text
        assert "<p>" not in letter.text
        assert "{" not in letter.text
        assert "\n\n\n" not in letter.text
        assert "Ann &lt;Lee&gt; &amp; Co" in letter.html
        assert "<Lee>" not in letter.html
        assert "&amp;amp;" not in letter.html
        assert letter.html.count("<p>") >= 3


def test_a_letter_without_a_mail_server_is_kept_in_a_file_that_people_can_read(
    app_context: Flask, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    send_mail(promise(name="Анна"), NOW)
    (path,) = (settings.var_path / "mail").glob("*")
    assert path.name == "20261123T120000.000000-confirm-ann@example.org.eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text("utf-8")
    assert "Hello Анна," in text
    assert PARAMETERS["url"] in text
    assert PARAMETERS["url"] in capsys.readouterr().out


def test_a_letter_is_sent_once_and_its_link_forgotten(
    app_context: Flask, settings: Settings
) -> None:
    mail_id = promise()
    send_mail(mail_id, NOW)
    send_mail(mail_id, NOW)
    mail = db.session.get_one(Mail, mail_id)
    assert mail.sent_at == NOW
    assert mail.parameters == {}
    assert len(kept(settings)) == 1


def test_the_worker_sends_what_was_promised(app_context: Flask, settings: Settings) -> None:
    promise("one")
    promise("one")
    promise("two", to="bob@example.org")
    run_due_jobs(NOW)
    assert [letter["To"] for letter in kept(settings)] == ["ann@example.org", "bob@example.org"]
    assert {job.state for job in db.session.query(Job)} == {"done"}


@pytest.mark.parametrize(
    "evil",
    [
        "Ann\r\nBcc: all@example.org",
        "Ann\nSubject: Other",
        "Ann\u2028Bcc: all@example.org",
        "Ann\x0bBcc: all@example.org",
        "Ann\r\n\r\n<html>",
    ],
)
def test_nothing_typed_can_add_a_header(app_context: Flask, settings: Settings, evil: str) -> None:
    values = {**PARAMETERS, "course": evil, "name": evil}
    send(
        "certificate-ready", to="ann@example.org", locale="en", key="k", parameters=values, now=NOW
    )
    db.session.commit()
    send_mail(db.session.query(Mail.id).one()[0], NOW)
    (letter,) = kept(settings)
    assert letter["Bcc"] is None
    assert letter["To"] == "ann@example.org"
    assert len(letter.get_all("Subject")) == 1
    assert letter["Subject"].startswith("Your certificate is ready: Ann")


def test_a_recipient_cannot_add_a_header_or_leave_the_folder(
    app_context: Flask, settings: Settings
) -> None:
    send_mail(promise(to="../../x\r\nBcc: all@example.org"), NOW)
    (path,) = (settings.var_path / "mail").glob("*")
    assert path.parent == settings.var_path / "mail"
    assert "\nBcc:" not in path.read_text()


class Inbox(Message):
    """Collects what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.letters.append(message)


@pytest.fixture
def inbox(app: Flask) -> Iterator[Inbox]:
    """A mail server on this machine, and a site that uses it."""
    handler = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    app.extensions["mooc.settings"] = replace(
        app.extensions["mooc.settings"], smtp_host="127.0.0.1", smtp_port=port, smtp_tls=False
    )
    yield handler
    server.stop()


def test_with_a_mail_server_letters_go_there(
    inbox: Inbox, app_context: Flask, settings: Settings
) -> None:
    send_mail(promise(name="Анна"), NOW)
    (letter,) = inbox.letters
    assert letter["To"] == "ann@example.org"
    assert letter["Auto-Submitted"] == "auto-generated"
    types = [part.get_content_type() for part in letter.walk()]
    assert types == ["multipart/alternative", "text/plain", "text/html"]
    assert not (settings.var_path / "mail").exists()


def test_a_mail_server_that_is_away_leaves_the_letter_to_be_tried_again(
    app_context: Flask, app: Flask
) -> None:
    app.extensions["mooc.settings"] = replace(
        app.extensions["mooc.settings"], smtp_host="127.0.0.1", smtp_port=1
    )
    mail_id = promise()
    run_due_jobs(NOW)
    job = db.session.query(Job).one()
    assert (job.state, job.tries) == ("waiting", 1)
    assert db.session.get_one(Mail, mail_id).parameters["url"] == PARAMETERS["url"]


def test_links_in_letters_start_with_the_base_address_whatever_the_request_says(
    app: Flask, settings: Settings
) -> None:
    from tests.web.accounts.people import form_of

    client = app.test_client()
    typed = {"name": "Ann", "email": "ann@example.org", "password": "river candle tractor"}
    page = client.get("/sign-up")
    client.post("/sign-up", data={**form_of(page), **typed}, headers={"X-Forwarded-Host": "evil"})
    with app.app_context():
        url = db.session.query(Mail).one().parameters["url"]
    assert url.startswith("http://127.0.0.1:8000/email/confirm/")
