"""The projection on the enrollment row, rebuilt from the facts and compared."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from mooc.catalog.queries import live
from mooc.db import db
from mooc.learning import packing
from mooc.learning.models import Attempt, Completion, Enrollment, PracticeAnswer
from mooc.learning.queries.attempts import closed
from mooc.learning.queries.standings import packed
from mooc.learning.sitting import counting_score


def rebuilt(enrollment: Enrollment) -> dict[str, Any]:
    """The projection of an enrollment, computed anew from the facts."""
    published = live().get(enrollment.course_id)
    present = published.course.renamed if published else {}
    packed: dict[str, Any] = {}
    ticks = select(Completion.item_id, Completion.done).where(
        Completion.enrollment_id == enrollment.id
    )
    for item_id, done in db.session.execute(ticks.order_by(Completion.rev)):
        packed = packing.with_completion(packed, present.get(item_id, item_id), done=done)
    practised = select(PracticeAnswer.item_id, PracticeAnswer.question_id).where(
        PracticeAnswer.enrollment_id == enrollment.id
    )
    for item_id, question_id in db.session.execute(practised.distinct()):
        packed = packing.with_practice(packed, present.get(item_id, item_id), question_id)
    attempts = select(Attempt).where(Attempt.enrollment_id == enrollment.id)
    by_item: dict[str, list[Attempt]] = {}
    for attempt in db.session.execute(attempts.order_by(Attempt.number)).scalars():
        by_item.setdefault(present.get(attempt.item_id, attempt.item_id), []).append(attempt)
    for item_id, sittings in by_item.items():
        done_ones = [one for one in closed(sittings) if one.score is not None]
        score = counting_score(sittings[-1].rules["keep"], done_ones)
        packed = packing.with_score(packed, item_id, len(done_ones), score)
    return packed


def check_packed() -> list[int]:
    """Ids of enrollments whose projection differs from the facts, for `mooc doctor`."""
    wrong = []
    for enrollment in db.session.execute(select(Enrollment)).scalars():
        published = live().get(enrollment.course_id)
        if rebuilt(enrollment) != packed(enrollment, published.course if published else None):
            wrong.append(enrollment.id)
    return wrong
