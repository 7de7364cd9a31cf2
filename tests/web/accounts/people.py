"""What the tests of accounts do again and again."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from mooc.accounts.models import User, UserSession
from mooc.accounts.queries import user_by_email
from mooc.db import db
from mooc.web.credentials import hash_password
from tests.conftest import Mailbox
from tests.factories import make_user
from tests.pages import CheckingClient

PASSWORD = "river candle tractor"
EMAIL = "ann@example.org"


def member(app: Flask, email: str = EMAIL, **values: Any) -> int:
    """Somebody with a password and, unless said otherwise, a confirmed address."""
    with app.app_context():
        user = make_user("Ann Lee", email, password=hash_password(PASSWORD), **values)
        db.session.commit()
        return user.id


def fetch(app: Flask, email: str = EMAIL) -> User | None:
    """The account as it stands in the database."""
    with app.app_context():
        return user_by_email(email)


def count(app: Flask, model: Any = User) -> int:
    """How many rows there are."""
    with app.app_context():
        return db.session.query(model).count()


def open_sessions(app: Flask) -> int:
    """How many sessions are not ended."""
    with app.app_context():
        return db.session.query(UserSession).filter(UserSession.ended_at.is_(None)).count()


def form_of(page: TestResponse) -> dict[str, str]:
    """The hidden fields of the page's own form."""
    main = page.text.partition("<main")[2].partition("</main>")[0]
    fields = re.findall(r'<input[^>]*type="hidden"[^>]*>', main)
    found = {}
    for field in fields:
        name, value = re.search(r'name="([^"]+)"', field), re.search(r'value="([^"]*)"', field)
        assert name
        found[name[1]] = value[1].replace("&amp;", "&") if value else ""
    return found


def send(client: CheckingClient, address: str, **typed: str) -> TestResponse:
    """Open a form, fill it in and press its button."""
    page = client.get(address)
    assert page.status_code == 200, page.status
    return client.post(address.partition("?")[0], data={**form_of(page), **typed})


def sign_up(client: CheckingClient, email: str = EMAIL, target: str = "") -> TestResponse:
    """Sign up as Ann."""
    address = f"/sign-up?next={target}" if target else "/sign-up"
    return send(client, address, name="Ann Lee", email=email, password=PASSWORD)


def sign_in(
    client: CheckingClient, email: str = EMAIL, password: str = PASSWORD, target: str = ""
) -> TestResponse:
    """Sign in by the form."""
    address = f"/sign-in?next={target}" if target else "/sign-in"
    return send(client, address, email=email, password=password)


def signed_in(client: CheckingClient) -> bool:
    """Whether this browser gets pages for people with an account."""
    return client.get("/settings", checks=False).status_code == 200


def ask_for_reset(client: CheckingClient, mailbox: Mailbox, email: str = EMAIL) -> str:
    """Ask for a letter to choose a new password; the path of its link."""
    assert send(client, "/password/reset", email=email).status_code == 303
    return mailbox.link()
