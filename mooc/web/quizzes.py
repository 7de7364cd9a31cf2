"""Quizzes and exams: the start page, answering, review, submitting, and the result."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from mooc.catalog import queries as catalog
from mooc.catalog.queries import LiveCourse
from mooc.content.model import Lesson, Quiz
from mooc.db import db, writing
from mooc.errors import NotFound
from mooc.learning import actions as learning
from mooc.learning import queries
from mooc.learning.grading import Credit, total, waiting
from mooc.learning.models import Attempt
from mooc.learning.queries import Desk, Sitting
from mooc.learning.sitting import (
    Rules,
    answers_shown,
    counting_score,
    deadline,
    may_start,
    passed,
    time_is_up,
)
from mooc.web import editions, limits, outline
from mooc.web.i18n import _
from mooc.web.questions import QuestionView, ask, in_cases
from mooc.web.security import allow, me, sign_in_first
from mooc.web.sittings import (
    credits_of,
    heading,
    is_open,
    judged_papers,
    own_sitting,
    papers,
    worded,
)

bp = Blueprint("quizzes", __name__)


# ---------------------------------------------------------------------------------- starting


@dataclass(frozen=True, slots=True)
class Try:
    """An attempt in a list: its number, when, and its score if it may be shown."""

    number: int
    code: str
    state: str
    at: datetime
    score: Fraction | None
    passed: bool


def start_page(live: LiveCourse, quiz: Quiz, desk: Desk | None) -> Any:
    """What a quiz is like before it begins. Part of `learn.item`, which found the reader."""
    if desk is None:
        return sign_in_first()
    if desk.enrollment_id is None:
        flash(_("Enroll first: it takes one click and keeps your progress."))
        return redirect(url_for("catalog.course", course_id=live.course.id), 302)
    attempts = queries.attempts_of(desk.enrollment_id, quiz.names)
    now = queries.database_now()
    rules = Rules.of(quiz)
    running = next((one for one in attempts if _is_running(one, now)), None)
    done = queries.closed(attempts, now)
    return render_template(
        "quizzes/start.html",
        live=live,
        course=live.course,
        quiz=quiz,
        module=live.course.module_of(quiz.id),
        outline=outline.html(live, quiz.id, desk),
        running=running,
        running_deadline=deadline(Rules(**running.rules), running.started_at) if running else None,
        tries=[_try(one) for one in attempts if one is not running],
        verdict=may_start(rules, done, now),
        counting=counting_score(quiz.keep, done),
        rules=rules,
        token=secrets.token_urlsafe(24),
        neighbours=live.course.neighbours(quiz.id),
    )


def retired_page(live: LiveCourse, kept: LiveCourse, quiz: Quiz, desk: Desk | None) -> Any:
    """What is left of a quiz that the course no longer has: one's own attempts."""
    if desk is None:
        return sign_in_first()
    found = queries.attempts_of(desk.enrollment_id or 0, quiz.names)
    now = queries.database_now()
    running = next((one for one in found if _is_running(one, now)), None)
    return render_template(
        "quizzes/retired.html",
        course=live.course,
        quiz=quiz,
        kept_on=kept.published_at,
        outline=outline.html(live, quiz.id, desk),
        running=running,
        tries=[_try(one) for one in found if one is not running],
    )


def _is_running(attempt: Attempt, now: datetime) -> bool:
    over = time_is_up(Rules(**attempt.rules), attempt.started_at, now)
    return attempt.state == "open" and not over


def _try(attempt: Attempt) -> Try:
    score = queries.attempt_score(attempt)
    return Try(
        number=attempt.number,
        code=attempt.code,
        state=attempt.state,
        at=attempt.started_at,
        score=score,
        passed=passed(Rules(**attempt.rules), score),
    )


