"""The facts of learning. Rows are written once; what follows is computed by pure rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
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


class Attempt(Base):
    """One sitting of a quiz or exam: its questions, their order and options are fixed at the start.

    `paper` lists what was drawn: question version, points, option keys in the order shown. States:
    `open` → `submitted` (by the learner) or `expired` (by the clock) → marked when `score_num` is
    set. While answers wait for a person (`waiting` counts them) there is no score, and nothing more
    for the sweeper to do. `rules` is the quiz's policy as it was at the start (time limit in
    seconds, feedback, …).
    """

    __tablename__ = "attempt"
    __table_args__ = (
        Index(None, "enrollment_id", "item_id", "number", unique=True),
        Index(
            "uq_attempt_one_open",
            "enrollment_id",
            "item_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(None, "state", "started_at"),
        CheckConstraint("state in ('open', 'submitted', 'expired')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    course_id: Mapped[str] = mapped_column(String(60))
    item_id: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    paper: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="open")
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    points: Mapped[int]  # possible, in hundredths of a mark
    score_num: Mapped[int | None]  # share of the points earned, from 0 to 1
    score_den: Mapped[int | None]
    waiting: Mapped[int] = mapped_column(default=0, server_default="0")


class Response(Base):
    """The answer that stands for one question of an attempt. `sequence` only ever grows."""

    __tablename__ = "response"
    __table_args__ = (Index(None, "attempt_id", "position", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    position: Mapped[int]
    answer: Mapped[Any] = mapped_column(JSON)
    flagged: Mapped[bool] = mapped_column(default=False)
    sequence: Mapped[int]
    tab: Mapped[str] = mapped_column(String(32), default="")
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Mark(Base):
    """What one answer earned, as judged at one time. A regrade adds rows; the newest holds.

    The credit is NULL while a person must read the answer: not marked is not 0.
    """

    __tablename__ = "mark"
    __table_args__ = (Index(None, "attempt_id", "position", "round", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    position: Mapped[int]
    round: Mapped[int] = mapped_column(default=0)
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"))
    credit_num: Mapped[int | None]
    credit_den: Mapped[int | None]
    points: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
