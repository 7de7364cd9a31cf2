"""`mooc users`: accounts and roles from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from mooc.cli.trouble import Trouble

if TYPE_CHECKING:
    from mooc.accounts.models import User

ROLES = ("admin", "issuer", "instructor", "tutor")


@click.group(short_help="List people, make accounts, give roles.")
def users() -> None:
    """Accounts and roles. EMAIL names the person in every command."""


@users.command("list")
@click.argument("search", default="")
@click.option("--limit", default=100, show_default=True, help="At most so many people.")
def list_users(search: str, limit: int) -> None:
    """List people, newest first; SEARCH is a part of a name or an address."""
    from rich.console import Console
    from rich.table import Table

    from mooc.accounts import queries

    with _site():
        table = Table(box=None, pad_edge=False)
        for heading in ("name", "email", "roles", "confirmed", "since"):
            table.add_column(heading)
        for user in queries.users(search, limit):
            roles = ", ".join(
                grant.role + (f" ({grant.scope_id})" if grant.scope_id else "")
                for grant in queries.grants_of(user.id)
            )
            state = "disabled" if not user.active else "yes" if user.confirmed_at else "no"
            table.add_row(user.name, user.email, roles, state, f"{user.created_at:%Y-%m-%d}")
        Console().print(table)


@users.command()
@click.argument("email")
@click.option("--name", prompt=True, help="The person's name, as on certificates.")
@click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    help="12 characters or more.",
)
@click.option("--role", type=click.Choice(ROLES), default=None, help="A role for the whole site.")
def create(email: str, name: str, password: str, role: str | None) -> None:
    """Make a confirmed account."""
    from mooc.accounts import actions
    from mooc.db import utcnow
    from mooc.web.credentials import hash_password

    with _site():
        _check_password(password)
        user = actions.create_user(
            name=name,
            email=email,
            password_hash=hash_password(password),
            now=utcnow(),
            confirmed=True,
        )
        if role:
            actions.grant(user, role, by=None, now=utcnow())
        click.echo(f"{user.email} can sign in now.")


@users.command()
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--course", default="", help="Only for the course with this id.")
def grant(email: str, role: str, course: str) -> None:
    """Give a person a ROLE, for the site or one course."""
    from mooc.accounts import actions
    from mooc.db import utcnow

    with _site():
        kind = "course" if course else "site"
        actions.grant(_user(email), role, by=None, now=utcnow(), scope_kind=kind, scope_id=course)
        click.echo(f"{email} is {role} now{f' of {course}' if course else ''}.")


@users.command()
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--course", default="", help="Only for the course with this id.")
def revoke(email: str, role: str, course: str) -> None:
    """Take a ROLE back."""
    from mooc.accounts import actions
    from mooc.db import utcnow

    with _site():
        kind = "course" if course else "site"
        actions.revoke(_user(email), role, by=None, now=utcnow(), scope_kind=kind, scope_id=course)
        click.echo(f"{email} is no longer {role}{f' of {course}' if course else ''}.")


@users.command()
@click.argument("email")
def confirm(email: str) -> None:
    """Confirm an address without a letter."""
    from mooc.accounts import actions
    from mooc.db import utcnow

    with _site():
        actions.confirm(_user(email), utcnow())
        click.echo(f"{email} is confirmed.")


@users.command()
def link() -> None:
    """Print the one-time link that makes the first admin."""
    with _site() as address:
        if address is None:
            raise Trouble("There is an admin already; use: mooc users grant EMAIL admin")
        click.echo(address)


@contextmanager
def _site() -> Iterator[str | None]:
    """The application's context, committed at the end; yields the first-admin link if it is due."""
    from mooc.cli.trouble import ready_app
    from mooc.db import db
    from mooc.errors import MoocError
    from mooc.web.i18n import sentence

    app = ready_app()
    with app.app_context():
        try:
            yield first_admin_link()
            db.session.commit()
        except MoocError as error:
            raise Trouble(sentence(error)) from error


def first_admin_link() -> str | None:
    """The address that makes the first admin, None when there is one. Needs an app context."""
    from flask import current_app

    from mooc.accounts import actions, queries

    if queries.admin_exists():
        return None
    token = actions.first_admin_token(current_app.config["SECRET_KEY"])
    base = current_app.extensions["mooc.settings"].base_url.rstrip("/")
    with current_app.test_request_context(base_url=base):
        return f"{base}{current_app.url_for('accounts.first_admin', token=token)}"


def _user(email: str) -> User:
    from mooc.accounts import actions, queries

    user = queries.user_by_email(actions.normalized_email(email))
    if user is None:
        raise Trouble(f"Nobody has the address {email}.")
    return user


def _check_password(password: str) -> None:
    from mooc.accounts import passwords

    why = passwords.weakness(password)
    if why is not None:
        raise Trouble(
            f"This password cannot be used ({why}): "
            "take 12 to 128 characters that are hard to guess."
        )
