"""All that is kept about a person, as JSON values: for “download my data”.

Correct answers, drawn papers of open attempts and secrets are no data about a person, and not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from mooc.accounts.queries import account_data
from mooc.certificates.models import Certificate
from mooc.db import db
from mooc.learning.models import Attempt, Completion, Enrollment, PracticeAnswer, Response


def my_data(user_id: int) -> Mapping[str, Any]:
    """Everything, by the part of the site that keeps it."""
    return {name: part(user_id) for name, part in PARTS.items()}


def learning_data(user_id: int) -> Mapping[str, Any]:
    """Enrollments and what was done in them."""
    mine = select(Enrollment.id).where(Enrollment.user_id == user_id)
    sat = select(Attempt.id).where(Attempt.user_id == user_id)
    return {
        "enrollments": _rows(
            (
                *(Enrollment.id, Enrollment.course_id, Enrollment.active, Enrollment.enrolled_at),
                *(Enrollment.requirements, Enrollment.latest_item, Enrollment.latest_at),
                Enrollment.passed_at,
            ),
            Enrollment.user_id == user_id,
        ),
        "completions": _rows(
            (Completion.enrollment_id, Completion.item_id, Completion.done, Completion.at),
            Completion.enrollment_id.in_(mine),
        ),
        "practice_answers": _rows(
            (
                *(PracticeAnswer.enrollment_id, PracticeAnswer.item_id, PracticeAnswer.question_id),
                *(PracticeAnswer.answer, PracticeAnswer.credit_num, PracticeAnswer.credit_den),
                PracticeAnswer.at,
            ),
            PracticeAnswer.enrollment_id.in_(mine),
        ),
        "attempts": _rows(
            (
                *(Attempt.id, Attempt.enrollment_id, Attempt.item_id, Attempt.number),
                *(Attempt.state, Attempt.started_at, Attempt.finished_at),
                *(Attempt.score_num, Attempt.score_den, Attempt.waiting),
            ),
            Attempt.user_id == user_id,
        ),
        "responses": _rows(
            (Response.attempt_id, Response.position, Response.answer, Response.saved_at),
            Response.attempt_id.in_(sat),
        ),
    }


def certificate_data(user_id: int) -> list[Mapping[str, Any]]:
    """Certificates with what is printed on them."""
    return _rows(
        (
            *(Certificate.code, Certificate.name, Certificate.course_id, Certificate.course_title),
            *(Certificate.hours, Certificate.mark, Certificate.awarded_at, Certificate.issued_at),
            *(Certificate.valid_until, Certificate.record_hash),
        ),
        Certificate.user_id == user_id,
    )


PARTS: Mapping[str, Callable[[int], Any]] = {
    "accounts": account_data,
    "learning": learning_data,
    "certificates": certificate_data,
}


def _rows(columns: Iterable[InstrumentedAttribute[Any]], which: Any) -> list[Mapping[str, Any]]:
    """Rows as dictionaries of JSON values, in the order in which they came about."""
    wanted = list(columns)
    model = wanted[0].class_
    found = db.session.execute(select(*wanted).where(which).order_by(model.id)).mappings()
    return [{name: _plain(value) for name, value in row.items()} for row in found]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
