"""What happens to accounts: sign-up, confirmation, changes, roles, sessions, deletion."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime
from typing import Literal

from email_validator import EmailNotValidError, validate_email
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import delete, update

from mooc.accounts import queries
from mooc.accounts.models import ROLES, RoleGrant, User, UserSession
from mooc.db import db
from mooc.errors import Conflict, Invalid, NotFound
from mooc.operations.actions import insert_once, record
from mooc.operations.models import Mail

NAME_LENGTH = 120
NO_TIME_ZONE = "UTC"
FIRST_ADMIN = "mooc.first_admin"  # salt of the link that makes the first admin

# ----------------------------------------------------------------------------------- what was typed


def clean_name(text: str) -> str:
    """A name as it may be shown and printed: NFC, single spaces, no control or direction marks."""
    visible = "".join(
        " " if unicodedata.category(c) in ("Zs", "Zl", "Zp", "Cc") else c
        for c in unicodedata.normalize("NFC", text)
        if unicodedata.category(c) not in ("Cf", "Co", "Cn", "Cs") or c in "\u200c\u200d"
    )
    name = " ".join(visible.split())
    if not any(unicodedata.category(c)[0] in "LN" for c in name):
        raise Invalid("accounts.name_missing", field="name")
    if len(name) > NAME_LENGTH:
        raise Invalid("accounts.name_long", field="name", limit=NAME_LENGTH)
    return name


def normalized_email(text: str) -> str:
    """An address in the one spelling we store. No network is asked whether it exists."""
    try:
        checked = validate_email(
            text.strip(),
            check_deliverability=False,
            globally_deliverable=False,
            allow_smtputf8=False,
            strict=True,
        )
    except EmailNotValidError as error:
        raise Invalid("accounts.email_invalid", field="email") from error
    if "." not in checked.domain and checked.domain != "localhost":
        raise Invalid("accounts.email_invalid", field="email")
    return checked.normalized.lower()


# ----------------------------------------------------------------------------------------- accounts


def create_user(
    *,
    name: str,
    email: str,
    password_hash: str | None,
    now: datetime,
    confirmed: bool = False,
    locale: str = "",
) -> User:
    """A new person. Raises Conflict when the address has an account, Invalid for a bad one."""
    values = {
        "name": clean_name(name),
        "email": normalized_email(email),
        "password": password_hash,
        "active": True,
        "fs_uniquifier": _uniquifier(),
        "confirmed_at": now if confirmed else None,
        "created_at": now,
        "locale": locale,
        "time_zone": NO_TIME_ZONE,
        "theme": "",
    }
    user_id = insert_once(User, values, ["email"])
    if user_id is None:
        raise Conflict("accounts.email_taken")
    record("account.created", actor_id=user_id, subject=("user", user_id), now=now)
    return db.session.get_one(User, user_id)


def sign_up(
    *, name: str, email: str, password_hash: str, locale: str, now: datetime
) -> tuple[User, Literal["new", "again", "taken"]]:
    """Sign somebody up, whoever has the address already.

    An account that was never confirmed is taken over by the newest sign-up, whose links alone
    work. A confirmed one is left as it is; its owner is told by mail.
    """
    try:
        user = create_user(
            name=name, email=email, password_hash=password_hash, now=now, locale=locale
        )
    except Conflict:
        user = _existing(email)
        if user.confirmed_at is not None or not user.active:
            return user, "taken"
        user.name, user.password = clean_name(name), password_hash
        user.fs_uniquifier = _uniquifier()
        return user, "again"
    return user, "new"


def confirm(user: User, now: datetime) -> None:
    """The person has shown that the address is theirs. A second time changes nothing."""
    if user.confirmed_at is None:
        user.confirmed_at = now
        record("account.confirmed", actor_id=user.id, subject=("user", user.id), now=now)


def first_admin_token(secret: str) -> str:
    """The one-time token that makes the first admin; dead in a day, or once there is an admin."""
    return str(URLSafeTimedSerializer(secret, salt=FIRST_ADMIN).dumps(["first admin"]))


def make_first_admin(
    *, name: str, email: str, password_hash: str, locale: str, now: datetime
) -> User:
    """The first admin, confirmed. Raises Conflict once there is one."""
    if queries.admin_exists():
        raise Conflict("accounts.has_admin")
    try:
        user = create_user(
            name=name, email=email, password_hash=password_hash, now=now, locale=locale
        )
    except Conflict:
        user = _existing(email)
        user.name, user.password, user.active = clean_name(name), password_hash, True
        user.fs_uniquifier = _uniquifier()
    confirm(user, now)
    grant(user, "admin", by=user.id, now=now)
    return user


def set_password(user: User, password_hash: str, *, now: datetime, keep: str = "") -> None:
    """A new password: all sessions but `keep` end, and every link sent before is dead."""
    user.password = password_hash
    user.fs_uniquifier = _uniquifier()
    end_sessions(user, now=now, keep=keep)
    record("account.password_changed", actor_id=user.id, subject=("user", user.id), now=now)


def set_email(user: User, email: str, *, now: datetime, keep: str = "") -> str:
    """Move the account to an address that was shown to be theirs; returns the address before."""
    before, wanted = user.email, normalized_email(email)
    other = queries.user_by_email(wanted)
    if other is not None and other.id != user.id:
        raise Conflict("accounts.email_taken")
    user.email, user.confirmed_at = wanted, now
    user.fs_uniquifier = _uniquifier()
    end_sessions(user, now=now, keep=keep)
    record("account.email_changed", actor_id=user.id, subject=("user", user.id), now=now)
    return before


def set_active(user: User, active: bool, *, by: int | None, now: datetime) -> None:
    """Disable or enable an account. A disabled one is signed out everywhere."""
    if not active:
        _not_the_last_admin(user)
        end_sessions(user, now=now)
        user.fs_uniquifier = _uniquifier()
    user.active = active
    action = "account.enabled" if active else "account.disabled"
    record(action, actor_id=by, subject=("user", user.id), now=now)


def delete_account(user: User, *, now: datetime) -> None:
    """Forget a person. Enrollments, answers and sessions go with the row; what must stay by law
    (issued certificates) stands on its own facts and keeps no link to the account."""
    _not_the_last_admin(user)
    record("account.deleted", actor_id=user.id, subject=("user", user.id), now=now)
    sent = Mail.recipient == user.email, Mail.sent_at.is_not(None)
    db.session.execute(delete(Mail).where(*sent))
    db.session.flush()
    db.session.execute(delete(User).where(User.id == user.id))
    db.session.expunge(user)


def _existing(email: str) -> User:
    user = queries.user_by_email(normalized_email(email))
    if user is None:
        raise NotFound("accounts.user")
    return user


def _uniquifier() -> str:
    return secrets.token_hex(32)


# -------------------------------------------------------------------------------------------- roles


def grant(
    user: User,
    role: str,
    *,
    by: int | None,
    now: datetime,
    scope_kind: str = "site",
    scope_id: str = "",
) -> None:
    """Give a role, for the site or for one course. Sessions end, since rights changed."""
    if role not in ROLES:
        raise Invalid("accounts.role", role=role)
    if (scope_kind == "course") != bool(scope_id) or {" ", ":"} & set(scope_id):
        raise Invalid("accounts.scope", scope=scope_id)
    values = {
        "user_id": user.id,
        "role": role,
        "scope_kind": scope_kind,
        "scope_id": scope_id,
        "granted_at": now,
        "granted_by": by,
    }
    if insert_once(RoleGrant, values, ["user_id", "role", "scope_kind", "scope_id"]) is not None:
        end_sessions(user, now=now)
        details = {"role": role, "scope": scope_id}
        record("role.granted", actor_id=by, subject=("user", user.id), now=now, **details)


def revoke(
    user: User,
    role: str,
    *,
    by: int | None,
    now: datetime,
    scope_kind: str = "site",
    scope_id: str = "",
) -> None:
    """Take a role back. The site keeps at least one admin."""
    if (role, scope_kind) == ("admin", "site"):
        _not_the_last_admin(user)
    held = delete(RoleGrant).where(
        RoleGrant.user_id == user.id,
        RoleGrant.role == role,
        RoleGrant.scope_kind == scope_kind,
        RoleGrant.scope_id == scope_id,
    )
    if db.session.execute(held.returning(RoleGrant.id)).all():
        end_sessions(user, now=now)
        details = {"role": role, "scope": scope_id}
        record("role.revoked", actor_id=by, subject=("user", user.id), now=now, **details)


def _not_the_last_admin(user: User) -> None:
    if queries.is_last_admin(user.id):
        raise Conflict("accounts.last_admin")


# ----------------------------------------------------------------------------------------- sessions


def start_session(user: User, *, browser: str, now: datetime) -> str:
    """A browser signs in; the code goes into its cookie."""
    code = secrets.token_urlsafe(32)
    db.session.add(UserSession(code=code, user_id=user.id, started_at=now, browser=browser[:200]))
    record("session.started", actor_id=user.id, subject=("user", user.id), now=now)
    return code


def end_session(code: str, *, now: datetime) -> None:
    """A browser signs out."""
    _end(now, UserSession.code == code)


def end_own_session(user_id: int, session_id: int, *, now: datetime) -> None:
    """Sign out another browser of one's own."""
    _end(now, UserSession.id == session_id, UserSession.user_id == user_id)


def end_sessions(user: User, *, now: datetime, keep: str = "") -> None:
    """Sign a person out everywhere, save in the browser whose code is `keep`."""
    _end(now, UserSession.user_id == user.id, UserSession.code != keep)


def _end(now: datetime, *which: object) -> None:
    statement = (
        update(UserSession)
        .where(UserSession.ended_at.is_(None), *which)  # type: ignore[arg-type]
        .values(ended_at=now)
        .returning(UserSession.user_id)
    )
    for user_id in set(db.session.execute(statement).scalars()):
        record("session.ended", actor_id=user_id, subject=("user", user_id), now=now)
