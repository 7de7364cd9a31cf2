"""Sittings and their answers: one joined query for hot pages, lists of attempts for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from mooc.accounts.queries import SIGNED_IN, VIEWER_COLUMNS, VIEWER_TABLES, Viewer, viewer_of
from mooc.db import UTCDateTime, db, fetch_one
from mooc.errors import NotFound
from mooc.learning.grading import Line
from mooc.learning.models import Attempt, Response
from mooc.learning.sitting import Closed, Rules, deadline, time_is_up

_attempt, _response = Attempt.__table__.c, Response.__table__.c


@dataclass(frozen=True, slots=True)
class Sitting:
    """An attempt as its own learner's pages need it. `now` is the database's clock, UTC."""

    viewer: Viewer
    id: int
    code: str
    enrollment_id: int
    course_id: str
    item_id: str
    number: int
    state: str
    started_at: datetime
    finished_at: datetime | None
    now: datetime
    rules: Rules
    paper: tuple[Line, ...]
    score: Fraction | None
    release_id: int


_SITTING = (
    select(
        *VIEWER_COLUMNS,
        _attempt.id,
        _attempt.code,
        _attempt.enrollment_id,
        _attempt.course_id,
        _attempt.item_id,
        _attempt.number,
        _attempt.state,
        _attempt.started_at,
        _attempt.finished_at,
        _attempt.rules,
        _attempt.paper,
        _attempt.score_num,
        _attempt.score_den,
        _attempt.release_id,
        func.current_timestamp(type_=UTCDateTime).label("now"),
    )
    .select_from(
        VIEWER_TABLES.join(Attempt.__table__, _attempt.user_id == VIEWER_COLUMNS[0].element)
    )
    .where(SIGNED_IN, _attempt.code == bindparam("attempt_code"))
)
_SITTING_LOCKED = _SITTING.with_for_update(of=Attempt.__table__)


def sitting(
    session_code: str, attempt_code: str, now: datetime, *, writing: Connection | None = None
) -> Sitting:
    """The attempt with this code if it is the signed-in learner's own. Raises NotFound.

    With the connection that is about to write, other writers of this attempt wait until its
    transaction ends.
    """
    parameters = {"session_code": session_code, "attempt_code": attempt_code}
    row = (
        fetch_one(_SITTING, parameters)
        if writing is None
        else writing.execute(_SITTING_LOCKED, parameters).first()
    )
    viewer = viewer_of(row, now) if row is not None else None
    if row is None or viewer is None:
        raise NotFound("attempt", attempt=attempt_code)
    return _sitting(row, viewer)


def _sitting(row: Any, viewer: Viewer) -> Sitting:
    return Sitting(
        viewer=viewer,
        id=row.id,
        code=row.code,
        enrollment_id=row.enrollment_id,
        course_id=row.course_id,
        item_id=row.item_id,
        number=row.number,
        state=row.state,
        started_at=row.started_at,
        finished_at=row.finished_at,
        now=row.now,
        rules=Rules(**row.rules),
        paper=tuple(Line.from_json(line) for line in row.paper),
        score=None if row.score_num is None else Fraction(row.score_num, row.score_den),
        release_id=row.release_id,
    )


def database_now() -> datetime:
    """The database's clock: the one deadlines are kept by, however many servers there are."""
    moment: datetime = db.session.execute(
        select(func.current_timestamp(type_=UTCDateTime))
    ).scalar_one()
    return moment


_RESPONSES = select(
    _response.position,
    _response.answer,
    _response.flagged,
    _response.sequence,
    _response.saved_at,
).where(_response.attempt_id == bindparam("attempt_id"))


def responses(attempt_id: int) -> list[Row[Any]]:
    """The answers that stand in an attempt: position, answer, flagged, sequence, saved_at."""
    return list(db.session.connection().execute(_RESPONSES, {"attempt_id": attempt_id}))


def attempts_of(enrollment_id: int, names: Sequence[str]) -> list[Attempt]:
    """All attempts of one learner at one quiz, by all ids it ever had, in order."""
    statement = (
        select(Attempt)
        .where(Attempt.enrollment_id == enrollment_id, Attempt.item_id.in_(names))
        .order_by(Attempt.number)
    )
    return list(db.session.execute(statement).scalars())


def closed(attempts: Sequence[Attempt], now: datetime | None = None) -> list[Closed]:
    """The finished ones, as the rules of sitting need them.

    With `now`, also those whose time is up and which the sweeper has not closed yet.
    """
    found = []
    for attempt in attempts:
        finished = attempt.finished_at
        if attempt.state == "open":
            rules = Rules(**attempt.rules)
            if now is None or not time_is_up(rules, attempt.started_at, now):
                continue
            finished = deadline(rules, attempt.started_at)
        if finished is not None:
            found.append(Closed(attempt.number, finished, attempt_score(attempt)))
    return found


def attempt_score(attempt: Attempt) -> Fraction | None:
    """The marked score of an attempt, 0 to 1."""
    if attempt.score_num is None or attempt.score_den is None:
        return None
    return Fraction(attempt.score_num, attempt.score_den)
