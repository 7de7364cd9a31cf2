"""What is no longer part of a course, or a course itself that is closed: kept, and still found."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.engine import Engine

from mooc.catalog.models import LiveRelease, PublishedItem, Release
from mooc.catalog.queries import LiveCourse, kept_release, live
from mooc.content.model import Item
from mooc.db import db
from mooc.operations.actions import record

MOST_REMEMBERED = 4096  # unknown addresses may be asked for without end


_found: WeakKeyDictionary[Engine, OrderedDict[tuple[str, str, str], int | None]] = (
    WeakKeyDictionary()
)


def retired(published: LiveCourse, item_id: str) -> tuple[LiveCourse, Item] | None:
    """An item that the course no longer has, in the last release that held it.

    One query for an id that this process has not been asked for since the catalog changed.
    """
    key = (live().version, published.course.id, item_id)
    known = _found.setdefault(db.engine, OrderedDict())
    if key not in known:
        known[key] = _last_release(published.course.names, item_id)
        while len(known) > MOST_REMEMBERED:
            known.popitem(last=False)
    release_id = known[key]
    if release_id is None:
        return None
    kept = kept_release(release_id)
    return kept, kept.course.by_id[item_id]


def _last_release(names: Collection[str], item_id: str) -> int | None:
    statement = (
        select(PublishedItem.release_id)
        .where(PublishedItem.course_id.in_(names), PublishedItem.item_id == item_id)
        .order_by(PublishedItem.release_id.desc())
        .limit(1)
    )
    return db.session.execute(statement).scalar_one_or_none()


def close_missing(
    present: Collection[str],
    places: Collection[tuple[str, str]],
    roots: Sequence[str],
    *,
    now: datetime,
) -> list[str]:
    """Close the live courses that were deleted from these content roots; their ids.

    `present` are the ids found there, `places` the roots and folders that hold a course. A course
    from a root that is not among them is left alone, and so is one whose folder still holds a
    course, whatever became of its header. Publishing a course again opens it.
    """
    statement = (
        select(LiveRelease, Release.sources)
        .join(Release, LiveRelease.release_id == Release.id)
        .where(LiveRelease.closed_at.is_(None))
    )
    gone = [
        pointer
        for pointer, sources in db.session.execute(statement)
        if pointer.course_id not in present and _is_gone(sources[0], places, roots)
    ]
    for pointer in gone:
        pointer.closed_at = pointer.moved_at = now
        subject = ("course", pointer.course_id)
        record("course.closed", actor_id=None, subject=subject, now=now)
    return [pointer.course_id for pointer in gone]


def _is_gone(
    source: Mapping[str, str], places: Collection[tuple[str, str]], roots: Sequence[str]
) -> bool:
    if "folder" not in source or source["root"] not in roots:
        return False
    return (source["root"], source["folder"]) not in places
