"""An attempt as pages show it: whose it is, its questions in the reader's language, its marks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from mooc.catalog import queries as catalog
from mooc.content.model import Question
from mooc.content.questions import Answer, read, score
from mooc.content.questions.vary import instance
from mooc.db import utcnow
from mooc.errors import Invalid, NotFound
from mooc.learning import queries
from mooc.learning.grading import Credit, grade
from mooc.learning.queries import Sitting
from mooc.learning.sitting import time_is_up
from mooc.web import editions
from mooc.web.i18n import sentence
from mooc.web.questions import QuestionView, ask, judged
from mooc.web.security import adopt, session_code


def own_sitting(code: str, *, writing: Connection | None = None) -> Sitting:
    """The attempt, if it is the reader's own. Raises NotFound."""
    sitting = queries.sitting(session_code(), code, utcnow(), writing=writing)
    if adopt(sitting.viewer) is None:
        raise NotFound("attempt", attempt=code)
    return sitting


def is_open(sitting: Sitting) -> bool:
    over = time_is_up(sitting.rules, sitting.started_at, sitting.now)
    return sitting.state == "open" and not over


def heading(sitting: Sitting) -> dict[str, Any]:
    """Which quiz of which course this is, as it was when the attempt began."""
    whole = catalog.release_course(sitting.release_id)
    course = whole.edition(editions.language(whole))
    quiz = course.by_id[sitting.item_id]
    return {"sitting": sitting, "course": course, "quiz": quiz}


def papers(sitting: Sitting) -> list[QuestionView]:
    """The questions of an attempt as they are asked, in order, with their answers."""
    asked = worded(sitting)
    rows = {row.position: row for row in queries.responses(sitting.id)}
    views = []
    for position, (line, question) in enumerate(zip(sitting.paper, asked, strict=True)):
        row = rows.get(position)
        view = ask(
            question,
            name=f"q{position + 1}",
            number=position + 1,
            order=line.options,
            answer=row.answer if row else None,
        )
        if row is not None:
            error = _unreadable(question, row.answer)
            view = replace(view, flagged=row.flagged, sequence=row.sequence, error=error)
        views.append(view)
    return views


def worded(sitting: Sitting) -> list[Question]:
    """The questions of an attempt, as frozen when it began, in the reader's language."""
    language = editions.language(catalog.release_course(sitting.release_id))
    versions = catalog.question_versions(line.version for line in sitting.paper)
    return [
        instance(versions[line.version].in_language(language), line.values)
        for line in sitting.paper
    ]


def _unreadable(question: Question, answer: Answer) -> str:
    """What is wrong with the form of a saved answer. It is kept as typed, and asked for again."""
    try:
        read(question, answer)
    except Invalid as error:
        return sentence(error)
    return ""


def judged_papers(sitting: Sitting) -> list[QuestionView]:
    """The questions of a closed attempt with everything released. For pages after the policy."""
    asked = worded(sitting)
    answers = {row.position: row.answer for row in queries.responses(sitting.id)}
    views = []
    for position, view in enumerate(papers(sitting)):
        question = asked[position]
        try:
            outcome = score(question, answers.get(position) or [])
        except Invalid:
            outcome = score(question, [])
        released = judged(view, question, outcome, order=sitting.paper[position].options)
        views.append(replace(released, locked=True, error=""))
    return views


def credits_of(sitting: Sitting) -> tuple[Credit, ...]:
    """What a closed attempt earned that has no score yet: nobody has marked it, or not all."""
    versions = catalog.question_versions(line.version for line in sitting.paper)
    answers = {row.position: row.answer for row in queries.responses(sitting.id)}
    return grade(sitting.paper, versions, answers)
