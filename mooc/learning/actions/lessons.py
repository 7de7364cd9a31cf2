"""Tick and untick lessons, answer practice questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from mooc.catalog.queries import LiveCourse
from mooc.content.model import Lesson, Question
from mooc.content.questions import Answer, Score, score
from mooc.db import db
from mooc.errors import Conflict
from mooc.learning import packing
from mooc.learning.actions.enrollments import active_enrollment, note_fact
from mooc.learning.models import Completion, Enrollment, PracticeAnswer
from mooc.learning.queries import Desk


def complete(user_id: int, live: LiveCourse, lesson: Lesson, *, now: datetime) -> None:
    """Tick a lesson. Idempotent. Raises Conflict while its questions are still open."""
    enrollment = active_enrollment(user_id, live.course.id)
    if lesson.complete != "read" and open_questions(enrollment, lesson):
        raise Conflict("lesson.questions_open", lesson=lesson.id)
    _tick(enrollment, live, lesson, done=True, actor_id=user_id, now=now)


def uncomplete(user_id: int, live: LiveCourse, lesson: Lesson, *, now: datetime) -> None:
    """Take a tick back. Idempotent."""
    enrollment = active_enrollment(user_id, live.course.id)
    _tick(enrollment, live, lesson, done=False, actor_id=user_id, now=now)


_ANSWERED = insert(PracticeAnswer.__table__)  # type: ignore[arg-type]


def answer_practice_again(
    desk: Desk,
    live: LiveCourse,
    lesson: Lesson,
    question: Question,
    answer: Answer,
    *,
    now: datetime,
    writing: Connection,
) -> Score:
    """Judge and remember an answer to a question answered before: see `practised`.

    Nothing but the fact itself changes then, so one INSERT does: this is the common case of
    practising, and a hot one.
    """
    result = score(question, answer)
    enrollment_id = desk.enrollment_id or 0
    fact = _practice_fact(enrollment_id, live, lesson, question, answer, result, now)
    writing.execute(_ANSWERED, fact)
    return result


def practised(desk: Desk, lesson: Lesson, question: Question) -> bool:
    """Whether an enrolled learner has answered this question before."""
    return question.id in packing.answered(desk.states, lesson.id)


def _practice_fact(
    enrollment_id: int,
    live: LiveCourse,
    lesson: Lesson,
    question: Question,
    answer: Answer,
    result: Score,
    now: datetime,
) -> dict[str, Any]:
    marked = result.graded and not result.waiting
    return {
        "enrollment_id": enrollment_id,
        "item_id": lesson.id,
        "question_id": question.id,
        "scoring_hash": question.scoring_hash,
        "answer": answer,
        "credit_num": result.credit.numerator if marked else None,
        "credit_den": result.credit.denominator if marked else None,
        "at": now,
        "release_id": live.release_id,
    }


def answer_practice(
    user_id: int,
    live: LiveCourse,
    lesson: Lesson,
    question: Question,
    answer: Answer,
    *,
    now: datetime,
) -> Score:
    """Judge a practice answer and remember it. A badly formed one raises Invalid, costing nothing.

    In a lesson of `complete: questions` the last answer, right or wrong, completes the lesson.
    """
    result = score(question, answer)
    enrollment = active_enrollment(user_id, live.course.id)
    fact = _practice_fact(enrollment.id, live, lesson, question, answer, result, now)
    db.session.connection().execute(_ANSWERED, fact)
    if question.id not in packing.answered(enrollment.packed, lesson.id):
        packed = packing.with_practice(enrollment.packed, lesson.id, question.id)
        note_fact(enrollment, live, lesson.id, packed, now)
        if lesson.complete == "questions" and not open_questions(enrollment, lesson):
            _tick(enrollment, live, lesson, done=True, actor_id=user_id, now=now)
    return result


def open_questions(enrollment: Enrollment, lesson: Lesson) -> list[Question]:
    """The practice questions of a lesson that were not answered yet."""
    answered = packing.answered(enrollment.packed, lesson.id)
    return [question for question in lesson.questions if question.id not in answered]


def _tick(
    enrollment: Enrollment,
    live: LiveCourse,
    lesson: Lesson,
    *,
    done: bool,
    actor_id: int,
    now: datetime,
) -> None:
    was = packing.states(enrollment.packed).get(lesson.id)
    if (was is not None and was.complete) == done:
        return
    packed = packing.with_completion(enrollment.packed, lesson.id, done=done)
    note_fact(enrollment, live, lesson.id, packed, now)
    db.session.add(
        Completion(
            enrollment_id=enrollment.id,
            item_id=lesson.id,
            rev=enrollment.rev,
            done=done,
            at=now,
            actor_id=actor_id,
            release_id=live.release_id,
        )
    )
