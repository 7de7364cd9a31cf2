"""What answers earned, from the rows: the newest mark of each question of an attempt holds."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from sqlalchemy import select

from mooc.db import db
from mooc.learning.grading import Credit
from mooc.learning.models import Mark


def newest_marks(attempt_ids: Collection[int]) -> dict[int, tuple[Credit, ...]]:
    """The marks that hold, by attempt, in the order of the paper; unmarked attempts are absent."""
    statement = (
        select(
            Mark.attempt_id,
            Mark.position,
            Mark.question_version_id,
            Mark.points,
            Mark.credit_num,
            Mark.credit_den,
        )
        .where(Mark.attempt_id.in_(attempt_ids))
        .order_by(Mark.attempt_id, Mark.position, Mark.round)
    )
    found: dict[int, dict[int, Credit]] = {}
    for attempt_id, position, version, points, share, whole in db.session.execute(statement):
        earned = None if share is None or whole is None else Fraction(share, whole)
        found.setdefault(attempt_id, {})[position] = Credit(position, version, points, earned)
    return {attempt_id: tuple(held.values()) for attempt_id, held in found.items()}
