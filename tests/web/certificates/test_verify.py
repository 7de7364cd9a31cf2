"""What a stranger with a certificate in hand finds, and what nobody finds."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from mooc.certificates import actions, queries
from mooc.certificates.models import Certificate, CertificateEvent
from mooc.db import db
from tests.certificates.samples import ISSUER, graduate
from tests.conftest import Cast
from tests.pages import CheckingClient

NAME = "Анна Сергеевна Ковалёва"


@pytest.fixture
def code(app: Flask, cast: Cast, tiny: str, now: datetime, run_jobs: Callable[..., int]) -> str:
    """The code of an issued and printed certificate."""
    enrollment_id = graduate(app, cast.user("Anna"), tiny, now)
    with app.app_context():
        made = actions.issue(enrollment_id, NAME, issuer=ISSUER, actor_id=1, now=now).code
        db.session.commit()
    run_jobs()
    return made


def act(app: Flask, code: str, kind: str, now: datetime) -> None:
    with app.app_context():
        made = queries.by_code(code)
        db.session.add(
            CertificateEvent(
                certificate_id=made.id, kind=kind, at=now, actor_id=1, reason="issued in error"
            )
        )
        db.session.commit()


def verdict(page: str) -> str:
    found = re.search(r'class="verdict-word">([^<]+)', page)
    assert found
    return found[1].strip()


def test_the_page_says_valid_and_shows_what_is_printed(client: CheckingClient, code: str) -> None:
    answer = client.get(f"/verify/{code}")
    assert verdict(answer.text) == "Valid"
    for printed in (NAME, "A tiny course", code, "Technology Center", "Mary Signer, Director"):
        assert printed in answer.text
    assert "Complete 2 lessons." in answer.text
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex">' in answer.text


def test_the_page_shows_nothing_else_about_the_holder(client: CheckingClient, code: str) -> None:
    page = client.get(f"/verify/{code}").text + client.get(f"/certificates/{code}.json").text
    assert "@example.org" not in page
    assert "salt" not in page


@pytest.mark.parametrize(
    ("kind", "word", "shown"),
    [
        ("revoked", "Revoked", True),
        ("superseded", "Replaced", False),
        ("withdrawn", "Withdrawn", False),
        ("expired", "Expired", True),
    ],
)
def test_each_status_has_its_word(
    app: Flask, client: CheckingClient, code: str, now: datetime, kind: str, word: str, shown: bool
) -> None:
    act(app, code, kind, now)
    page = client.get(f"/verify/{code}").text
    assert verdict(page) == word
    assert (NAME in page) == shown
    assert client.get(f"/certificates/{code}.json").status_code == (200 if shown else 404)
    assert client.get(f"/certificates/{code}.pdf").status_code == (200 if shown else 404)


def test_unknown_and_impossible_codes_get_one_identical_page(client: CheckingClient) -> None:
    answers = [
        client.get(f"/verify/{typed}")
        for typed in ("0000-0000-0000-0000-0", "nonsense", "K7Q2-9FDM-3TXA-0W5H-X", "x" * 300)
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({_steady(answer.text) for answer in answers}) == 1
    assert verdict(answers[0].text) == "Not found"


def test_unknown_files_get_one_identical_answer(
    app: Flask, client: CheckingClient, code: str, now: datetime
) -> None:
    act(app, code, "withdrawn", now)
    for ending in ("pdf", "json"):
        answers = [
            client.get(f"/certificates/{typed}.{ending}")
            for typed in ("0000-0000-0000-0000-0", "nonsense", code)
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({_steady(answer.text) for answer in answers}) == 1


def _steady(page: str) -> str:
    """Without what names the address and the request itself."""
    return re.sub(r"/(?:certificates|verify)/[^\"]+|[0-9a-f]{8,}", "", page)


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", " ")])
def test_a_code_is_found_however_it_is_typed(
    client: CheckingClient, code: str, change: Callable[[str], str]
) -> None:
    assert client.get("/verify", query_string={"code": change(code)}).location == f"/verify/{code}"
    assert client.get(f"/verify/{change(code)}").location == f"/verify/{code}"


def test_the_form_asks_for_a_code(client: CheckingClient) -> None:
    assert "Code of the certificate" in client.get("/verify").text
    assert "Type the code" in client.get("/verify?code=+-+").text
    answer = client.get("/verify", query_string={"code": "../admin?x=<b>"})
    assert answer.location == "/verify/adminxb"


def test_the_record_can_be_checked_with_the_command_on_the_page(
    client: CheckingClient, code: str
) -> None:
    page = client.get(f"/verify/{code}").text
    answer = client.get(f"/certificates/{code}.json")
    command = re.search(r"python3 -c '(.+?)' &lt;", page, re.DOTALL)
    assert command
    script = command[1].replace("&#34;", '"').replace("&quot;", '"')
    ran = subprocess.run(
        [sys.executable, "-c", script], input=answer.data, capture_output=True, check=True
    )
    assert ran.stdout.decode().strip() == answer.json["recordHash"]
    assert answer.json["recordHash"] in page


def test_the_json_document_names_the_pdf_and_itself(client: CheckingClient, code: str) -> None:
    document: dict[str, Any] = client.get(f"/certificates/{code}.json").json
    assert document["id"] == f"{ISSUER.base_url}/certificates/{code}.json"
    assert document["status"] == "valid"
    assert document["record"]["name"] == NAME
    assert "salt" not in json.dumps(document)
    data = client.get(f"/certificates/{code}.pdf").data
    assert hashlib.sha256(data).hexdigest() == document["pdf"]["sha256"]


def test_no_proxy_keeps_a_certificate(client: CheckingClient, code: str) -> None:
    answer = client.get(f"/certificates/{code}.pdf")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_before_it_is_printed_there_is_a_page_and_no_pdf(
    app: Flask, client: CheckingClient, cast: Cast, tiny: str, now: datetime
) -> None:
    enrollment_id = graduate(app, cast.user("Ben"), tiny, now)
    with app.app_context():
        made = actions.issue(enrollment_id, "Ben", issuer=ISSUER, actor_id=1, now=now).code
        db.session.commit()
    assert verdict(client.get(f"/verify/{made}").text) == "Valid"
    assert client.get(f"/certificates/{made}.pdf").status_code == 404


def test_guessing_is_slowed_down(client: CheckingClient) -> None:
    answers = [client.get("/verify/nonsense").status_code for _each in range(61)]
    assert answers.count(404) == 60
    assert answers[-1] == 429


def test_the_issuers_key_stands_where_its_did_says(app: Flask, client: CheckingClient) -> None:
    document = client.get("/.well-known/did.json").json
    assert document["id"] == "did:web:127.0.0.1%3A8000"
    (method,) = document["verificationMethod"]
    assert method["publicKeyMultibase"].startswith("z6Mk")
    keys = app.extensions["mooc.settings"].var_path / "keys" / "issuer.json"
    assert keys.stat().st_mode & 0o777 == 0o600


def test_the_page_reads_from_the_row_alone(
    app: Flask, client: CheckingClient, code: str, query_count: Callable[..., Any]
) -> None:
    with query_count() as sent:
        client.get(f"/verify/{code}")
    assert len(sent) <= 5, sent
    with app.app_context():
        assert db.session.query(Certificate).count() == 1
