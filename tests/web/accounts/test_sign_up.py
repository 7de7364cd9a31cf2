"""Sign-up and confirmation: from the button on a course page back to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from mooc.accounts import actions
from mooc.accounts.models import User, UserSession
from mooc.operations.models import Mail
from tests.conftest import Mailbox
from tests.pages import CheckingClient
from tests.web.accounts.people import (
    EMAIL,
    PASSWORD,
    count,
    fetch,
    form_of,
    member,
    send,
    sign_in,
    sign_up,
    signed_in,
)


def test_who_signs_up_confirms_and_lands_where_it_began(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    answer = sign_up(client, target="/courses/tiny")
    assert answer.status_code == 303
    assert EMAIL in client.get(answer.location).text
    assert not signed_in(client)
    letter = mailbox.link()
    assert client.get(letter).status_code == 200
    user = fetch(app)
    assert user is not None
    assert user.confirmed_at is None
    pressed = client.post(letter, data=form_of(client.get(letter)))
    assert (pressed.status_code, pressed.location) == (303, "/courses/tiny")
    assert signed_in(client)


def test_a_link_of_a_letter_leads_on_even_in_another_browser(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    sign_up(client, target="/courses/tiny")
    other: CheckingClient = app.test_client()  # type: ignore[assignment]
    pressed = send(other, mailbox.link())
    assert pressed.location == "/courses/tiny"
    assert signed_in(other)
    assert not signed_in(client)


def test_a_double_click_makes_one_account_and_one_letter(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    form = form_of(client.get("/sign-up"))
    typed = {**form, "name": "Ann", "email": EMAIL, "password": PASSWORD}
    first, second = client.post("/sign-up", data=typed), client.post("/sign-up", data=typed)
    assert first.location == second.location
    assert len(mailbox.letters()) == 1
    assert count(app) == 1
    assert send(client, mailbox.link()).status_code == 303


def test_a_confirmation_link_works_once(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    sign_up(client, target="/courses/tiny")
    letter = mailbox.link()
    form = form_of(client.get(letter))
    client.post(letter, data=form)
    other: CheckingClient = app.test_client()  # type: ignore[assignment]
    assert other.get(letter).location == "/sign-in?next=/courses/tiny"
    again = other.post(letter, data=form)
    assert again.location == "/sign-in?next=/courses/tiny"
    assert not signed_in(other)
    assert count(app, UserSession) == 1
    assert client.get("/sign-in?next=/courses/tiny").location == "/courses/tiny"


def test_an_old_link_says_so_and_offers_a_new_one(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    sign_up(client, target="/courses/tiny")
    letter = mailbox.link()
    with time_machine.travel(datetime.now(UTC) + timedelta(days=4)):
        page = client.get(letter)
        assert page.status_code == 410
        assert "This link is too old" in page.text
        assert EMAIL in page.text
        client.post("/email/confirm", data={**form_of(page), "email": EMAIL})
        assert send(client, mailbox.link()).location == "/courses/tiny"


@pytest.mark.parametrize("token", ["x", "a.b.c", "x" * 5000, "é.ü.ß"])
def test_a_damaged_link_is_a_page_with_a_way_on(client: CheckingClient, token: str) -> None:
    page = client.get(f"/email/confirm/{token}")
    assert page.status_code == 410
    assert "Send me a new link" in page.text


def test_a_newer_sign_up_replaces_the_links_of_an_older_one(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    sign_up(client)
    old = mailbox.link()
    sign_up(client)
    assert client.get(old).status_code == 410
    assert send(client, mailbox.link()).status_code == 303
    assert count(app) == 1


def test_a_taken_address_gets_the_same_answer_and_its_owner_a_letter(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    member(app)
    known = sign_up(client)
    page = client.get(known.location).text
    other: CheckingClient = app.test_client()  # type: ignore[assignment]
    unknown = sign_up(other, "bob@example.org")
    other_page = other.get(unknown.location).text
    assert (known.status, known.location) == (unknown.status, unknown.location)
    assert _plain(page, EMAIL) == _plain(other_page, "bob@example.org")
    letters = {
        letter.partition("\nSubject: ")[2].partition("\n")[0] for letter in mailbox.letters()
    }
    assert letters == {
        "You already have an account at IP Open Courses",
        "Confirm your address for IP Open Courses",
    }
    user = fetch(app)
    assert user is not None
    assert user.name == "Ann Lee"


def _plain(page: str, email: str) -> list[str]:
    """A page without what differs by itself: the address and the random tokens."""
    return [
        line.replace(email, "…")
        for line in page.splitlines()
        if 'name="csrf_token"' not in line and 'name="once"' not in line
    ]


def test_a_taken_address_keeps_its_password(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    member(app)
    answer = send(client, "/sign-up", name="Thief", email=EMAIL, password="another good phrase")
    assert answer.status_code == 303
    assert sign_in(client, password="another good phrase").status_code == 422
    assert sign_in(client).status_code == 303


@pytest.mark.parametrize(
    ("name", "email", "password", "sentence"),
    [
        ("", EMAIL, PASSWORD, "Write your name"),
        ("\u200b", EMAIL, PASSWORD, "with at least one letter"),
        ("Ann", "", PASSWORD, "Write your email address"),
        ("Ann", "ann", PASSWORD, "Write a full email address"),
        ("Ann", "ann@example.org\r\nBcc: x@example.org", PASSWORD, "Write a full email address"),
        ("Ann", EMAIL, "", "Choose a password"),
        ("Ann", EMAIL, "short", "at least 12 characters"),
        ("Ann", EMAIL, "x" * 200, "at most 128 characters"),
        ("Ann", EMAIL, "qwertyuiop123", "easy to guess"),
        ("Ann Example", EMAIL, "Ann-Example-1", "mostly your name"),
    ],
)
def test_bad_input_is_named_and_what_was_typed_is_kept(
    app: Flask, client: CheckingClient, name: str, email: str, password: str, sentence: str
) -> None:
    page = send(client, "/sign-up?next=/courses", name=name, email=email, password=password)
    assert page.status_code == 422
    assert sentence in page.text
    assert 'class="error-summary"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert form_of(page)["next"] == "/courses"
    if email == EMAIL:
        assert f'value="{EMAIL}"' in page.text
    if password:
        assert password not in page.text
    assert count(app) == count(app, Mail) == 0


def test_a_stale_page_keeps_what_was_typed_and_can_be_sent_again(
    app: Flask, client: CheckingClient
) -> None:
    typed = {"name": "Ann", "email": EMAIL, "password": PASSWORD, "next": "/courses"}
    page = client.post("/sign-up", data={**typed, "csrf_token": "old"}, csrf=False)
    assert page.status_code == 400
    assert "had been open for too long" in page.text
    assert f'value="{EMAIL}"' in page.text
    assert count(app) == 0
    assert client.post("/sign-up", data={**form_of(page), **typed}).status_code == 303


def test_a_megabyte_of_password_is_refused_before_hashing(
    app: Flask, client: CheckingClient
) -> None:
    form = form_of(client.get("/sign-up"))
    for size, statuses in ((100_000, {422}), (1_100_000, {413})):
        typed = {**form, "name": "Ann", "email": EMAIL, "password": "x" * size}
        assert client.post("/sign-up", data=typed).status_code in statuses
    assert count(app) == 0


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz Müller-Straße",
        "محمد الخوارزمي",
        "王小明",
        "Z̷̢̛a̶l̴g̵o̷",
        "O'Neil <script>alert(1)</script>",
    ],
)
def test_odd_names_are_kept_and_shown_as_text(
    app: Flask, client: CheckingClient, mailbox: Mailbox, name: str
) -> None:
    send(client, "/sign-up", name=name, email=EMAIL, password=PASSWORD)
    page = client.get(mailbox.link())
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    user = fetch(app)
    assert user is not None
    assert user.name == actions.clean_name(name)


def test_another_letter_is_sent_for_known_and_unknown_addresses_alike(
    app: Flask, client: CheckingClient, mailbox: Mailbox
) -> None:
    sign_up(client)
    known = send(client, "/email/confirm", email=EMAIL)
    unknown = send(client, "/email/confirm", email="nobody@example.org")
    assert (known.status, known.location) == (unknown.status, unknown.location)
    assert len(mailbox.letters()) == 2


def test_who_is_signed_in_is_led_on(learner: CheckingClient) -> None:
    assert learner.get("/sign-up?next=/courses/tiny").location == "/courses/tiny"
    assert learner.get("/sign-in").location == "/my"


def test_the_first_admin_is_made_once(app: Flask, client: CheckingClient) -> None:
    token = actions.first_admin_token(app.config["SECRET_KEY"])
    page = client.get(f"/first-admin/{token}")
    form = {**form_of(page), "name": "Ada", "email": "ada@example.org", "password": PASSWORD}
    answer = client.post(f"/first-admin/{token}", data=form)
    assert answer.status_code == 303
    assert signed_in(client)
    for again in (
        client.get(f"/first-admin/{token}"),
        client.post(f"/first-admin/{token}", data=form),
    ):
        assert again.status_code == 410
        assert "has its admin already" in again.text
    assert count(app, User) == 1


def test_a_first_admin_link_dies_in_a_day_and_cannot_be_forged(
    app: Flask, client: CheckingClient
) -> None:
    forged = actions.first_admin_token("another secret of many characters")
    assert client.get(f"/first-admin/{forged}").status_code == 410
    token = actions.first_admin_token(app.config["SECRET_KEY"])
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        assert client.get(f"/first-admin/{token}").status_code == 410
