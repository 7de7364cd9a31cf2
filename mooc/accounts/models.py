"""Who people are, what they may do, and where they are signed in."""

from __future__ import annotations

from datetime import datetime

from flask_security.core import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mooc.db import Base, UTCDateTime

ROLES = ("admin", "issuer", "instructor", "tutor")


class User(Base, UserMixin):
    """A person. Signed links are tied to `fs_uniquifier`: a new one makes all of them void."""

    __tablename__ = "user"
    # Certificates and audit events outlive the account they name: an id is never given again.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    locale: Mapped[str] = mapped_column(String(20), default="")  # empty: follow the browser
    time_zone: Mapped[str] = mapped_column(String(60), default="UTC")
    theme: Mapped[str] = mapped_column(String(10), default="")
    # Whose law this person wants to read, as in EU.US; empty: everybody's.
    jurisdictions: Mapped[str] = mapped_column(String(200), default="", server_default="")


class RoleGrant(Base):
    """A role given to a person. Scope `site` with an empty id, or `course` with the course's id."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("role in ('admin', 'issuer', 'instructor', 'tutor')", name="role"),
        Index(None, "user_id", "role", "scope_kind", "scope_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20))
    scope_kind: Mapped[str] = mapped_column(String(20), default="site")
    scope_id: Mapped[str] = mapped_column(String(80), default="")
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    granted_by: Mapped[int | None]


class UserSession(Base):
    """One browser that is signed in: its cookie holds `code`, and an ended row signs it out."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(43), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    browser: Mapped[str] = mapped_column(String(200), default="")
