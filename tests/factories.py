"""People and content for tests, with sensible values for what a test does not care about."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from mooc.accounts.models import RoleGrant, User
from mooc.content.model import (
    Choice,
    Choices,
    Course,
    Lesson,
    Module,
    Practice,
    Prose,
    Question,
    Quiz,
)
from mooc.db import db

_numbers = itertools.count(1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def make_user(name: str = "", email: str = "", **values: Any) -> User:
    """A confirmed person without a password, flushed but not committed."""
    number = next(_numbers)
    user = User(
        name=name or f"Person {number}",
        email=email or f"person{number}@example.org",
        fs_uniquifier=f"test-{number}",
        created_at=values.pop("created_at", LONG_AGO),
        confirmed_at=values.pop("confirmed_at", LONG_AGO),
        password=values.pop("password", None),
        **values,
    )
    db.session.add(user)
    db.session.flush()
    return user


def make_grant(user: User, role: str, course_id: str = "") -> RoleGrant:
    """A role for the whole site, or for one course."""
    grant = RoleGrant(
        user_id=user.id,
        role=role,
        scope_kind="course" if course_id else "site",
        scope_id=course_id,
        granted_at=LONG_AGO,
        granted_by=None,
    )
    db.session.add(grant)
    db.session.flush()
    return grant


def make_question(question_id: str = "", **values: Any) -> Question:
    """A single-choice question whose first option, `right`, is the answer."""
    number = next(_numbers)
    options = (
        Choice(key="right", html="Right", correct=True),
        Choice(key="wrong", html="Wrong", correct=False, feedback_html="<p>No.</p>"),
    )
    defaults: dict[str, Any] = {
        "id": question_id or f"question-{number}",
        "type": "single",
        "language": "en",
        "title": f"Question {number}?",
        "title_html": f"Question {number}?",
        "prompt_html": "",
        "key": Choices(options=options),
        "explanation_html": "<p>Because.</p>",
        "scoring_hash": f"scoring-{number}",
        "text_hash": f"text-{number}",
    }
    return Question(**{**defaults, **values})


def make_lesson(lesson_id: str = "", *questions: Question, **values: Any) -> Lesson:
    """A lesson of one paragraph and the given practice questions."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "id": lesson_id or f"lesson-{number}",
        "title": f"Lesson {number}",
        "language": "en",
        "path": f"lesson-{number}.md",
        "blocks": (Prose("<p>Text.</p>"), *(Practice(question) for question in questions)),
        "minutes": 5,
    }
    return Lesson(**{**defaults, **values})


def make_course(course_id: str = "", *items: Lesson | Quiz, **values: Any) -> Course:
    """A course of one module that lists all its items."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "id": course_id or f"course-{number}",
        "title": f"Course {number}",
        "language": "en",
        "summary": "A course for tests.",
        "about_html": "<p>About.</p>",
        "outcomes_html": ("Know something.",),
        "modules": (Module("all", "All", tuple(item.id for item in items)),),
        "items": tuple(items),
        "hash": f"hash-{number}",
    }
    return Course(**{**defaults, **values})
