"""Passwords and signed links, by Flask-Security, at a price that cannot stop the site.

Flask-Security brings argon2 hashing and signed, dated tokens (and later TOTP and passkeys). Its own
views are not registered, and its hooks on every request are taken off: see decision 0002.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any, cast

from flask import Flask, current_app
from flask_security.core import RoleMixin, Security
from flask_security.datastore import SQLAlchemyDatastore, UserDatastore
from flask_security.utils import hash_password as fs_hash
from flask_security.utils import verify_password as fs_verify
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer
from werkzeug.exceptions import ServiceUnavailable

from mooc.accounts import queries
from mooc.accounts.models import User
from mooc.accounts.passwords import LONGEST
from mooc.db import db
from mooc.web.config import Settings

WITHIN = {
    "confirm": timedelta(days=3),
    "reset": timedelta(minutes=30),
    "change_email": timedelta(hours=24),
    "undo_email": timedelta(days=7),
    "first_admin": timedelta(days=1),
}


class People(SQLAlchemyDatastore, UserDatastore):
    """Flask-Security's view of our users. Roles are `RoleGrant` rows and none of its business."""

    def __init__(self) -> None:
        SQLAlchemyDatastore.__init__(self, db)  # type: ignore[no-untyped-call]
        UserDatastore.__init__(self, User, RoleMixin)

    def find_user(self, *_args: object, **wanted: Any) -> User | None:
        """A person by one of the columns that identify."""
        if "email" in wanted:
            return queries.user_by_email(str(wanted["email"]).lower())
        if "fs_uniquifier" in wanted:
            return queries.user_by_uniquifier(wanted["fs_uniquifier"])
        return None


class LinkExpired(Exception):
    """A signed link was opened too late. `payload` is what it was for."""

    def __init__(self, payload: Any) -> None:
        super().__init__("link expired")
        self.payload = payload


class LinkInvalid(Exception):
    """A signed link is not ours, or was damaged on its way."""


def init(app: Flask, settings: Settings) -> None:
    """Set Flask-Security up for hashing and tokens, without a hook on any request."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a scheme
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH={"argon2"},
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={
            "argon2__time_cost": 2,
            "argon2__memory_cost": 19 * 1024,
            "argon2__parallelism": 1,
        },
        SECURITY_PASSWORD_NORMALIZE_FORM=None,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        SESSION_PROTECTION=None,
    )
    before = _hooks(app)
    Security(app, People(), register_blueprint=False)
    for hooks, kept in before:
        hooks[:] = kept
    app.login_manager.user_loader(lambda _id: None)  # type: ignore[attr-defined]
    app.login_manager.request_loader(_person_of_session)  # type: ignore[attr-defined]
    app.extensions["mooc.hashing"] = BoundedSemaphore(max(1, settings.threads // 2))


def _hooks(app: Flask) -> list[tuple[list[Any], list[Any]]]:
    """What runs around every request by now, to be put back after an extension added to it.

    Flask-Principal would load the user before each request, Flask-Login would read the session
    after each one and load the user for each template.
    """
    lists: list[list[Any]] = [
        app.before_request_funcs.setdefault(None, []),
        app.after_request_funcs.setdefault(None, []),
        app.template_context_processors[None],
    ]
    return [(hooks, list(hooks)) for hooks in lists]


def _person_of_session(_request: object) -> User | None:
    """`current_user`, for what Flask-Security will do later: the person of our session row."""
    from mooc.web.security import viewer

    known = viewer()
    return None if known is None else queries.user_by_id(known.id)


# ---------------------------------------------------------------------------------------- passwords


@contextmanager
def _gate() -> Iterator[None]:
    """A place at the hashing gate, or 503 at once: waiting would hold the threads that serve pages
    (16 sign-ins at once took a bare page from 3,995 to 7 requests a second).

    What was read so far is let go, since a hash takes long enough to make other writers wait.
    """
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("hash before writing: a write lock is not held while hashing")
    db.session.rollback()
    gate: BoundedSemaphore = current_app.extensions["mooc.hashing"]
    if not gate.acquire(blocking=False):
        raise ServiceUnavailable(retry_after=2)
    try:
        yield
    finally:
        gate.release()


def hash_password(password: str) -> str:
    """The argon2id hash of a password. Callers have checked its length."""
    if len(password) > LONGEST:
        raise ValueError("password too long to hash")
    with _gate():
        return str(fs_hash(password))


def password_matches(stored: str | None, password: str) -> bool:
    """Whether a password has this hash. With no hash (nobody by that address, or no password set)
    the answer is no, after the same time."""
    if len(password) > LONGEST:
        return False
    with _gate():
        if stored is None:
            fs_hash(password)
            return False
        return bool(fs_verify(password, stored))


def outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return bool(current_app.extensions["security"].pwd_context.needs_update(stored))


# -------------------------------------------------------------------------------------------- links


def make_link_token(purpose: str, payload: list[Any]) -> str:
    """A signed, dated token for a link in a letter. The payload can be read by its holder."""
    return str(_serializer(purpose).dumps(payload))


def read_link_token(purpose: str, token: str) -> list[Any]:
    """The payload of a token. Raises LinkExpired or LinkInvalid."""
    if len(token) > 4000:
        raise LinkInvalid
    within = int(WITHIN[purpose].total_seconds())
    try:
        payload = _serializer(purpose).loads(token, max_age=within)
    except SignatureExpired as error:
        raise LinkExpired(_serializer(purpose).load_payload(error.payload or b"[]")) from error
    except BadData as error:
        raise LinkInvalid from error
    if not isinstance(payload, list):
        raise LinkInvalid
    return payload


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    known = getattr(current_app.extensions["security"], f"{purpose}_serializer", None)
    if known is not None:
        return cast(URLSafeTimedSerializer, known)
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"mooc.{purpose}")