@bp.post("/courses/<course_id>/<item_id>/attempts")
@allow("learner")
def start(course_id: str, item_id: str) -> Response:
    """Begin, or go on with the attempt that is open. A double click begins one."""
    live, quiz = catalog.item(course_id, item_id)
    if not isinstance(quiz, Quiz):
        raise NotFound("item", course=course_id, item=item_id)
    if quiz.pledge and "pledge" not in request.form:
        flash(_("Please confirm first that the work will be your own."), "error")
        return redirect(url_for("learn.item", course_id=course_id, item_id=item_id), 303)
    token = request.form.get("attempt", "")[:64] or secrets.token_urlsafe(24)
    user_id = me().id
    attempt = learning.start(
        user_id, live, quiz, token=f"{user_id}:{token}"[:64], now=queries.database_now()
    )
    code = attempt.code
    db.session.commit()
    return redirect(url_for(".answer", code=code), 303)


# --------------------------------------------------------------------------------- answering


@bp.get("/attempts/<code>")
@allow("learner", check="view")
def answer(code: str) -> Any:
    """All questions of an attempt, with what was answered so far."""
    sitting = own_sitting(code)
    if not is_open(sitting):
        return redirect(url_for(".result", code=code), 302)
    return _answer_page(sitting, papers(sitting))


def _answer_page(sitting: Sitting, views: list[QuestionView], **more: Any) -> str:
    end = deadline(sitting.rules, sitting.started_at)
    return render_template(
        "quizzes/answer.html",
        **heading(sitting),
        questions=views,
        groups=in_cases(views),
        tab=secrets.token_hex(8),
        deadline=end,
        seconds_left=int((end - sitting.now).total_seconds()) if end else None,
        **more,
    )


@bp.post("/attempts/<code>/save")
@allow("learner", check="view")
def save(code: str) -> Any:
    """Store the answers of a form (all questions) or of a script (one). Refuses stale tabs."""
    tab = request.form.get("tab", "")[:32]
    with writing() as connection:
        sitting = own_sitting(code, writing=connection)
        given = given_in(request.form, len(sitting.paper))
        saved = learning.save(sitting, given, tab=tab, writing=connection)
    if request.headers.get("X-Requested-With") == "fetch":
        status = 409 if saved.stale else 200
        return Response(told(sitting, saved), status, mimetype="application/json")
    if saved.stale:
        views = papers(sitting)
        return render_template(
            "quizzes/stale.html",
            **heading(sitting),
            pairs=[
                (_as_given(sitting, one), replace(views[one.position], locked=True))
                for one in saved.stale
            ],
        ), 409
    if "review" in request.form:
        return redirect(url_for(".review", code=code), 303)
    flash(_("Your answers are saved."))
    return redirect(url_for(".answer", code=code), 303)


def told(sitting: Sitting, saved: learning.Saved) -> str:
    """What a script is told of a save: when it was, and which questions were refused as stale."""
    stale = [one.position + 1 for one in saved.stale]
    return json.dumps({"saved_at": sitting.now.isoformat(), "stale": stale})


def given_in(form: MultiDict[str, str], questions: int) -> list[learning.Given]:
    """What was posted: `answer-1`, `sequence-1` and `flag-1` for the first question."""
    found = []
    for position in range(questions):
        number = position + 1
        sequence = form.get(f"sequence-{number}", "")
        if not sequence.isdecimal():
            continue
        found.append(
            learning.Given(
                position=position,
                values=tuple(form.getlist(f"answer-{number}")),
                sequence=min(int(sequence[:9]), 10**9),
                flagged=f"flag-{number}" in form,
            )
        )
    return found


def _as_given(sitting: Sitting, stale: Any) -> QuestionView:
    line = sitting.paper[stale.position]
    question = worded(sitting)[stale.position]
    number = stale.position + 1
    view = ask(
        question, name=f"given{number}", number=number, order=line.options, answer=stale.given
    )
    return replace(view, locked=True)


