"""Publish the courses of a site: one publish at a time, each course in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask

from mooc.catalog import actions, faults
from mooc.catalog.actions import Plan, Report
from mooc.catalog.lock import publishing
from mooc.content.roots import Found, Site
from mooc.db import db, reading, utcnow
from mooc.web.config import settings

Done = list[tuple[Found, Report]]


def publish_all(app: Flask, found: Site, course_id: str | None = None, **how: Any) -> Done:
    """Publish in an application context of its own; `how` as for `publish_courses`."""
    with app.app_context():
        return publish_courses(found, course_id, **how)


def publish_courses(
    found: Site,
    course_id: str | None = None,
    *,
    holder: str,
    actor_id: int | None = None,
    say: Callable[[str], None] = lambda _words: None,
    patience: float | None = None,
) -> Done:
    """Publish each course, or the one with this id or folder.

    `holder` says who publishes, to whoever comes meanwhile. Raises Conflict `publish.busy`.
    """
    media = settings().var_path / "media"
    waiting: dict[str, Any] = {} if patience is None else {"patience": patience}
    done: Done = []
    with publishing(holder, **waiting) as held:
        for course in chosen(found, course_id):
            say(f"{course.name}: reading {len(course.tree.paths())} files")
            plan = planned(course)
            if plan.report.outcome == "published":
                say(f"{course.name}: storing the release")
            held.confirm()
            report = actions.carry_out(plan, now=utcnow(), actor_id=actor_id, media_folder=media)
            db.session.commit()
            faults.reached("commit")
            done.append((course, report))
    return done


def plan_all(app: Flask, found: Site, course_id: str | None = None) -> list[tuple[Found, Plan]]:
    """What publishing would do; nothing is written."""
    with app.app_context():
        return [(course, planned(course)) for course in chosen(found, course_id)]


def planned(course: Found) -> Plan:
    """Compile and compare a course without holding up those who write."""
    with reading():
        return actions.plan(
            course.tree,
            sources=[source.to_json() for source in course.sources],
            today=utcnow().date(),
        )


def chosen(found: Site, course_id: str | None) -> Iterator[Found]:
    """The courses with this id or folder; all when none is named."""
    for course in found.courses:
        if course_id in (None, course.name, course.id):
            yield course
