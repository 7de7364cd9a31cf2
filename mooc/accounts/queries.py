"""Who is signed in, what they may do, and who may be found by what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select

from mooc.accounts.models import RoleGrant, User, UserSession
from mooc.db import db
from mooc.operations.models import AuditEvent, Mail

Grant = tuple[str, str, str]  # role, scope kind, scope id

# A session ends at this age, used or not. Whoever acts on other people signs in more often.
LONGEST = timedelta(days=14)
LONGEST_PRIVILEGED = timedelta(hours=12)
PRIVILEGED = frozenset({"admin", "issuer", "instructor"})


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person looking at a page: what every page may want to know, from one row."""

    id: int
    name: str
    email: str
    locale: str
    theme: str
    time_zone: str
    grants: frozenset[Grant]
    started_at: datetime  # of this session
    jurisdictions: str = ""  # wanted in lessons, as in EU.US; empty: all

    @property
    def is_admin(self) -> bool:
        """Whether this person runs the site."""
        return ("admin", "site", "") in self.grants

    @property
    def is_privileged(self) -> bool:
        """Whether this person acts on others, so that the session is kept short."""
        return any(role in PRIVILEGED for role, _kind, _id in self.grants)

    def may(self, role: str, course_id: str = "") -> bool:
        """Whether a role is held for the course, or for the whole site when no course is named.

        Admins may everything. A role for the site covers every course, never the other way round.
        """
        if self.is_admin or (role, "site", "") in self.grants:
            return True
        return bool(course_id) and (role, "course", course_id) in self.grants


_SEPARATOR = " "
# Tables, not entities: what is selected from them skips the ORM, which is the cost of a hot page.
_user, _session, _grant = (model.__table__.c for model in (User, UserSession, RoleGrant))
_grants = (
    select(
        func.aggregate_strings(
            _grant.role + ":" + _grant.scope_kind + ":" + _grant.scope_id, _SEPARATOR
        )
    )
    .where(_grant.user_id == _user.id)
    .correlate(User.__table__)
    .scalar_subquery()
)

# For a hot route's own joined query: select these from `VIEWER_TABLES` joined to whatever it needs,
# where `SIGNED_IN`, with the parameter `session_code`; then `viewer_of(row, now)`.
VIEWER_COLUMNS = (
    _user.id.label("viewer_id"),
    _user.name.label("viewer_name"),
    _user.email.label("viewer_email"),
    _user.locale.label("viewer_locale"),
    _user.theme.label("viewer_theme"),
    _user.time_zone.label("viewer_time_zone"),
    _grants.label("viewer_grants"),
    _session.started_at.label("viewer_started_at"),
    _user.jurisdictions.label("viewer_jurisdictions"),
)
VIEWER_TABLES = UserSession.__table__.join(User.__table__, _user.id == _session.user_id)
SIGNED_IN = and_(
    _session.code == bindparam("session_code"), _session.ended_at.is_(None), _user.active
)
_VIEWER = select(*VIEWER_COLUMNS).select_from(VIEWER_TABLES).where(SIGNED_IN)


def viewer_by_session(code: str, now: datetime) -> Viewer | None:
    """The person whose browser holds this session code, unless the session is over."""
    row = db.session.execute(_VIEWER, {"session_code": code}).one_or_none()
    return None if row is None else viewer_of(row, now)


def viewer_of(row: Any, now: datetime) -> Viewer | None:
    """The viewer in a row that selected `VIEWER_COLUMNS`; None when the session is too old."""
    viewer = Viewer(
        id=row.viewer_id,
        name=row.viewer_name,
        email=row.viewer_email,
        locale=row.viewer_locale,
        theme=row.viewer_theme,
        time_zone=row.viewer_time_zone,
        grants=_parsed(row.viewer_grants) if row.viewer_grants else frozenset(),
        started_at=row.viewer_started_at,
        jurisdictions=row.viewer_jurisdictions,
    )
    longest = LONGEST_PRIVILEGED if viewer.is_privileged else LONGEST
    return viewer if now - viewer.started_at < longest else None


def _parsed(text: str) -> frozenset[Grant]:
    grants = (grant.split(":", 2) for grant in text.split(_SEPARATOR))
    return frozenset((role, kind, scope) for role, kind, scope in grants)


def user_by_id(user_id: int) -> User | None:
    """A person by row id."""
    return db.session.get(User, user_id)


def user_by_email(email: str) -> User | None:
    """A person by address, in the spelling that `normalized_email` gives."""
    return db.session.execute(select(User).where(User.email == email)).scalar_one_or_none()


