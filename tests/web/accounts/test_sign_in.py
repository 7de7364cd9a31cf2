"""Sign-in, sessions and sign-out."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from unittest.mock import ANY

import pytest
import time_machine
from flask import Flask

from mooc.accounts.models import UserSession
from mooc.db import db
from mooc.web import credentials
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
    sign_up,
    signed_in,
)

COOKIE = "session"


def test_who_signs_in_is_taken_to_the_page_asked_for(app: Flask, client: CheckingClient) -> None:
    member(app)
    asked = client.get("/settings")
    assert (asked.status_code, asked.location) == (302, "/sign-in?next=/settings")
    answer = sign_in(client, target="/settings")
    assert (answer.status_code, answer.location) == (303, "/settings")
    assert signed_in(client)


def test_an_address_may_be_typed_in_any_case(app: Flask, client: CheckingClient) -> None:
    member(app)
    assert sign_in(client, " ANN@Example.ORG ").status_code == 303


def test_a_wrong_password_and_an_unknown_address_get_the_same_page(
    app: Flask, client: CheckingClient
) -> None:
    member(app)
    wrong = sign_in(client, EMAIL, "another good phrase")
    unknown = sign_in(client, "bob@example.org", "another good phrase")
    assert wrong.status_code == unknown.status_code == 422
    assert "do not belong together" in wrong.text
    assert f'value="{EMAIL}"' in wrong.text
    assert "another good phrase" not in wrong.text

    def plain(page: str, email: str) -> list[str]:
        lines = page.replace(email, "…").splitlines()
        return [line for line in lines if "csrf_token" not in line and 'name="once"' not in line]

    assert plain(wrong.text, EMAIL) == plain(unknown.text, "bob@example.org")
    assert open_sessions(app) == 0


def test_known_and_unknown_addresses_cost_one_hash_each(
    app: Flask, client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes: list[str] = []
    real_hash, real_verify = credentials.fs_hash, credentials.fs_verify
    monkeypatch.setattr(credentials, "fs_hash", lambda p: hashes.append("hash") or real_hash(p))
    monkeypatch.setattr(
        credentials, "fs_verify", lambda p, h: hashes.append("verify") or real_verify(p, h)
    )
    member(app)
    hashes.clear()
    sign_in(client, EMAIL, "another good phrase")
    sign_in(client, "bob@example.org", "another good phrase")
    assert hashes == ["verify", "hash"]


def test_a_password_that_cannot_be_one_is_not_hashed(
    app: Flask, client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    member(app)
    monkeypatch.setattr(credentials, "fs_hash", ANY)  # would fail when called
    monkeypatch.setattr(credentials, "fs_verify", ANY)
    assert sign_in(client, EMAIL, "x" * 100_000).status_code == 422


def test_an_unconfirmed_address_gets_another_letter(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    sign_up(client, target="/courses/tiny")
    answer = sign_in(client, target="/courses/tiny")
    assert answer.location == "/email/confirm?next=/courses/tiny"
    assert "confirm your address first" in client.get(answer.location).text
    assert send(client, mailbox.link()).location == "/courses/tiny"
    assert len(mailbox.letters()) == 2


def test_a_closed_account_cannot_sign_in(app: Flask, client: CheckingClient) -> None:
    member(app, active=False)
    assert "This account is closed" in sign_in(client).text
    assert not signed_in(client)


def test_signing_in_makes_a_new_cookie(app: Flask, client: CheckingClient) -> None:
    member(app)
    client.get("/sign-in")
    before = client.get_cookie(COOKIE)
    sign_in(client)
    after = client.get_cookie(COOKIE)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert after.http_only
    assert after.same_site == "Lax"


def test_a_copied_cookie_is_worth_nothing_after_sign_out(
    app: Flask, client: CheckingClient
) -> None:
    member(app)
    sign_in(client)
    held = client.get_cookie(COOKIE)
    assert held is not None
    assert client.post("/sign-out").status_code == 303
    assert not signed_in(client)
    client.set_cookie(COOKIE, held.value)
    assert client.get("/settings").location == "/sign-in?next=/settings"


def test_a_cookie_from_before_sign_in_does_not_become_one_after_it(
    app: Flask, client: CheckingClient
) -> None:
    """Session fixation: a planted cookie stays a stranger's."""
    member(app)
    client.get("/sign-in")
    planted = client.get_cookie(COOKIE)
    assert planted is not None
    sign_in(client)
    other: CheckingClient = app.test_client()  # type: ignore[assignment]
    other.set_cookie(COOKIE, planted.value)
    assert not signed_in(other)