@bp.get("/attempts/<code>/review")
@allow("learner", check="view")
def review(code: str) -> Any:
    """What is answered, empty and flagged, before submitting."""
    sitting = own_sitting(code)
    if not is_open(sitting):
        return redirect(url_for(".result", code=code), 302)
    views = papers(sitting)
    end = deadline(sitting.rules, sitting.started_at)
    return render_template(
        "quizzes/review.html",
        **heading(sitting),
        groups=in_cases(views),
        empty=sum(not view.answered and view.type != "survey" for view in views),
        deadline=end,
        seconds_left=int((end - sitting.now).total_seconds()) if end else None,
    )


@bp.post("/attempts/<code>/submit")
@allow("learner", check="view")
def submit(code: str) -> Response:
    """Close the attempt, then mark it: a fault in marking never loses the submission."""
    sitting = own_sitting(code, writing=db.session.connection())
    limits.hit("submit", sitting.viewer.id)
    learning.submit(sitting)
    db.session.commit()
    attempt = db.session.get_one(Attempt, sitting.id)
    learning.mark(attempt, catalog.known_course(sitting.course_id), now=sitting.now)
    db.session.commit()
    return redirect(url_for(".result", code=code), 303)


# ------------------------------------------------------------------------------------ result


@bp.get("/attempts/<code>/result")
@allow("learner", check="view")
def result(code: str) -> Any:
    """The score against the pass line, what to read again, and when a retake is possible.

    Out of time and not yet swept: the result is computed and shown, and written by the sweeper.
    """
    sitting = own_sitting(code)
    if is_open(sitting):
        return redirect(url_for(".answer", code=code), 302)
    head = heading(sitting)
    live = editions.read(catalog.known_course(sitting.course_id))
    item_id = live.course.renamed.get(sitting.item_id, sitting.item_id)
    quiz = live.course.by_id.get(item_id)
    names = quiz.names if quiz else (item_id,)
    attempts = queries.attempts_of(sitting.enrollment_id, names)
    done = queries.closed(attempts, sitting.now)
    shown = answers_shown(sitting.rules, done)
    views = judged_papers(sitting)
    marks = credits_of(sitting) if sitting.score is None else ()
    unread = waiting(marks)
    reached = sitting.score if sitting.score is not None else None if unread else total(marks)
    graded = [view for view in views if view.verdict and view.verdict.state != "thanks"]
    rules = Rules.of(quiz) if isinstance(quiz, Quiz) else sitting.rules
    return render_template(
        "quizzes/result.html",
        **head,
        score=reached,
        passed=passed(sitting.rules, reached),
        groups=in_cases(views) if shown else [],
        waiting=unread,
        marked=_points(marks),
        right=sum(view.verdict is not None and view.verdict.state == "right" for view in graded),
        total=len(graded),
        reread=_to_read_again(live, sitting, views),
        verdict=may_start(rules, done, sitting.now) if isinstance(quiz, Quiz) else None,
        after=live.course.neighbours(item_id)[1] if quiz else None,
        took=(sitting.finished_at or sitting.now) - sitting.started_at,
    )


def _points(earned: Sequence[Credit]) -> tuple[int, int]:
    """Of what is marked: points earned, rounded down, and points possible."""
    marked = [(credit.share, credit.points) for credit in earned if credit.share is not None]
    return int(sum(share * worth for share, worth in marked)), sum(worth for _, worth in marked)


def _to_read_again(live: LiveCourse, sitting: Sitting, views: list[QuestionView]) -> list[Lesson]:
    """Lessons whose practice questions share a tag with a question that was not fully right."""
    versions = catalog.question_versions(line.version for line in sitting.paper)
    missed: set[str] = set()
    for line, view in zip(sitting.paper, views, strict=True):
        if view.verdict is None or view.verdict.state in ("wrong", "partly", "empty"):
            missed.update(versions[line.version].tags)
    return [
        item
        for item in live.course.items
        if isinstance(item, Lesson)
        and any(missed & set(question.tags) for question in item.questions)
    ]
