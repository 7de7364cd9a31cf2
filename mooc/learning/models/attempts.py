"""Sittings of quizzes and exams: the paper, the answers, the marks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from mooc.db import Base, UTCDateTime


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
