"""Join and leave a course, and what every new fact does to an enrollment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from mooc.catalog import queries as catalog
from mooc.catalog.queries import LiveCourse, names
from mooc.db import db
from mooc.errors import NotAllowed
from mooc.learning import packing
from mooc.learning.models import Enrollment, Run
from mooc.learning.progress import Requirements, progress, requirements
from mooc.operations.actions import enqueue, insert_once, record

OPEN_RUN = "open"


def enroll(user_id: int, live: LiveCourse, *, now: datetime, purpose: str = "learn") -> Enrollment:
    """Join the open run of a course; who left before finds everything as it was. Idempotent."""
    course_id = live.course.id
    if earlier := _under_an_old_name(user_id, live):
        return _joined(earlier, new=False, now=now)
    run = {"course_id": course_id, "name": OPEN_RUN, "created_at": now}
    run_id = (
        insert_once(Run, run, ["course_id", "name"])
        or db.session.execute(
            select(Run.id).where(Run.course_id == course_id, Run.name == OPEN_RUN)
        ).scalar_one()
    )
    values = {
        "run_id": run_id,
        "course_id": course_id,
        "user_id": user_id,
        "purpose": purpose,
        "active": True,
        "enrolled_at": now,
        "release_id": live.release_id,
        "requirements": requirements(live.course).to_json(),
        "packed": {},
        "rev": 0,
        "latest_item": "",
    }
    new_id = insert_once(Enrollment, values, ["run_id", "user_id"])
    enrollment = db.session.execute(
        select(Enrollment).where(Enrollment.run_id == run_id, Enrollment.user_id == user_id)
    ).scalar_one()
    return _joined(enrollment, new=new_id is not None, now=now)


def _joined(enrollment: Enrollment, *, new: bool, now: datetime) -> Enrollment:
    if new or not enrollment.active:
        action = "course.enrolled" if new else "course.rejoined"
        enrollment.active = True
        subject = ("enrollment", enrollment.id)
        record(action, actor_id=enrollment.user_id, subject=subject, now=now)
    return enrollment


def _under_an_old_name(user_id: int, live: LiveCourse) -> Enrollment | None:
    """The enrollment of somebody who joined before the course got its present id."""
    if not live.course.aliases:
        return None
    statement = select(Enrollment).where(
        Enrollment.user_id == user_id, Enrollment.course_id.in_(live.course.aliases)
    )
    return db.session.execute(statement.order_by(Enrollment.id)).scalars().first()


def leave(user_id: int, course_id: str, *, now: datetime) -> None:
    """Stop taking a course. Facts and certificates stay; coming back restores everything."""
    enrollment = active_enrollment(user_id, course_id)
    enrollment.active = False
    record("course.left", actor_id=user_id, subject=("enrollment", enrollment.id), now=now)


def active_enrollment(user_id: int, course_id: str) -> Enrollment:
    """The learner's place in a course, locked until the end of the transaction. NotAllowed.

    Its projection is brought to the present ids of renamed items: facts are written upon it.
    """
    statement = (
        select(Enrollment)
        .where(
            Enrollment.user_id == user_id,
            Enrollment.course_id.in_(names(course_id)),
            Enrollment.active.is_(True),
        )
        .with_for_update()
    )
    enrollment = db.session.execute(statement).scalars().first()
    if enrollment is None:
        raise NotAllowed("enrollment.needed", course=course_id)
    up_to_date(enrollment, catalog.live().get(course_id))
    return enrollment


def up_to_date(enrollment: Enrollment, live: LiveCourse | None) -> None:
    """Carry the projection over to the present ids of renamed items."""
    if live is not None and enrollment.packed.keys() & live.course.renamed.keys():
        enrollment.packed = dict(packing.renamed(enrollment.packed, live.course.renamed))


def note_fact(
    enrollment: Enrollment,
    live: LiveCourse,
    item_id: str,
    packed: Mapping[str, Any],
    now: datetime,
) -> None:
    """Carry what the learner just did into the projection: there "Continue" goes on from."""
    enrollment.latest_item, enrollment.latest_at = item_id, now
    carry(enrollment, live, packed, now)


def carry(
    enrollment: Enrollment, live: LiveCourse, packed: Mapping[str, Any], now: datetime
) -> None:
    """Write the projection of the facts, and ring when the course is now passed.

    `passed_at` is set once: nothing computed later takes it back.
    """
    enrollment.packed = dict(packed)
    enrollment.rev += 1
    if enrollment.passed_at is not None or enrollment.purpose != "learn":
        return
    agreed = Requirements.from_json(enrollment.requirements).renamed(live.course.renamed)
    if progress(agreed, packing.states(packed), live.course.by_id).passed:
        enrollment.passed_at = now
        key = f"certificate.consider:{enrollment.id}:{enrollment.rev}"
        enqueue("certificate.consider", key, enrollment.id, now=now)
