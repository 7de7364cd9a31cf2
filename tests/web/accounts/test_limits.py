"""How often things may be tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask

from mooc.web import limits
from tests.pages import CheckingClient
from tests.web.accounts.people import EMAIL, form_of, member, sign_in, sign_up


def test_the_sixth_sign_in_within_a_minute_waits(app: Flask, client: CheckingClient) -> None:
    member(app)
    start = datetime.now(UTC)
    with time_machine.travel(start, tick=False):
        for _try in range(5):
            assert sign_in(client, password="not this one at all").status_code == 422
        refused = sign_in(client)
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["Retry-After"]) <= 61
        assert "<h1" in refused.text
        assert sign_in(client, "bob@example.org").status_code == 422
    with time_machine.travel(start + timedelta(seconds=62), tick=False):
        assert sign_in(client).status_code == 303


def test_a_spoofed_address_does_not_help(app: Flask, client: CheckingClient) -> None:
    form = {**form_of(client.get("/sign-in")), "email": EMAIL, "password": "not this one at all"}
    answers = [
        client.post("/sign-in", data=form, headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code
        for n in range(6)
    ]
    assert answers == [422] * 5 + [429]


def test_sign_ups_and_letters_are_counted(app: Flask, client: CheckingClient) -> None:
    answers = [sign_up(client).status_code for _try in range(4)]
    assert answers == [303, 303, 303, 429]
    answers = [sign_up(client, f"p{n}@example.org").status_code for n in range(7)]
    assert answers == [303] * 6 + [429]


def test_letters_to_unknown_addresses_are_counted_alike(client: CheckingClient) -> None:
    form = {**form_of(client.get("/password/reset")), "email": "nobody@example.org"}
    answers = [client.post("/password/reset", data=form).status_code for _try in range(4)]
    assert answers == [303, 303, 303, 429]


def test_a_limit_is_counted_for_each_by_itself(app: Flask) -> None:
    with app.test_request_context():
        for person in (1, 2):
            for _try in range(30):
                limits.hit("submit", person)
