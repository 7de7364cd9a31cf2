"""Counting again: scores follow the newest marks, and nothing that was reached is lost."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import pytest
from flask import Flask

from mooc.db import db
from mooc.learning import actions, queries
from mooc.learning.actions.scores import recount
from mooc.learning.models import Attempt, Enrollment, Mark
from tests.learning.test_attempts import Learner, finish

pytestmark = pytest.mark.both_databases


@pytest.fixture
def lena(tiny: str, app_context: Flask, now: datetime) -> Learner:
    return Learner(now)


def judge_again(attempt: Attempt, position: int, credit: Fraction, points: int = 100) -> None:
    db.session.add(
        Mark(
            attempt_id=attempt.id,
            position=position,
            round=1,
            question_version_id=attempt.paper[position]["version"],
            credit_num=credit.numerator,
            credit_den=credit.denominator,
            points=points,
            at=attempt.started_at,
        )
    )
    db.session.flush()


def count_again(lena: Learner, attempt: Attempt) -> Enrollment:
    enrollment = db.session.get_one(Enrollment, lena.enrollment.id)
    recount(enrollment, lena.live, attempt.item_id, lena.now)
    db.session.commit()
    return enrollment


def test_the_newest_mark_of_a_question_holds(lena: Learner) -> None:
    attempt = lena.start()
    lena.answer_all(attempt, right=2)
    lena.submit(attempt)
    judge_again(attempt, 0, Fraction(1, 3))
    for _twice in range(2):
        enrollment = count_again(lena, attempt)
        assert queries.attempt_score(attempt) == Fraction(7, 18)
        assert enrollment.packed["rights-quiz"] == {"n": 1, "s": [7, 18]}
    assert queries.check_packed() == []


def test_a_question_worth_nothing_any_more_leaves_the_points_possible(lena: Learner) -> None:
    attempt = lena.start()
    lena.answer_all(attempt, right=2)
    lena.submit(attempt)
    judge_again(attempt, 4, Fraction(0), points=0)
    count_again(lena, attempt)
    assert (attempt.points, queries.attempt_score(attempt)) == (500, Fraction(3, 5))


def test_who_has_passed_stays_so_when_a_score_sinks(lena: Learner) -> None:
    finish(lena)
    passed_at = db.session.get_one(Enrollment, lena.enrollment.id).passed_at
    attempt = queries.attempts_of(lena.enrollment.id, ("exam",))[0]
    for position in range(len(attempt.paper)):
        judge_again(attempt, position, Fraction(0))
    enrollment = count_again(lena, attempt)
    assert enrollment.packed["exam"]["s"] == [0, 1]
    assert enrollment.passed_at == passed_at is not None


def test_counting_again_does_not_move_where_the_learner_goes_on(lena: Learner) -> None:
    attempt = lena.start()
    lena.submit(attempt)
    lesson = lena.live.course.by_id["work"]
    actions.complete(lena.user.id, lena.live, lesson, now=lena.now)  # type: ignore[arg-type]
    assert count_again(lena, attempt).latest_item == "work"
