"""Start, save, submit and mark an attempt. The server owns it; what was acknowledged is stored."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from mooc.catalog.queries import Catalog, LiveCourse, question_versions
from mooc.content.model import Question, Quiz
from mooc.content.questions import Answer
from mooc.content.questions import given as given_in
from mooc.db import db
from mooc.errors import Conflict, Invalid
from mooc.learning.actions.enrollments import active_enrollment
from mooc.learning.actions.scores import recount
from mooc.learning.draw import draw, latest_seen
from mooc.learning.grading import Line, grade, waiting
from mooc.learning.models import Attempt, Enrollment, Mark, Response
from mooc.learning.queries import Sitting, attempts_of, closed, responses
from mooc.learning.sitting import Rules, deadline, may_start, time_is_up


def start(user_id: int, live: LiveCourse, quiz: Quiz, *, token: str, now: datetime) -> Attempt:
    """Open an attempt and fix its paper; an attempt still open is returned instead. Idempotent.

    Raises Conflict `attempt.limit` or `attempt.wait`. `now` is the database's clock.
    """
    enrollment = active_enrollment(user_id, live.course.id)
    earlier = attempts_of(enrollment.id, quiz.names)
    for attempt in earlier:
        if attempt.token == token:
            return attempt
        if attempt.state == "open":
            if not time_is_up(Rules(**attempt.rules), attempt.started_at, now):
                return attempt
            _expire(attempt)
            mark(attempt, live, now=now)
    rules = Rules.of(quiz)
    verdict = may_start(rules, closed(earlier), now)
    if not verdict.allowed:
        raise Conflict(f"attempt.{verdict.reason}", quiz=quiz.title, at=verdict.at)
    code = secrets.token_hex(16)
    attempt = Attempt(
        code=code,
        token=token,
        enrollment_id=enrollment.id,
        user_id=user_id,
        course_id=live.course.id,
        item_id=quiz.id,
        number=len(earlier) + 1,
        release_id=live.release_id,
        rules=rules.to_json(),
        started_at=now,
        **_paper(live, quiz, earlier, seed=code),
    )
    db.session.add(attempt)
    enrollment.latest_item, enrollment.latest_at = quiz.id, now
    db.session.flush()
    return attempt


def _paper(live: LiveCourse, quiz: Quiz, earlier: Sequence[Attempt], seed: str) -> dict[str, Any]:
    """The drawn questions as they are stored, and the points they hold."""
    papers = [(attempt.number, [line["question"] for line in attempt.paper]) for attempt in earlier]
    pools = {pool.id: pool for pool in live.course.pools}
    drawn = draw(quiz, pools, latest_seen(papers), seed)
    paper = [
        {
            "version": live.versions[one.question.id],
            "question": one.question.id,
            "points": one.question.points,
            "options": list(one.options),
            **({"values": dict(one.values)} if one.values else {}),
        }
        for one in drawn
    ]
    return {"paper": paper, "points": sum(one.question.points for one in drawn)}


@dataclass(frozen=True, slots=True)
class Given:
    """What a form or script sent for one question: values as posted, and their sequence number.

    Of what was chosen the values are places in the order shown ("0", "2"), so that nothing about
    an option's key reaches the page. A question of several slots has a value for each.
    """

    position: int
    values: tuple[str, ...]
    sequence: int
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Stale:
    """An answer that was refused because another tab has saved a newer one."""

    position: int
    given: Answer
    stored: Answer


@dataclass(frozen=True, slots=True)
class Saved:
    """Positions whose answer now stands, and those refused as stale."""

    stored: tuple[int, ...]
    stale: tuple[Stale, ...]


def save(sitting: Sitting, given: Sequence[Given], *, tab: str, writing: Connection) -> Saved:
    """Store answers of an open attempt. Repeating a save changes nothing; stale ones are refused.

    Takes the connection that read the sitting: nothing else of a session is needed here, and this
    is what a site does most often during an exam.

    Raises Conflict `attempt.closed` when it was submitted or its time, grace included, is up.
    """
    if sitting.state != "open" or time_is_up(sitting.rules, sitting.started_at, sitting.now):
        raise Conflict("attempt.closed", attempt=sitting.code)
    stored: list[int] = []
    stale: list[Stale] = []
    answers = _answers(sitting.paper, given, writing)
    for one, answer in zip(given, answers, strict=True):
        row = {
            "attempt_id": sitting.id,
            "position": one.position,
            "answer": answer,
            "flagged": one.flagged,
            "sequence": one.sequence,
            "tab": tab,
            "saved_at": sitting.now,
        }
        newest = _store(row, writing)
        if newest is None or newest.answer == answer or newest.tab == tab:
            stored.append(one.position)
        else:
            stale.append(Stale(one.position, answer, newest.answer))
    return Saved(tuple(stored), tuple(stale))


def _upsert(module: Any) -> Any:
    """Insert an answer, or replace one of a lower sequence; the id comes back if it stands."""
    table = Response.__table__
    statement = module.insert(table)
    replaced = ("answer", "flagged", "sequence", "tab", "saved_at")
    return statement.on_conflict_do_update(
        index_elements=["attempt_id", "position"],
        set_={name: statement.excluded[name] for name in replaced},
        where=statement.excluded.sequence > table.c.sequence,
    ).returning(table.c.id)


_UPSERTS = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}


def _store(row: dict[str, Any], writing: Connection) -> Any:
    """Store an answer; None when it stands, else the newer one that was there before."""
    if writing.execute(_UPSERTS[writing.dialect.name], row).scalar_one_or_none() is not None:
        return None
    table = Response.__table__.c
    statement = select(table.answer, table.tab).where(
        table.attempt_id == row["attempt_id"], table.position == row["position"]
    )
    return writing.execute(statement).one()


def _answers(paper: Sequence[Line], given: Sequence[Given], writing: Connection) -> list[Answer]:
    """The answers in the form they are stored: see `content.questions`. Raises Invalid."""
    for one in given:
        if not 0 <= one.position < len(paper):
            raise Invalid("answer.unknown_question", position=one.position)
    lines = [paper[one.position] for one in given]
    versions = question_versions((line.version for line in lines), writing)
    return [
        given_in(versions[line.version], line.options, one.values)
        for line, one in zip(lines, given, strict=True)
    ]


def submit(sitting: Sitting) -> None:
    """Close an attempt by its learner's wish; a second submit finds it closed and changes nothing.

    Out of time, it closes as expired with its deadline as the finish. Marking is a separate step.
    """
    if time_is_up(sitting.rules, sitting.started_at, sitting.now):
        state, finished = "expired", deadline(sitting.rules, sitting.started_at)
    else:
        state, finished = "submitted", sitting.now
    db.session.execute(
        update(Attempt)
        .where(Attempt.id == sitting.id, Attempt.state == "open")
        .values(state=state, finished_at=finished)
    )


def _expire(attempt: Attempt) -> None:
    attempt.state = "expired"
    attempt.finished_at = deadline(Rules(**attempt.rules), attempt.started_at)
    db.session.flush()


def mark(attempt: Attempt, live: LiveCourse, *, now: datetime) -> None:
    """Mark a closed attempt from the versions it holds. Marking it again changes nothing.

    With answers that a person must read it gets its marks, but no score: it neither passes nor
    fails, and counts for nothing until they are marked.
    """
    enrollment = db.session.execute(
        select(Enrollment).where(Enrollment.id == attempt.enrollment_id).with_for_update()
    ).scalar_one()
    db.session.refresh(attempt)  # another tab may have had it marked while this one waited
    if attempt.state == "open" or attempt.score_num is not None or attempt.waiting:
        return
    paper = [Line.from_json(line) for line in attempt.paper]
    questions: dict[int, Question] = question_versions(line.version for line in paper)
    answers = {row.position: row.answer for row in responses(attempt.id)}
    earned = grade(paper, questions, answers)
    rows = [
        {
            "attempt_id": attempt.id,
            "position": credit.position,
            "round": 0,
            "question_version_id": credit.version,
            "credit_num": None if credit.share is None else credit.share.numerator,
            "credit_den": None if credit.share is None else credit.share.denominator,
            "points": credit.points,
            "at": now,
        }
        for credit in earned
    ]
    if rows:
        db.session.execute(insert(Mark), rows)
    if waiting(earned) == 0:
        present = live.course.renamed.get(attempt.item_id, attempt.item_id)
        enrollment.latest_item, enrollment.latest_at = present, now
    recount(enrollment, live, attempt.item_id, now)


def close_expired(live_courses: Catalog, *, now: datetime) -> int:
    """Close attempts whose time is up and mark closed ones a crash left unmarked; how many.

    The sweeper's part: pages show the same without it, since they compute the deadline.
    """
    statement = (
        select(Attempt)
        .where((Attempt.state == "open") | (Attempt.score_num.is_(None) & (Attempt.waiting == 0)))
        .order_by(Attempt.id)
        .with_for_update(skip_locked=True)
    )
    touched = 0
    for attempt in db.session.execute(statement).scalars():
        live = live_courses.get(attempt.course_id)
        if live is None:
            continue
        if attempt.state == "open":
            if not time_is_up(Rules(**attempt.rules), attempt.started_at, now):
                continue
            _expire(attempt)
        mark(attempt, live, now=now)
        touched += 1
    return touched
