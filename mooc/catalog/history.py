"""The releases of a course, one after the other, and what each of them changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from mooc.accounts.models import User
from mooc.catalog.actions import COURSE
from mooc.catalog.models import LiveRelease, Push, Release
from mooc.content.changes import Changes
from mooc.content.diff import diff
from mooc.content.layers import is_overlay
from mooc.content.model import Course
from mooc.db import db
from mooc.errors import NotFound


@dataclass(frozen=True, slots=True)
class Published:
    """A release, as staff speak of it. `number` counts from 1 in its course; `by` may be empty."""

    number: int
    release_id: int
    before_id: int | None
    title: str
    revision: str
    at: datetime
    by: str
    live: bool


# Releases never change, so neither does the difference of two.
_changes: WeakKeyDictionary[Engine, dict[tuple[int | None, int], Changes]] = WeakKeyDictionary()


def releases(course_id: str, limit: int = 50) -> list[Published]:
    """The newest releases of a course, newest first; empty when it was never published."""
    numbered = (
        select(
            Release.id,
            func.row_number().over(order_by=Release.id).label("number"),
            func.lag(Release.id).over(order_by=Release.id).label("before_id"),
        )
        .where(Release.course_id == course_id)
        .subquery()
    )
    statement = (
        select(Release, numbered.c.number, numbered.c.before_id, User.name, LiveRelease.release_id)
        .join(numbered, numbered.c.id == Release.id)
        .outerjoin(User, User.id == Release.published_by)
        .outerjoin(LiveRelease, LiveRelease.release_id == Release.id)
        .order_by(Release.id.desc())
        .limit(limit)
    )
    return [
        Published(
            number=number,
            release_id=release.id,
            before_id=before_id,
            title=release.title,
            revision=release.sources[0].get("revision", ""),
            at=release.published_at,
            by=name or "",
            live=live is not None,
        )
        for release, number, before_id, name, live in db.session.execute(statement)
    ]


def release(course_id: str, number: int) -> Published:
    """A release by its number. Raises NotFound."""
    for each in releases(course_id, 10_000):
        if each.number == number:
            return each
    raise NotFound("release", release=number)


def before_live(course_id: str) -> Published:
    """The release before the one that is live. Raises NotFound when there is none."""
    listed = releases(course_id, 10_000)
    live = next((each for each in listed if each.live), None)
    for each in listed:
        if live is not None and each.number < live.number:
            return each
    raise NotFound("release", release="")


def changes_of(published: Published) -> Changes:
    """What a release changed beside the one before it."""
    return between(published.before_id, published.release_id)


def between(before_id: int | None, release_id: int) -> Changes:
    """What going from one release to another changes; compared once in each process."""
    known = _changes.setdefault(db.engine, {})
    if (before_id, release_id) not in known:
        old = None if before_id is None else _course(before_id)
        known[before_id, release_id] = diff(old, _course(release_id), private=is_overlay)
    return known[before_id, release_id]


def _course(release_id: int) -> Course:
    compiled = db.session.scalar(select(Release.compiled).where(Release.id == release_id))
    if compiled is None:
        raise NotFound("release", release=release_id)
    return COURSE.validate_json(compiled)


def last_push() -> Push | None:
    """The newest push that was dealt with, or could not be."""
    statement = select(Push).where((Push.finished_at.is_not(None)) | (Push.error != ""))
    return db.session.scalars(statement.order_by(Push.id.desc()).limit(1)).first()