def test_signing_in_as_another_ends_the_session_before(app: Flask, client: CheckingClient) -> None:
    member(app)
    member(app, "bob@example.org")
    sign_in(client)
    client.post("/sign-in", data={"email": "bob@example.org", "password": PASSWORD})
    assert count(app, UserSession) == 2
    assert open_sessions(app) == 1


def test_a_session_that_lay_unused_is_over(cast: Cast, learner: CheckingClient) -> None:
    start = datetime.now(UTC)
    with time_machine.travel(start + timedelta(hours=11, minutes=50)):
        assert signed_in(learner)
    with time_machine.travel(start + timedelta(hours=23)):
        assert signed_in(learner)
    with time_machine.travel(start + timedelta(hours=36)):
        assert not signed_in(learner)


def test_an_admin_is_signed_out_after_half_an_hour_unused(admin: CheckingClient) -> None:
    start = datetime.now(UTC)
    with time_machine.travel(start + timedelta(minutes=29)):
        assert signed_in(admin)
    with time_machine.travel(start + timedelta(minutes=61)):
        assert not signed_in(admin)


def test_the_cookie_is_written_at_most_every_ten_minutes(learner: CheckingClient) -> None:
    assert "Set-Cookie" not in learner.get("/settings").headers
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        assert "Set-Cookie" in learner.get("/settings").headers
        assert "Set-Cookie" not in learner.get("/settings").headers


def test_a_page_for_people_with_an_account_costs_one_query_for_the_person(
    learner: CheckingClient, query_count: object
) -> None:
    with query_count() as queries:  # type: ignore[operator]
        learner.get("/sign-in")
    assert len([query for query in queries if "user_session" in query]) == 1


def test_a_second_tab_that_signs_in_late_is_told_and_led_on(
    app: Flask, client: CheckingClient
) -> None:
    member(app)
    form = form_of(client.get("/sign-in?next=/courses"))
    sign_in(client)
    typed = {**form, "email": EMAIL, "password": PASSWORD}
    late = client.post("/sign-in", data=typed, csrf=False)
    assert late.status_code == 400
    assert "had been open for too long" in late.text
    assert open_sessions(app) == 1
    again = {**form_of(late), "email": EMAIL, "password": PASSWORD}
    assert client.post("/sign-in", data=again, csrf=False).location == "/courses"
    assert open_sessions(app) == 1


def test_strangers_cost_no_query_and_get_no_cookie(client: CheckingClient, app: Flask) -> None:
    answer = client.get("/healthz")
    assert "Set-Cookie" not in answer.headers


def test_when_too_many_hash_at_once_the_next_is_told_to_come_back(
    app: Flask, client: CheckingClient
) -> None:
    member(app)
    gate: threading.BoundedSemaphore = app.extensions["mooc.hashing"]
    taken = 0
    while gate.acquire(blocking=False):
        taken += 1
    try:
        busy = sign_in(client)
    finally:
        gate.release(taken)
    assert busy.status_code == 503
    assert busy.headers["Retry-After"] == "2"
    assert PASSWORD not in busy.text
    assert sign_in(client).status_code == 303


def test_an_old_hash_is_renewed_at_sign_in(app: Flask, client: CheckingClient) -> None:
    member(app)
    from argon2 import PasswordHasher

    with app.app_context():
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        from mooc.accounts.queries import user_by_email

        user = user_by_email(EMAIL)
        assert user is not None
        user.password = cheap
        db.session.commit()
    assert sign_in(client).status_code == 303
    renewed = fetch(app)
    assert renewed is not None
    assert renewed.password != cheap
    assert "m=19456,t=2,p=1" in (renewed.password or "")
    client.post("/sign-out")
    assert sign_in(client).status_code == 303
