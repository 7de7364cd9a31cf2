"""The glossary of a course: every term with what it means and where lessons use it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template

from mooc.catalog import queries as catalog
from mooc.catalog.search import fold
from mooc.content.model import Course, Lesson, Term
from mooc.errors import NotFound
from mooc.web import editions
from mooc.web.page_cache import cached_for_strangers
from mooc.web.security import allow

bp = Blueprint("glossary", __name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """A term and the lessons that use it, in teaching order."""

    term: Term
    lessons: tuple[Lesson, ...]


@bp.get("/courses/<course_id>/glossary")
@cached_for_strangers
@allow("everyone")
def page(course_id: str) -> Any:
    live = editions.read(catalog.course(course_id))
    letters = by_letter(live.course)
    if not letters:
        raise NotFound("glossary", course=course_id)
    return render_template("glossary/page.html", course=live.course, letters=letters)


def by_letter(course: Course) -> list[tuple[str, Sequence[Entry]]]:
    """The terms in the order of the alphabet, cut where the first letter changes."""
    users: dict[str, list[Lesson]] = {}
    for lesson in (item for item in course.items if isinstance(item, Lesson)):
        for name in lesson.terms:
            users.setdefault(name, []).append(lesson)
    terms = course.terms(course.preferred or course.language).values()
    entries = [Entry(term, tuple(users.get(term.id, ()))) for term in terms]
    entries.sort(key=lambda entry: fold(entry.term.term))
    groups = groupby(entries, key=lambda entry: fold(entry.term.term)[:1].upper())
    return [(letter, tuple(group)) for letter, group in groups]
