"""Publish a course: compile, check, store an immutable release, and move one pointer to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import delete, select, update

from mooc.catalog import faults
from mooc.catalog.media import store_media
from mooc.catalog.models import LiveRelease, PublishedItem, QuestionVersion, Release, SourceBlob
from mooc.content.changes import Changes, of_another_type, refusals
from mooc.content.diff import diff
from mooc.content.layers import is_overlay
from mooc.content.loader import RENDERER_VERSION, Loaded, load
from mooc.content.model import Course, Problem, Question
from mooc.content.source import Tree, texts
from mooc.db import db
from mooc.errors import NotFound
from mooc.operations.actions import insert_once, record

COURSE = TypeAdapter(Course)
QUESTION = TypeAdapter(Question)


@dataclass(frozen=True, slots=True)
class Report:
    """What publishing one course came to. `kept` means errors: its last good release stays live."""

    course_id: str
    outcome: Literal["published", "unchanged", "kept"]
    problems: tuple[Problem, ...] = ()
    release_id: int | None = None
    changes: Changes | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing a tree would do, found out without writing anything.

    `loaded` is None for a tree that is live already.
    """

    report: Report
    tree: Tree
    layers: list[dict[str, str]]
    tree_hash: str
    loaded: Loaded | None = None


def publish(
    tree: Tree,
    *,
    today: date,
    now: datetime,
    actor_id: int | None,
    media_folder: Path,
    sources: Sequence[Mapping[str, str]] = (),
) -> Report:
    """Make the course of a tree live, in the caller's transaction; nothing changes on any error."""
    found = plan(tree, today=today, sources=sources)
    return carry_out(found, now=now, actor_id=actor_id, media_folder=media_folder)


def plan(tree: Tree, *, today: date, sources: Sequence[Mapping[str, str]] = ()) -> Plan:
    """Compile a tree and compare it with what is live. Only reads; this is what takes time.

    `sources` says where each layer of the tree is from (see `content.roots.Source`), the course's
    own first.
    """
    layers = [dict(source) for source in sources] or [{"root": "", "revision": tree.revision}]
    tree_hash = _tree_hash(tree, layers)
    if unchanged := _live_with(tree_hash):
        report = Report(unchanged.course_id, "unchanged", release_id=unchanged.id)
        return Plan(report, tree, layers, tree_hash)
    loaded = load(tree, today)
    if loaded.course is None:
        return Plan(Report("", "kept", loaded.problems), tree, layers, tree_hash, loaded)
    course = loaded.course
    changes = diff(
        _live_course(course.id, *course.aliases), course, text=texts(tree), private=is_overlay
    )
    refused = refusals(changes)
    refused += _old_types(course, {(each.path, each.line) for each in refused})
    problems = tuple(sorted({*loaded.problems, *refused}))
    report = Report(course.id, "published", problems, changes=changes)
    if any(problem.severity == "error" for problem in problems):
        report = replace(report, outcome="kept")
    return Plan(report, tree, layers, tree_hash, loaded)


def carry_out(found: Plan, *, now: datetime, actor_id: int | None, media_folder: Path) -> Report:
    """Do what was planned, in the caller's transaction.

    Media files are written before the rows that name them: a name is a hash, so a file too many
    harms nobody, and a file too few cannot happen.
    """
    report, loaded = found.report, found.loaded
    if report.outcome != "published" or loaded is None or loaded.course is None:
        return report
    faults.reached("planned")
    store_media(loaded, media_folder)
    faults.reached("media")
    release_id = _store_release(found, loaded.course, now, actor_id)
    faults.reached("release")
    _store_questions(loaded.course)
    _remember_items(loaded.course, release_id)
    faults.reached("questions")
    moved = _point_to(report.course_id, release_id, now)
    _take_over(loaded.course)
    record(
        "course.published",
        actor_id=actor_id,
        subject=("course", report.course_id),
        now=now,
        release=release_id,
        revision=found.tree.revision,
    )
    db.session.flush()
    faults.reached("pointer")
    return replace(report, outcome="published" if moved else "unchanged", release_id=release_id)


def roll_back(course_id: str, release_id: int, *, now: datetime, actor_id: int | None) -> None:
    """Make an older release of a course live again. Raises NotFound for a stranger's release."""
    release = db.session.get(Release, release_id)
    if release is None or release.course_id != course_id:
        raise NotFound("release", release=release_id)
    _point_to(course_id, release_id, now)
    record(
        "course.rolled_back",
        actor_id=actor_id,
        subject=("course", course_id),
        now=now,
        release=release_id,
    )


