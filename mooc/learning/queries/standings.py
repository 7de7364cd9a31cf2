"""Where a learner stands: what was agreed, what is done, where to go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from mooc.catalog.queries import LiveCourse, live, names
from mooc.content.model import Course, Item
from mooc.db import db
from mooc.errors import NotFound
from mooc.learning import packing
from mooc.learning.models import Enrollment
from mooc.learning.progress import Progress, Requirements, item_complete, progress, requirements


@dataclass(frozen=True, slots=True)
class Standing:
    """An enrollment with what was agreed and what the facts come to."""

    enrollment: Enrollment
    requirements: Requirements
    progress: Progress


def standing(enrollment_id: int) -> Standing:
    """Where a learner stands. Raises NotFound."""
    enrollment = db.session.get(Enrollment, enrollment_id)
    if enrollment is None:
        raise NotFound("enrollment", enrollment=enrollment_id)
    published = live().get(enrollment.course_id)
    course = published.course if published else None
    wanted = agreed(enrollment, course)
    items: Mapping[str, object] = (
        course.by_id if course else {item.item: item for item in wanted.items}
    )
    states = packing.states(packed(enrollment, course))
    return Standing(enrollment, wanted, progress(wanted, states, items))


def agreed(enrollment: Enrollment, course: Course | None) -> Requirements:
    """What was agreed to, by the present ids of the course's items."""
    wanted = Requirements.from_json(enrollment.requirements)
    return wanted.renamed(course.renamed) if course else wanted


def packed(enrollment: Enrollment, course: Course | None) -> packing.Packed:
    """The projection of a learner's facts, by the present ids of the course's items."""
    return packing.renamed(enrollment.packed, course.renamed if course else {})


def enrollment_of(user_id: int, course_id: str) -> Enrollment | None:
    """The active enrollment of a person in a course."""
    statement = select(Enrollment).where(
        Enrollment.user_id == user_id,
        Enrollment.course_id.in_(names(course_id)),
        Enrollment.active.is_(True),
    )
    return db.session.execute(statement).scalars().first()


def enrollments_of(user_id: int) -> dict[str, Enrollment]:
    """A person's active enrollments by the course's present id, the latest used first."""
    statement = (
        select(Enrollment)
        .where(Enrollment.user_id == user_id, Enrollment.active.is_(True))
        .order_by(func.coalesce(Enrollment.latest_at, Enrollment.enrolled_at).desc())
    )
    rows = db.session.execute(statement).scalars()
    return {names(row.course_id)[0]: row for row in rows}


def done_items(
    published: LiveCourse, agreed: Requirements, packed: packing.Packed
) -> frozenset[str]:
    """Ids of the items of a live course that are complete for this learner.

    An item newer than the enrollment is judged by its own present rule.
    """
    rules = {rule.item: rule for rule in requirements(published.course).items}
    rules.update({rule.item: rule for rule in agreed.items if rule.item in rules})
    states = packing.states(packed)
    return frozenset(
        item for item, rule in rules.items() if item in states and item_complete(rule, states[item])
    )


def continue_at(
    published: LiveCourse, agreed: Requirements, packed: packing.Packed, latest_item: str
) -> Item | None:
    """The first thing not done after the latest activity, else the first not done at all."""
    done = done_items(published, agreed, packed)
    items = list(published.course.items)
    ids = [item.id for item in items]
    latest_item = published.course.renamed.get(latest_item, latest_item)
    after = ids.index(latest_item) if latest_item in ids else 0
    for item in items[after:] + items[:after]:
        if item.id not in done:
            return item
    return None
