"""Bring scores up to what the marks say: after marking, a regrade, or an override."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mooc.catalog.queries import LiveCourse
from mooc.db import db
from mooc.learning import packing
from mooc.learning.actions.enrollments import carry, up_to_date
from mooc.learning.grading import Credit, total, waiting
from mooc.learning.models import Attempt, Enrollment
from mooc.learning.queries import attempts_of, closed, newest_marks
from mooc.learning.sitting import counting_score


def recount(enrollment: Enrollment, live: LiveCourse, item_id: str, now: datetime) -> None:
    """What one item comes to for a learner, anew from the newest marks. Idempotent.

    Marks → score of each attempt → the score that counts → the projection → passed, once. The
    caller holds the enrollment locked; closed attempts without marks are left to `mark`.
    """
    up_to_date(enrollment, live)
    item_id = live.course.renamed.get(item_id, item_id)
    item = live.course.by_id.get(item_id)
    attempts = attempts_of(enrollment.id, item.names if item else (item_id,))
    marks = newest_marks([attempt.id for attempt in attempts])
    for attempt in attempts:
        if attempt.state != "open" and (attempt.id in marks or not attempt.paper):
            _settle(attempt, marks.get(attempt.id, ()))
    db.session.flush()
    done = [sitting for sitting in closed(attempts) if sitting.score is not None]
    if not done:
        return
    counting = counting_score(attempts[-1].rules["keep"], done)
    packed = packing.with_score(enrollment.packed, item_id, len(done), counting)
    carry(enrollment, live, packed, now)


def _settle(attempt: Attempt, marks: Sequence[Credit]) -> None:
    """The score of one attempt; none while a person must read an answer."""
    attempt.points = sum(mark.points for mark in marks)
    attempt.waiting = waiting(marks)
    score = None if attempt.waiting else total(marks)
    attempt.score_num = None if score is None else score.numerator
    attempt.score_den = None if score is None else score.denominator