def user_by_uniquifier(uniquifier: str, *, lock: bool = False) -> User | None:
    """The person whom a signed link means, unless the link was made void since.

    With `lock` a second use of the link waits for the first, and then finds it void.
    """
    statement = select(User).where(User.fs_uniquifier == uniquifier, User.active)
    if lock:
        statement = statement.with_for_update()
    return db.session.execute(statement).scalar_one_or_none()


def admin_exists() -> bool:
    """Whether somebody runs the site already."""
    admins = exists().where(RoleGrant.role == "admin", RoleGrant.scope_kind == "site")
    return bool(db.session.scalar(select(admins)))


def is_last_admin(user_id: int) -> bool:
    """Whether the site would have no admin without this person."""
    statement = select(RoleGrant.user_id).where(
        RoleGrant.role == "admin", RoleGrant.scope_kind == "site"
    )
    return set(db.session.scalars(statement)) == {user_id}


def open_sessions(user_id: int, now: datetime) -> list[UserSession]:
    """Where a person is signed in, newest first."""
    statement = (
        select(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.ended_at.is_(None),
            UserSession.started_at > now - LONGEST,
        )
        .order_by(UserSession.started_at.desc(), UserSession.id.desc())
    )
    return list(db.session.execute(statement).scalars())


def latest_session_id(user_id: int) -> int:
    """Grows with every sign-in, so that a link tied to it dies at the next one."""
    statement = select(func.max(UserSession.id)).where(UserSession.user_id == user_id)
    return db.session.scalar(statement) or 0


def letter_written(key: str) -> bool:
    """Whether a letter with this key was promised already: how a double click is known."""
    return db.session.scalar(select(Mail.id).where(Mail.key == key)) is not None


def users(search: str = "", limit: int = 100) -> list[User]:
    """People by a part of their name or address, newest first."""
    statement = select(User).order_by(User.id.desc()).limit(limit)
    if search:
        statement = statement.where(
            User.name.icontains(search, autoescape=True)
            | User.email.icontains(search, autoescape=True)
        )
    return list(db.session.execute(statement).scalars())


def teachers_of(courses: Iterable[str]) -> list[User]:
    """The instructors of any of these courses or of the site; the admins, when none are named."""
    ids = list(courses)
    teaches = and_(
        RoleGrant.role == "instructor",
        or_(
            RoleGrant.scope_kind == "site",
            and_(RoleGrant.scope_kind == "course", RoleGrant.scope_id.in_(ids)),
        ),
    )
    runs = and_(RoleGrant.role == "admin", RoleGrant.scope_kind == "site")
    statement = (
        select(User)
        .where(User.active, User.id.in_(select(RoleGrant.user_id).where(teaches if ids else runs)))
        .order_by(User.id)
    )
    return list(db.session.scalars(statement))


def grants_of(user_id: int) -> list[RoleGrant]:
    """The roles a person holds."""
    statement = select(RoleGrant).where(RoleGrant.user_id == user_id).order_by(RoleGrant.id)
    return list(db.session.execute(statement).scalars())


def account_data(user_id: int) -> Mapping[str, Any]:
    """What accounts and operations hold about a person, as JSON values."""
    user = db.session.get_one(User, user_id)
    return {
        "account": {
            "name": user.name,
            "email": user.email,
            "created_at": user.created_at.isoformat(),
            "confirmed_at": user.confirmed_at.isoformat() if user.confirmed_at else None,
            "language": user.locale,
            "time_zone": user.time_zone,
            "theme": user.theme,
            "jurisdictions": user.jurisdictions,
        },
        "roles": [
            {
                "role": grant.role,
                "scope": grant.scope_kind,
                "of": grant.scope_id,
                "granted_at": grant.granted_at.isoformat(),
            }
            for grant in grants_of(user_id)
        ],
        "sessions": [
            {
                "browser": session.browser,
                "started_at": session.started_at.isoformat(),
                "ended_at": session.ended_at.isoformat() if session.ended_at else None,
            }
            for session in db.session.scalars(
                select(UserSession).where(UserSession.user_id == user_id).order_by(UserSession.id)
            )
        ],
        "letters": [
            {"kind": mail.template, "to": mail.recipient, "at": mail.created_at.isoformat()}
            for mail in db.session.scalars(
                select(Mail).where(Mail.recipient == user.email).order_by(Mail.id)
            )
        ],
        "events": [
            {"action": event.action, "at": event.at.isoformat(), "details": event.details}
            for event in db.session.scalars(
                select(AuditEvent).where(AuditEvent.actor_id == user_id).order_by(AuditEvent.id)
            )
        ],
    }
