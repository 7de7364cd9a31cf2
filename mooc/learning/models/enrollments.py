"""Who takes a course, what they read and practised there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mooc.db import Base, UTCDateTime


class Run(Base):
    """One offering of a course. A self-paced course has one, `open`, made at first enrollment."""

    __tablename__ = "run"
    __table_args__ = (Index(None, "course_id", "name", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(60), default="open")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Enrollment(Base):
    """A learner in a run. Leaving clears `active`; coming back restores everything.

    `packed` is a projection of the facts (item id → state, see `learning.packing`), written only by
    the functions that write those facts, in the same transaction; `mooc doctor` rebuilds and
    compares it. `rev` counts the writes. `purpose` keeps staff and tests out of statistics and
    certificates.
    """

    __tablename__ = "enrollment"
    __table_args__ = (
        Index(None, "run_id", "user_id", unique=True),
        Index(None, "user_id", "course_id"),
        CheckConstraint("purpose in ('learn', 'staff', 'test')", name="purpose"),
        # Certificates outlive the enrollment they name: an id is never given again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    course_id: Mapped[str] = mapped_column(String(60))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(10), default="learn")
    active: Mapped[bool] = mapped_column(default=True)
    enrolled_at: Mapped[datetime] = mapped_column(UTCDateTime)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    requirements: Mapped[dict[str, Any]] = mapped_column(JSON)
    packed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    rev: Mapped[int] = mapped_column(default=0)
    latest_item: Mapped[str] = mapped_column(String(60), default="")
    latest_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    passed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Completion(Base):
    """A lesson ticked, or unticked (`done` False): the newest row of a lesson holds."""

    __tablename__ = "completion"
    __table_args__ = (Index(None, "enrollment_id", "item_id", "rev", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id", ondelete="CASCADE"))
    item_id: Mapped[str] = mapped_column(String(60))
    rev: Mapped[int]
    done: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_id: Mapped[int | None]
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))


class PracticeAnswer(Base):
    """An answer to a practice question in a lesson. Credit is the fraction earned / possible.

    It is NULL where nothing is marked: an open question, a survey.
    """

    __tablename__ = "practice_answer"
    __table_args__ = (Index(None, "enrollment_id", "item_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id", ondelete="CASCADE"))
    item_id: Mapped[str] = mapped_column(String(60))
    question_id: Mapped[str] = mapped_column(String(60))
    scoring_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[Any] = mapped_column(JSON)
    credit_num: Mapped[int | None]
    credit_den: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