def _tree_hash(tree: Tree, layers: Sequence[Mapping[str, str]]) -> str:
    """The same for the same files from the same places, whatever the commit."""
    places = [[name, value] for layer in layers for name, value in sorted(layer.items())]
    places = [place for place in places if place[0] != "revision"]
    whole = json.dumps([RENDERER_VERSION, tree.tree_hash, places])
    return hashlib.sha256(whole.encode()).hexdigest()


def _live_course(*ids: str) -> Course | None:
    """The course that is live under the first of these ids: its own, then those it had before."""
    statement = select(Release.compiled).join(LiveRelease, LiveRelease.release_id == Release.id)
    for course_id in ids:
        compiled = db.session.scalar(statement.where(LiveRelease.course_id == course_id))
        if compiled:
            return COURSE.validate_json(compiled)
    return None


def _old_types(course: Course, known: set[tuple[str, int]]) -> list[Problem]:
    """Questions that come back, under an id that once was of another type."""
    statement = select(QuestionVersion.question_id, QuestionVersion.type).where(
        QuestionVersion.course_id == course.id
    )
    types = {row[0]: row[1] for row in db.session.execute(statement.distinct())}
    return [
        of_another_type(
            question.path, question.line, question.id, types[question.id], question.type
        )
        for question in course.questions()
        if types.get(question.id, question.type) != question.type
        and (question.path, question.line) not in known
    ]


def _live_with(tree_hash: str) -> Release | None:
    statement = (
        select(Release)
        .join(LiveRelease, LiveRelease.release_id == Release.id)
        .where(Release.tree_hash == tree_hash, LiveRelease.closed_at.is_(None))
    )
    return db.session.execute(statement).scalars().first()


def _store_release(found: Plan, course: Course, now: datetime, actor_id: int | None) -> int:
    tree = found.tree
    files = {media.path: media.hash for media in course.media}
    for path in tree.paths():
        if path not in files:
            data = tree.read(path)
            files[path] = hashlib.sha256(data).hexdigest()
            if db.session.get(SourceBlob, files[path]) is None:
                db.session.add(SourceBlob(hash=files[path], data=data))
    values = {
        "course_id": course.id,
        "hash": course.hash,
        "tree_hash": found.tree_hash,
        "title": course.title,
        "sources": found.layers,
        "files": files,
        "compiled": COURSE.dump_json(course).decode(),
        "published_at": now,
        "published_by": actor_id,
    }
    db.session.flush()
    release_id = insert_once(Release, values, ["course_id", "hash"])
    if release_id is not None:
        return release_id
    # The same course as once before (a revert): its release stands, only its files have moved.
    statement = select(Release).where(Release.course_id == course.id, Release.hash == course.hash)
    release = db.session.execute(statement).scalar_one()
    release.tree_hash, release.sources = found.tree_hash, found.layers
    return release.id


def _store_questions(course: Course) -> None:
    for question in course.questions():
        values = {
            "course_id": course.id,
            "question_id": question.id,
            "type": question.type,
            "scoring_hash": question.scoring_hash,
            "text_hash": question.text_hash,
            "compiled": QUESTION.dump_python(question, mode="json"),
        }
        insert_once(
            QuestionVersion, values, ["course_id", "question_id", "scoring_hash", "text_hash"]
        )


def _remember_items(course: Course, release_id: int) -> None:
    """Note that this release is, for now, the last one that holds each of its items."""
    for item in course.items:
        key = {"course_id": course.id, "item_id": item.id}
        if insert_once(PublishedItem, key | {"release_id": release_id}, [*key]) is None:
            where = (PublishedItem.course_id == course.id, PublishedItem.item_id == item.id)
            db.session.execute(update(PublishedItem).where(*where).values(release_id=release_id))


def _take_over(course: Course) -> None:
    """A course under a new id takes the place of the one it was."""
    if course.aliases:
        db.session.execute(delete(LiveRelease).where(LiveRelease.course_id.in_(course.aliases)))


def _point_to(course_id: str, release_id: int, now: datetime) -> bool:
    """Move the pointer; False when it was there already."""
    live = db.session.get(LiveRelease, course_id)
    if live is None:
        db.session.add(LiveRelease(course_id=course_id, release_id=release_id, moved_at=now))
        return True
    moved = live.release_id != release_id or live.closed_at is not None
    live.release_id, live.moved_at, live.closed_at = release_id, now, None
    return moved
