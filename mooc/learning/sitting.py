"""When an attempt may start, when it ends, and what its learner may see: pure rules over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Literal

from mooc.content.model import Quiz

GRACE = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Rules:
    """A quiz's policy as it was when an attempt started. Times in seconds, marks in percent."""

    pass_mark: int | None
    attempts: int | None
    wait: int
    time_limit: int | None
    keep: Literal["best", "last", "first", "average"]
    feedback: Literal["immediate", "after attempt", "after pass", "never"]

    @classmethod
    def of(cls, quiz: Quiz) -> Rules:
        return cls(
            pass_mark=quiz.pass_mark,
            attempts=quiz.attempts,
            wait=quiz.wait,
            time_limit=quiz.time_limit,
            keep=quiz.keep,
            feedback=quiz.feedback,
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Closed:
    """A finished attempt, as the rules need it. `score` is None until it is marked."""

    number: int
    finished_at: datetime
    score: Fraction | None


@dataclass(frozen=True, slots=True)
class MayStart:
    """Whether a new attempt may start now; if not, why, and from when if waiting helps."""

    allowed: bool
    left: int | None  # attempts left, None for unlimited
    reason: Literal["", "limit", "wait"] = ""
    at: datetime | None = None


def may_start(rules: Rules, closed: Sequence[Closed], now: datetime) -> MayStart:
    """The limit and the wait between attempts. Passing never blocks a better try."""
    left = None if rules.attempts is None else max(0, rules.attempts - len(closed))
    if left == 0:
        return MayStart(False, 0, "limit")
    if closed and rules.wait:
        at = max(attempt.finished_at for attempt in closed) + timedelta(seconds=rules.wait)
        if now < at:
            return MayStart(False, left, "wait", at)
    return MayStart(True, left)


def deadline(rules: Rules, started_at: datetime) -> datetime | None:
    """When the clock closes an attempt; None when it has none."""
    if rules.time_limit is None:
        return None
    return started_at + timedelta(seconds=rules.time_limit)


def time_is_up(rules: Rules, started_at: datetime, now: datetime) -> bool:
    """Whether not even the grace for a slow line accepts an answer any more."""
    end = deadline(rules, started_at)
    return end is not None and now > end + GRACE


def counting_score(keep: str, closed: Sequence[Closed]) -> Fraction | None:
    """The score that counts among marked attempts, 0 to 1; None when there is none."""
    scores = [
        attempt.score
        for attempt in sorted(closed, key=lambda attempt: attempt.number)
        if attempt.score is not None
    ]
    if not scores:
        return None
    if keep == "average":
        return sum(scores, Fraction(0)) / len(scores)
    return {"best": max(scores), "last": scores[-1], "first": scores[0]}[keep]


def passed(rules: Rules, score: Fraction | None) -> bool:
    """Whether a score reaches the pass mark; without one, being marked is enough."""
    if score is None:
        return False
    return rules.pass_mark is None or score * 100 >= rules.pass_mark


def answers_shown(rules: Rules, closed: Sequence[Closed]) -> bool:
    """Whether keys, feedback and explanations of closed attempts may be sent to the learner."""
    if rules.feedback == "never":
        return False
    if rules.feedback == "after pass":
        return any(passed(rules, attempt.score) for attempt in closed)
    return bool(closed)


def percent_shown(score: Fraction) -> int:
    """A score as a whole percentage, rounded down: 69.96 never shows as 70."""
    return int(score * 100)
