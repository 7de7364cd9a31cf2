"""What was published, and which of it is live."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from mooc.db import Base, UTCDateTime


class SourceBlob(Base):
    """A text file of some release, by the SHA-256 of its bytes."""

    __tablename__ = "source_blob"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class Release(Base):
    """One published state of one course. What it says never changes once written.

    `hash` is the compiled course's own; `tree_hash` tells an unchanged source without compiling.
    `sources` lists where the course and its overlays are from (root, folder, commit, path in the
    repository), brought up to date when the same course is found elsewhere. `files` maps each path
    to its blob or media hash, `compiled` is the course as JSON.
    """

    __tablename__ = "release"
    __table_args__ = (Index(None, "course_id", "hash", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(String(60))
    hash: Mapped[str] = mapped_column(String(64))
    tree_hash: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(300))
    sources: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    files: Mapped[dict[str, str]] = deferred(mapped_column(JSON))
    compiled: Mapped[str] = deferred(mapped_column(Text))
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_by: Mapped[int | None]


class LiveRelease(Base):
    """The pointer: which release of a course learners see, until the course is closed."""

    __tablename__ = "live_release"

    course_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    moved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PublishedItem(Base):
    """Which release of a course was the last to hold a lesson or quiz: there it is kept."""

    __tablename__ = "published_item"
    __table_args__ = (Index(None, "course_id", "item_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(String(60))
    item_id: Mapped[str] = mapped_column(String(60))
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))


class QuestionVersion(Base):
    """A question as it once was. Attempts point here, so an edit never changes what was asked."""

    __tablename__ = "question_version"
    __table_args__ = (
        Index(None, "course_id", "question_id", "scoring_hash", "text_hash", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(String(60))
    question_id: Mapped[str] = mapped_column(String(60))
    type: Mapped[str] = mapped_column(String(20))
    scoring_hash: Mapped[str] = mapped_column(String(64))
    text_hash: Mapped[str] = mapped_column(String(64))
    compiled: Mapped[dict[str, Any]] = mapped_column(JSON)


class PublishLock(Base):
    """Who publishes now: at most one row. Outdated once `lease_until` is over, by the database."""

    __tablename__ = "publish_lock"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    token: Mapped[str] = mapped_column(String(32))
    holder: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200))
    pid: Mapped[int]
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    lease_until: Mapped[datetime] = mapped_column(UTCDateTime)


class Push(Base):
    """A push that a git host told of, once, and what came of it.

    `report` holds for each course its id, folder, outcome, what changed, and its problems.
    """

    __tablename__ = "push"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery: Mapped[str] = mapped_column(String(120), unique=True)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revision: Mapped[str] = mapped_column(String(64), default="")
    author: Mapped[str] = mapped_column(String(200), default="")
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(String(400), default="")
    report: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
