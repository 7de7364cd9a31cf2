"""A forgotten password."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask

from tests.conftest import Mailbox
from tests.pages import CheckingClient
from tests.web.accounts.people import (
    EMAIL,
    ask_for_reset,
    fetch,
    form_of,
    member,
    open_sessions,
    send,
    sign_in,
    sign_up,
    signed_in,
)

NEW = "seven quiet bicycles"


def test_a_forgotten_password_is_chosen_anew(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    member(app)
    letter = ask_for_reset(client, mailbox)
    answer = send(client, letter, password=NEW)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert "Your password is changed" in client.get("/sign-in").text
    assert sign_in(client, password="river candle tractor").status_code == 422
    assert sign_in(client, password=NEW).status_code == 303
    assert "password of your account" in mailbox.latest()


def test_the_link_leads_back_to_where_it_began(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    member(app)
    send(client, "/password/reset?next=/courses/tiny", email=EMAIL)
    assert send(client, mailbox.link(), password=NEW).location == "/sign-in?next=/courses/tiny"


def test_a_reset_signs_everybody_out(app: Flask, client: CheckingClient, mailbox: Mailbox) -> None:
    member(app)
    thief: CheckingClient = app.test_client()  # type: ignore[assignment]
    sign_in(thief)
    send(client, ask_for_reset(client, mailbox), password=NEW)
    assert open_sessions(app) == 0
    assert not signed_in(thief)


def test_a_used_link_is_over_and_offers_a_new_one(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    member(app)
    letter = ask_for_reset(client, mailbox)
    form = form_of(client.get(letter))
    client.post(letter, data={**form, "password": NEW})
    before = fetch(app)
    for again in (client.get(letter), client.post(letter, data={**form, "password": "x" * 12})):
        assert again.status_code == 410
        assert "Send me a new link" in again.text
    after = fetch(app)
    assert before is not None
    assert after is not None
    assert before.password == after.password


def test_a_link_dies_in_half_an_hour(app: Flask, client: CheckingClient, mailbox: Mailbox) -> None:
    member(app)
    letter = ask_for_reset(client, mailbox)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31)):
        page = client.get(letter)
        assert page.status_code == 410
        assert "too old" in page.text


def test_a_link_dies_at_the_next_sign_in(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    member(app)
    letter = ask_for_reset(client, mailbox)
    sign_in(client)
    assert client.get(letter).status_code == 410


def test_known_and_unknown_addresses_get_the_same_answer(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    member(app)
    known = send(client, "/password/reset", email=EMAIL)
    page = client.get(known.location).text.replace(EMAIL, "…")
    other: CheckingClient = app.test_client()  # type: ignore[assignment]
    unknown = send(other, "/password/reset", email="bob@example.org")
    other_page = other.get(unknown.location).text.replace("bob@example.org", "…")
    assert (known.status, known.location) == (unknown.status, unknown.location)

    def plain(text: str) -> list[str]:
        return [x for x in text.splitlines() if "csrf_token" not in x and 'name="once"' not in x]

    assert plain(page) == plain(other_page)
    assert len(mailbox.letters()) == 1


def test_a_weak_new_password_is_refused_and_the_link_still_works(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    member(app)
    letter = ask_for_reset(client, mailbox)
    page = send(client, letter, password="ann@example.org!")
    assert page.status_code == 422
    assert "mostly your name" in page.text
    assert send(client, letter, password=NEW).status_code == 303


def test_a_reset_also_confirms_an_address_that_waited_for_it(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    sign_up(client)
    send(client, ask_for_reset(client, mailbox), password=NEW)
    assert sign_in(client, password=NEW).location == "/my"


def test_looking_at_a_link_changes_nothing(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    """Mail scanners open links: only the button acts."""
    member(app)
    letter = ask_for_reset(client, mailbox)
    for _look in range(3):
        assert client.get(letter).status_code == 200
    assert send(client, letter, password=NEW).status_code == 303
