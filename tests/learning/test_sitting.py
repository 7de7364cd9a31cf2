"""When an attempt may start, when it ends, and what may be seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from mooc.learning.sitting import (
    GRACE,
    Closed,
    Rules,
    answers_shown,
    counting_score,
    deadline,
    may_start,
    passed,
    percent_shown,
    time_is_up,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def rules(**changes: object) -> Rules:
    plain = {
        "pass_mark": 60,
        "attempts": None,
        "wait": 0,
        "time_limit": None,
        "keep": "best",
        "feedback": "after attempt",
    }
    return Rules(**{**plain, **changes})  # type: ignore[arg-type]


def closed(number: int, score: Fraction | None, at: datetime = NOON) -> Closed:
    return Closed(number, at, score)


def test_unlimited_attempts_have_no_number_left() -> None:
    verdict = may_start(rules(), [closed(n, Fraction(1)) for n in range(9)], NOON)
    assert (verdict.allowed, verdict.left) == (True, None)


def test_the_last_attempt_used_up_closes_the_quiz() -> None:
    verdict = may_start(rules(attempts=2), [closed(1, None), closed(2, None)], NOON)
    assert (verdict.allowed, verdict.left, verdict.reason) == (False, 0, "limit")


def test_passing_does_not_block_a_better_try() -> None:
    assert may_start(rules(attempts=2), [closed(1, Fraction(1))], NOON).allowed


@pytest.mark.parametrize(("after", "allowed"), [(0, False), (7.99, False), (8, True), (9, True)])
def test_a_wait_counts_from_the_end_of_the_latest_attempt(after: float, allowed: bool) -> None:
    verdict = may_start(rules(wait=8 * 3600), [closed(1, None)], NOON + timedelta(hours=after))
    assert verdict.allowed is allowed
    assert verdict.at == (None if allowed else NOON + timedelta(hours=8))


def test_a_quiz_without_time_limit_never_ends() -> None:
    assert deadline(rules(), NOON) is None
    assert not time_is_up(rules(), NOON, NOON + timedelta(days=999))


def test_an_answer_on_a_slow_line_is_taken_within_the_grace_and_not_later() -> None:
    limited = rules(time_limit=60)
    end = NOON + timedelta(seconds=60)
    assert deadline(limited, NOON) == end
    assert not time_is_up(limited, NOON, end + GRACE)
    assert time_is_up(limited, NOON, end + GRACE + timedelta(milliseconds=1))


@pytest.mark.parametrize(
    ("keep", "expected"),
    [
        ("best", Fraction(9, 10)),
        ("last", Fraction(1, 10)),
        ("first", Fraction(1, 2)),
        ("average", Fraction(1, 2)),
    ],
)
def test_which_score_counts(keep: str, expected: Fraction) -> None:
    sittings = [
        closed(2, Fraction(9, 10)),
        closed(1, Fraction(1, 2)),
        closed(3, Fraction(1, 10)),
        closed(4, None),
    ]
    assert counting_score(keep, sittings) == expected
    assert counting_score(keep, [closed(1, None)]) is None


def test_passing_compares_exact_fractions() -> None:
    assert passed(rules(pass_mark=60), Fraction(3, 5))
    assert not passed(rules(pass_mark=60), Fraction(3, 5) - Fraction(1, 10**9))
    assert passed(rules(pass_mark=None), Fraction(0))
    assert not passed(rules(pass_mark=None), None)


def test_a_score_is_shown_rounded_down() -> None:
    assert percent_shown(Fraction(6996, 10000)) == 69


@pytest.mark.parametrize(
    ("feedback", "scores", "shown"),
    [
        ("after attempt", [], False),
        ("after attempt", [Fraction(0)], True),
        ("after pass", [Fraction(1, 2)], False),
        ("after pass", [Fraction(1, 2), Fraction(3, 5)], True),
        ("never", [Fraction(1)], False),
    ],
)
def test_when_answers_are_shown(feedback: str, scores: list[Fraction], shown: bool) -> None:
    sittings = [closed(n, score) for n, score in enumerate(scores, 1)]
    assert answers_shown(rules(feedback=feedback), sittings) is shown
