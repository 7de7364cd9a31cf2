"""Reads of learning: one joined query for each hot page, and the rest where a name helps."""

from mooc.learning.queries.attempts import (
    Sitting,
    attempt_score,
    attempts_of,
    closed,
    database_now,
    responses,
    sitting,
)
from mooc.learning.queries.desks import Desk, desk
from mooc.learning.queries.marks import newest_marks
from mooc.learning.queries.projection import check_packed, rebuilt
from mooc.learning.queries.standings import (
    Standing,
    agreed,
    continue_at,
    done_items,
    enrollment_of,
    enrollments_of,
    packed,
    standing,
)

__all__ = [
    "Desk",
    "Sitting",
    "Standing",
    "agreed",
    "attempt_score",
    "attempts_of",
    "check_packed",
    "closed",
    "continue_at",
    "database_now",
    "desk",
    "done_items",
    "enrollment_of",
    "enrollments_of",
    "newest_marks",
    "packed",
    "rebuilt",
    "responses",
    "sitting",
    "standing",
]
