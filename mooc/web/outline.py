"""Where a learner stands, laid out for pages: the outline tray, the progress report, my courses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from flask import render_template, url_for

from mooc.catalog import queries as catalog
from mooc.catalog.queries import LiveCourse
from mooc.certificates import queries as certificates
from mooc.content.model import Course, Item, Module, Quiz
from mooc.learning import packing, queries
from mooc.learning.progress import Progress, Requirements, progress
from mooc.learning.queries import Desk
from mooc.web import editions

RowState = Literal["", "empty", "half", "done"]


@dataclass(frozen=True, slots=True)
class Row:
    """One item in an outline. `state` is empty for those who are not enrolled."""

    item: Item
    url: str
    kind: Literal["lesson", "quiz", "exam"]
    state: RowState
    current: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """One module in an outline, folded away unless it is `open`."""

    module: Module
    number: int
    rows: tuple[Row, ...]
    state: RowState
    open: bool


def kind_of(item: Item) -> Literal["lesson", "quiz", "exam"]:
    if isinstance(item, Quiz):
        return "exam" if item.exam else "quiz"
    return "lesson"


def chapters(live: LiveCourse, desk: Desk | None, current: str = "") -> list[Chapter]:
    """The outline of a course with a learner's state in it."""
    enrolled = desk is not None and desk.enrollment_id is not None
    packed: packing.Packed = desk.states if desk and enrolled else {}
    done = queries.done_items(live, desk.requirements, packed) if desk and enrolled else frozenset()
    found = []
    for number, module in enumerate(live.course.modules, 1):
        rows = tuple(
            Row(
                item=live.course.by_id[item_id],
                url=url_for("learn.item", course_id=live.course.id, item_id=item_id),
                kind=kind_of(live.course.by_id[item_id]),
                state=_row_state(item_id, done, packed) if enrolled else "",
                current=item_id == current,
            )
            for item_id in module.items
        )
        here = not current or current in module.items
        found.append(Chapter(module, number, rows, _chapter_state(rows), here))
    return found


def _row_state(item_id: str, done: frozenset[str], packed: packing.Packed) -> RowState:
    if item_id in done:
        return "done"
    return "half" if packed.get(item_id) else "empty"


def _chapter_state(rows: tuple[Row, ...]) -> RowState:
    states = {row.state for row in rows}
    if states <= {"", "empty"}:
        return "" if "" in states else "empty"
    return "done" if states == {"done"} else "half"


def html(live: LiveCourse, current: str, desk: Desk | None) -> str:
    """The tray beside a lesson."""
    rows = chapters(live, desk, current)
    counted = progress_of(live, desk) if desk and desk.enrollment_id is not None else None
    return render_template(
        "learn/outline.html", course=live.course, chapters=rows, progress=counted
    )


def place(course: Course, item_id: str) -> tuple[int, int]:
    """Which item of its module this is, and of how many."""
    items = course.module_of(item_id).items
    return items.index(item_id) + 1, len(items)


def progress_of(live: LiveCourse, desk: Desk) -> Progress:
    return progress(desk.requirements, packing.states(desk.states), live.course.by_id)


@dataclass(frozen=True, slots=True)
class GradeRow:
    """A graded item in the progress table. `share` is its part of the course grade."""

    title: str
    language: str
    url: str
    kind: str
    share: Fraction
    score: Fraction | None
    pass_mark: int | None
    attempts: int


def report(live: LiveCourse, desk: Desk) -> dict[str, Any]:
    """What the progress page shows."""
    agreed, states = desk.requirements, packing.states(desk.states)
    counted = progress(agreed, states, live.course.by_id)
    next_item = queries.continue_at(live, agreed, desk.states, desk.latest_item)
    return {
        "live": live,
        "course": live.course,
        "chapters": chapters(live, desk),
        "progress": counted,
        "grades": _grades(live, agreed, states),
        "pass_mark": agreed.pass_mark,
        "next_item": next_item,
        "certificate": certificates.certificate_of(desk.enrollment_id or 0),
    }


def _grades(live: LiveCourse, agreed: Requirements, states: Mapping[str, Any]) -> list[GradeRow]:
    graded = [
        rule
        for rule in agreed.items
        if rule.kind != "lesson" and rule.weight and rule.item in live.course.by_id
    ]
    weight = sum(rule.weight for rule in graded) or 1
    return [
        GradeRow(
            title=live.course.by_id[rule.item].title,
            language=live.course.by_id[rule.item].language,
            url=url_for("learn.item", course_id=live.course.id, item_id=rule.item),
            kind=rule.kind,
            share=Fraction(rule.weight, weight),
            score=states[rule.item].score if rule.item in states else None,
            pass_mark=rule.pass_mark,
            attempts=states[rule.item].attempts if rule.item in states else 0,
        )
        for rule in graded
    ]


@dataclass(frozen=True, slots=True)
class Shelved:
    """One of my courses: how far, and where to go on (None when all is done)."""

    live: LiveCourse
    progress: Progress
    next_item: Item | None
    certificate: Any


def shelf(user_id: int) -> dict[str, Any]:
    """What my courses shows: the latest course to go on with, other active ones, finished ones."""
    live = catalog.live()
    enrolled = {
        course_id: row
        for course_id, row in queries.enrollments_of(user_id).items()
        if course_id in live.courses
    }
    awarded = certificates.certificates_of([row.id for row in enrolled.values()])
    active: list[Shelved] = []
    finished: list[Shelved] = []
    for course_id, row in enrolled.items():
        published = editions.read(live.courses[course_id])
        agreed = queries.agreed(row, published.course)
        packed = queries.packed(row, published.course)
        counted = progress(agreed, packing.states(packed), published.course.by_id)
        one = Shelved(
            published,
            counted,
            queries.continue_at(published, agreed, packed, row.latest_item),
            awarded.get(row.id),
        )
        (finished if counted.passed else active).append(one)
    return {"active": active, "finished": finished, "closed": _closed(user_id)}


@dataclass(frozen=True, slots=True)
class Closed:
    """One of my courses that was taken out of the catalog."""

    course: Course
    certificate: Any


def _closed(user_id: int) -> list[Closed]:
    closed = catalog.live().closed
    if not closed:
        return []
    mine = queries.enrollments_of(user_id)
    awarded = certificates.certificates_of([mine[name].id for name in mine if name in closed])
    return [
        Closed(catalog.known_course(name).course, awarded.get(row.id))
        for name, row in mine.items()
        if name in closed
    ]
