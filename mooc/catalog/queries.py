"""The live courses, held in memory and swapped when a pointer moves: content costs no query."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, select
from sqlalchemy.engine import Engine

from mooc.catalog.actions import COURSE, QUESTION
from mooc.catalog.models import LiveRelease, QuestionVersion, Release
from mooc.content.model import Course, Item, Lesson, Question
from mooc.db import db
from mooc.errors import NotFound


@dataclass(frozen=True)
class LiveCourse:
    """A course as learners see it now. `versions` maps each question to its version's row id."""

    course: Course
    release_id: int
    hash: str
    revision: str
    published_at: datetime
    versions: Mapping[str, int] = field(repr=False)
    sources: tuple[Mapping[str, str], ...] = ({},)  # where it is from, its own root first
    moved_at: datetime | None = None  # when the pointer was last set

    def edition(self, language: str) -> LiveCourse:
        """The same release for those who want a language."""
        if language not in self._editions:
            self._editions[language] = replace(self, course=self.course.edition(language))
        return self._editions[language]

    @cached_property
    def _editions(self) -> dict[str, LiveCourse]:
        return {}


@dataclass(frozen=True)
class Catalog:
    """All live courses, in the order of the catalog. `version` changes when any pointer moves."""

    courses: Mapping[str, LiveCourse]
    version: str
    aliases: Mapping[str, str] = field(default_factory=dict)
    closed: Mapping[str, tuple[int, datetime]] = field(default_factory=dict)  # release, and since

    def get(self, course_id: str) -> LiveCourse | None:
        """A live course by its id, or by one it had before."""
        return self.courses.get(course_id) or self.courses.get(self.aliases.get(course_id, ""))


LEVELS = ("introductory", "intermediate", "advanced")
_catalogs: WeakKeyDictionary[Engine, Catalog] = WeakKeyDictionary()
# Question versions are immutable, so this never goes stale; it holds what this process has served.
_versions: WeakKeyDictionary[Engine, dict[int, Question]] = WeakKeyDictionary()


def live() -> Catalog:
    """The catalog in memory; the first call of a process reads it from the database."""
    catalog = _catalogs.get(db.engine)
    return catalog if catalog is not None else refresh()


def refresh() -> Catalog:
    """Look where the pointers stand (one query) and load what moved."""
    known = _catalogs.get(db.engine)
    pointers = {row[0]: (row[1], row[2], row[3]) for row in db.session.execute(_POINTERS)}
    version = hashlib.sha256(repr(sorted(pointers.items())).encode()).hexdigest()[:16]
    if known is not None and known.version == version:
        return known
    courses = []
    for course_id, (release_id, moved_at, closed_at) in pointers.items():
        before = known.courses.get(course_id) if known else None
        if closed_at is not None:
            continue
        if before is None or (before.release_id, before.moved_at) != (release_id, moved_at):
            before = replace(_load(release_id), moved_at=moved_at)
        courses.append(before)
    courses.sort(key=lambda live: (LEVELS.index(live.course.level), live.course.title))
    catalog = Catalog(
        courses={live.course.id: live for live in courses},
        version=version,
        aliases={alias: live.course.id for live in courses for alias in live.course.aliases},
        closed={name: (row[0], row[2]) for name, row in pointers.items() if row[2] is not None},
    )
    _catalogs[db.engine] = catalog
    return catalog


_POINTERS = select(
    LiveRelease.course_id, LiveRelease.release_id, LiveRelease.moved_at, LiveRelease.closed_at
)


def course(course_id: str) -> LiveCourse:
    """A live course by its id, or by one it had before. Raises NotFound."""
    found = live().get(course_id)
    if found is None:
        raise NotFound("course", course=course_id)
    return found


def known_course(course_id: str) -> LiveCourse:
    """A live course, or a closed one as it was last. Raises NotFound."""
    closed = live().closed.get(course_id)
    return kept_release(closed[0]) if closed else course(course_id)


def names(course_id: str) -> tuple[str, ...]:
    """All ids under which facts of a course are recorded, the present one first."""
    found = live().get(course_id)
    return found.course.names if found else (course_id,)


def item(course_id: str, item_id: str) -> tuple[LiveCourse, Item]:
    """A live course and one of its items. Raises NotFound."""
    found = course(course_id)
    try:
        return found, found.course.by_id[item_id]
    except KeyError:
        raise NotFound("item", course=course_id, item=item_id) from None


def practice_question(lesson: Lesson, question_id: str) -> Question:
    """A practice question of a lesson. Raises NotFound."""
    for question in lesson.questions:
        if question.id == question_id:
            return question
    raise NotFound("question", question=question_id)


def question_versions(
    ids: Iterable[int], connection: Connection | None = None
) -> dict[int, Question]:
    """Question versions by row id; each is read from the database once per process.

    Who holds a connection that writes passes it: a second one would wait for the first.
    """
    wanted = set(ids)
    cache = _versions.setdefault(db.engine, {})
    if missing := wanted - cache.keys():
        statement = select(QuestionVersion.id, QuestionVersion.compiled).where(
            QuestionVersion.id.in_(missing)
        )
        for version_id, compiled in (connection or db.session).execute(statement):
            cache[version_id] = QUESTION.validate_python(compiled)
    return {version_id: cache[version_id] for version_id in wanted}


def release_course(release_id: int) -> Course:
    """The course of any release, live or not. Raises NotFound."""
    return kept_release(release_id).course


MOST_KEPT = 8
# Releases are immutable: attempts that began earlier ask for theirs, and so do retired lessons.
_kept: WeakKeyDictionary[Engine, dict[int, LiveCourse]] = WeakKeyDictionary()


def kept_release(release_id: int) -> LiveCourse:
    """Any release, live or not, the latest used ones from memory. Raises NotFound."""
    for live_course in live().courses.values():
        if live_course.release_id == release_id:
            return live_course
    kept = _kept.setdefault(db.engine, {})
    found = kept.get(release_id) or _load(release_id)
    while len(kept) >= MOST_KEPT and release_id not in kept:
        kept.pop(next(iter(kept), release_id), None)
    kept[release_id] = found
    return found


def _load(release_id: int) -> LiveCourse:
    release = db.session.get(Release, release_id)
    if release is None:
        raise NotFound("release", release=release_id)
    compiled = COURSE.validate_json(release.compiled)
    statement = select(
        QuestionVersion.question_id,
        QuestionVersion.scoring_hash,
        QuestionVersion.text_hash,
        QuestionVersion.id,
    ).where(QuestionVersion.course_id == release.course_id)
    ids = {(row[0], row[1], row[2]): row[3] for row in db.session.execute(statement)}
    versions = {
        question.id: ids[question.id, question.scoring_hash, question.text_hash]
        for question in compiled.questions()
    }
    return LiveCourse(
        course=compiled,
        release_id=release.id,
        hash=release.hash,
        revision=release.sources[0]["revision"],
        published_at=release.published_at,
        versions=versions,
        sources=tuple(release.sources),
    )
