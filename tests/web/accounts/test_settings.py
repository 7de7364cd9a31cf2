"""Settings: profile, address, password, sessions, data, deletion."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from mooc.accounts.models import User
from mooc.operations.models import Mail
from tests.conftest import Cast, Mailbox
from tests.pages import CheckingClient
from tests.web.accounts.people import (
    EMAIL,
    PASSWORD,
    count,
    fetch,
    form_of,
    member,
    open_sessions,
    send,
    sign_in,
    signed_in,
)

NEW = "seven quiet bicycles"


@pytest.fixture
def ann(app: Flask, client: CheckingClient) -> CheckingClient:
    """Ann, with a password, signed in."""
    member(app)
    assert sign_in(client).status_code == 303
    return client


def change(client: CheckingClient, what: str, **typed: str) -> object:
    """Send one of the forms of the settings page."""
    return client.post(f"/settings/{what}", data=typed)


def test_the_profile_is_kept(app: Flask, ann: CheckingClient) -> None:
    typed = {"name": "Ann  Müller", "locale": "ru", "time_zone": "Asia/Bishkek", "theme": "dark"}
    assert ann.post("/settings/profile", data=typed).status_code == 303
    user = fetch(app)
    assert user is not None
    assert (user.name, user.locale, user.time_zone) == ("Ann Müller", "ru", "Asia/Bishkek")
    page = ann.get("/settings").text
    assert 'lang="ru"' in page
    assert 'data-theme="dark"' in page


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"locale": "xx"}, {"time_zone": "Mars/Base"}, {"theme": "pink"}]
)
def test_a_profile_that_makes_no_sense_is_refused(
    app: Flask, ann: CheckingClient, wrong: dict[str, str]
) -> None:
    typed = {"name": "New Name", "locale": "", "time_zone": "UTC", "theme": "", **wrong}
    assert ann.post("/settings/profile", data=typed).status_code == 422
    user = fetch(app)
    assert user is not None
    assert user.name == "Ann Lee"


def test_a_new_password_signs_the_others_out_and_kills_links(
    app: Flask, ann: CheckingClient, mailbox: Mailbox
) -> None:
    other: CheckingClient = app.test_client()  # type: ignore[assignment]
    sign_in(other)
    held = ann.get_cookie("session")
    typed = {"password-current_password": PASSWORD, "password-password": NEW}
    assert ann.post("/settings/password", data=typed).status_code == 303
    assert signed_in(ann)
    assert not signed_in(other)
    assert open_sessions(app) == 1
    assert held is not None
    other.set_cookie("session", held.value)
    assert not signed_in(other)
    assert "has just been changed" in mailbox.latest()


def test_a_new_password_needs_the_current_one(app: Flask, ann: CheckingClient) -> None:
    typed = {"password-current_password": "not this one at all", "password-password": NEW}
    page = ann.post("/settings/password", data=typed)
    assert page.status_code == 422
    assert "This is not your current password" in page.text
    assert NEW not in page.text
    assert sign_in(app.test_client()).status_code == 303  # type: ignore[arg-type]


def test_an_address_changes_when_the_new_one_answers(
    app: Flask, ann: CheckingClient, mailbox: Mailbox
) -> None:
    typed = {"address-email": "New@example.org", "address-current_password": PASSWORD}
    assert ann.post("/settings/email", data=typed).status_code == 303
    letter = mailbox.link()
    assert "To: new@example.org" in mailbox.latest()
    assert fetch(app) is not None
    assert send(ann, letter).status_code == 303
    assert fetch(app) is None
    assert fetch(app, "new@example.org") is not None
    assert not signed_in(ann)
    assert f"To: {EMAIL}" in mailbox.latest()
    assert ann.get(letter).status_code == 410


def test_the_old_address_can_bring_itself_back(
    app: Flask, ann: CheckingClient, mailbox: Mailbox
) -> None:
    typed = {"address-email": "thief@example.org", "address-current_password": PASSWORD}
    ann.post("/settings/email", data=typed)
    send(ann, mailbox.link())
    sign_in(ann, "thief@example.org")
    undo = mailbox.link()
    assert "/email/undo/" in undo
    assert send(app.test_client(), undo).location == "/password/reset"  # type: ignore[arg-type]
    assert fetch(app) is not None
    assert not signed_in(ann)
    assert ann.get(undo).status_code == 410


def test_a_taken_address_is_not_told_of_but_its_owner_is(
    app: Flask, ann: CheckingClient, mailbox: Mailbox
) -> None:
    member(app, "bob@example.org")
    answers = []
    for email in ("bob@example.org", "free@example.org"):
        typed = {"address-email": email, "address-current_password": PASSWORD}
        answer = ann.post("/settings/email", data=typed)
        answers.append((answer.status, answer.location, ann.get("/settings").text.count(email)))
    assert answers[0] == answers[1]
    assert [letter.count("You already have an account") for letter in mailbox.letters()] == [2, 0]


def test_an_address_needs_the_current_password(ann: CheckingClient, app: Flask) -> None:
    typed = {"address-email": "new@example.org", "address-current_password": "wrong wrong wrong"}
    page = ann.post("/settings/email", data=typed)
    assert page.status_code == 422
    assert 'value="new@example.org"' in page.text
    assert count(app, Mail) == 0


def test_other_browsers_are_listed_and_signed_out(app: Flask, ann: CheckingClient) -> None:
    other: CheckingClient = app.test_client()  # type: ignore[assignment]
    agent = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"
    form = form_of(other.get("/sign-in"))
    typed = {**form, "email": EMAIL, "password": PASSWORD}
    other.post("/sign-in", data=typed, headers={"User-Agent": agent})
    page = ann.get("/settings").text
    assert "Firefox on Windows" in page
    assert "This browser" in page
    address = page.partition('action="/settings/sessions/')[2].partition('"')[0]
    assert ann.post(f"/settings/sessions/{address}").status_code == 303
    assert not signed_in(other)
    assert signed_in(ann)


def test_one_button_signs_out_everywhere_else(app: Flask, ann: CheckingClient) -> None:
    sign_in(app.test_client())  # type: ignore[arg-type]
    assert open_sessions(app) == 2
    ann.post("/settings/sessions/end")
    assert open_sessions(app) == 1
    assert signed_in(ann)


def test_a_session_of_somebody_else_is_left_alone(
    app: Flask, ann: CheckingClient, cast: Cast
) -> None:
    bob = cast.browser("Bob")
    for session_id in range(1, 5):
        ann.post(f"/settings/sessions/{session_id}/end")
    assert signed_in(bob)


def test_everything_kept_about_a_person_can_be_downloaded(ann: CheckingClient) -> None:
    answer = ann.get("/settings/data.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    data = json.loads(answer.text)
    assert data["accounts"]["account"]["email"] == EMAIL
    assert len(data["accounts"]["sessions"]) == 1
    for secret in ("argon2", "fs_uniquifier", "password"):
        assert secret not in answer.text.replace("password_changed", "")


def test_the_download_holds_what_was_learned_and_no_keys(
    ann: CheckingClient, tiny: str, cast: Cast
) -> None:
    ann.post(f"/courses/{tiny}/enroll", checks=False)
    ann.post(f"/courses/{tiny}/work/complete", checks=False)
    ann.post(f"/courses/{tiny}/rights-quiz/attempts", checks=False)
    other = cast.browser("Bob")
    other.post(f"/courses/{tiny}/enroll", checks=False)
    text = ann.get("/settings/data.json").text
    learning = json.loads(text)["learning"]
    assert [row["course_id"] for row in learning["enrollments"]] == [tiny]
    assert [row["item_id"] for row in learning["completions"]] == ["work"]
    assert [row["state"] for row in learning["attempts"]] == ["open"]
    for secret in ("correct", "explanation", "token", "paper"):
        assert f'"{secret}' not in text


def test_every_table_about_people_is_part_of_the_download_or_left_out_on_purpose() -> None:
    from mooc.db import Base
    from mooc.web import schema

    schema.metadata()
    about = {
        table.name
        for table in Base.metadata.sorted_tables
        if {"user_id", "enrollment_id", "attempt_id", "actor_id"} & set(table.columns.keys())
    }
    told = {
        *("role_grant", "user_session", "audit_event", "enrollment", "completion"),
        *("practice_answer", "attempt", "response", "certificate"),
    }
    left_out = {
        "mark",  # follows from the responses; the score stands with the attempt
        "certificate_event",  # what the staff did; the status is public by the code
    }
    assert about == told | left_out


def test_a_deleted_account_is_gone_and_says_good_bye(
    app: Flask, ann: CheckingClient, mailbox: Mailbox
) -> None:
    page = ann.post("/settings/delete", data={"current_password": "wrong wrong wrong"})
    assert page.status_code == 422
    assert count(app, User) == 1
    answer = ann.post("/settings/delete", data={"current_password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    assert count(app, User) == 0
    assert not signed_in(ann)
    assert "is deleted" in mailbox.latest()
    assert sign_in(ann).status_code == 422


def test_the_last_admin_cannot_leave(app: Flask, client: CheckingClient, cast: Cast) -> None:
    user_id = member(app)
    cast.users["Ann"] = user_id
    cast.grant("Ann", "admin")
    sign_in(client)
    answer = client.post("/settings/delete", data={"current_password": PASSWORD})
    assert answer.status_code == 409
    assert "only admin" in answer.text
    assert count(app, User) == 1
