"""Reads of learning: one joined query for each hot page, and the rest where a name helps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Row, Text, and_, bindparam, cast, func, select

from mooc.accounts.queries import SIGNED_IN, VIEWER_COLUMNS, VIEWER_TABLES, Viewer, viewer_of
from mooc.catalog.queries import LiveCourse, live, names
from mooc.content.model import Course, Item
from mooc.db import UTCDateTime, db, fetch_one
from mooc.errors import NotFound
from mooc.learning import packing
from mooc.learning.grading import Line
from mooc.learning.models import Attempt, Completion, Enrollment, PracticeAnswer, Response
from mooc.learning.progress import Progress, Requirements, item_complete, progress, requirements
from mooc.learning.sitting import Closed, Rules, counting_score, deadline, time_is_up

# ------------------------------------------------------------------------------ a learner's desk


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is reading a course page and where they stand in that course, from one query.

    `packed` and `agreed` are the JSON texts as stored: cheap to compare, parsed only when needed.
    """

    viewer: Viewer
    enrollment_id: int | None
    packed: str = "{}"
    agreed: str = ""
    latest_item: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)  # present ids of items by old ones

    @property
    def states(self) -> packing.Packed:
        parsed: packing.Packed = json.loads(self.packed)
        return packing.renamed(parsed, self.renamed)

    @property
    def requirements(self) -> Requirements:
        return Requirements.from_json(json.loads(self.agreed)).renamed(self.renamed)


_enrollment, _attempt, _response = (model.__table__.c for model in (Enrollment, Attempt, Response))
_DESK = (
    select(
        *VIEWER_COLUMNS,
        _enrollment.id.label("enrollment_id"),
        cast(_enrollment.packed, Text).label("packed"),
        cast(_enrollment.requirements, Text).label("agreed"),
        _enrollment.latest_item.label("latest_item"),
    )
    .select_from(
        VIEWER_TABLES.outerjoin(
            Enrollment.__table__,
            and_(
                _enrollment.user_id == VIEWER_COLUMNS[0].element,
                _enrollment.course_id == bindparam("course_id"),
                _enrollment.active.is_(True),
            ),
        )
    )
    .where(SIGNED_IN)
)


def desk(session_code: str, course_id: str, now: datetime) -> Desk | None:
    """The viewer of a course page and their active enrollment; None when nobody is signed in.

    One query, and one more for each earlier id of a course until the enrollment is found.
    """
    published = live().get(course_id)
    row = fetch_one(_DESK, {"session_code": session_code, "course_id": course_id})
    for name in published.course.aliases if published else ():
        if row is None or row.enrollment_id is not None:
            break
        row = fetch_one(_DESK, {"session_code": session_code, "course_id": name})
    viewer = viewer_of(row, now) if row is not None else None
    if row is None or viewer is None:
        return None
    if row.enrollment_id is None:
        return Desk(viewer, None)
    renamed = published.course.renamed if published else {}
    return Desk(viewer, row.enrollment_id, row.packed, row.agreed, row.latest_item, renamed)


# --------------------------------------------------------------------------------- an attempt


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


# ------------------------------------------------------------------------- enrollment and progress


@dataclass(frozen=True, slots=True)
class Standing:
    """An enrollment with what was agreed and what the facts come to."""

    enrollment: Enrollment
    requirements: Requirements
    progress: Progress


def standing(enrollment_id: int) -> Standing:
    """Where a learner stands. Raises NotFound."""
    enrollment = db.session.get(Enrollment, enrollment_id)
    if enrollment is None:
        raise NotFound("enrollment", enrollment=enrollment_id)
    published = live().get(enrollment.course_id)
    course = published.course if published else None
    wanted = agreed(enrollment, course)
    items: Mapping[str, object] = (
        course.by_id if course else {item.item: item for item in wanted.items}
    )
    states = packing.states(packed(enrollment, course))
    return Standing(enrollment, wanted, progress(wanted, states, items))


def agreed(enrollment: Enrollment, course: Course | None) -> Requirements:
    """What was agreed to, by the present ids of the course's items."""
    wanted = Requirements.from_json(enrollment.requirements)
    return wanted.renamed(course.renamed) if course else wanted


def packed(enrollment: Enrollment, course: Course | None) -> packing.Packed:
    """The projection of a learner's facts, by the present ids of the course's items."""
    return packing.renamed(enrollment.packed, course.renamed if course else {})


def enrollment_of(user_id: int, course_id: str) -> Enrollment | None:
    """The active enrollment of a person in a course."""
    statement = select(Enrollment).where(
        Enrollment.user_id == user_id,
        Enrollment.course_id.in_(names(course_id)),
        Enrollment.active.is_(True),
    )
    return db.session.execute(statement).scalars().first()


def enrollments_of(user_id: int) -> dict[str, Enrollment]:
    """A person's active enrollments by the course's present id, the latest used first."""
    statement = (
        select(Enrollment)
        .where(Enrollment.user_id == user_id, Enrollment.active.is_(True))
        .order_by(func.coalesce(Enrollment.latest_at, Enrollment.enrolled_at).desc())
    )
    rows = db.session.execute(statement).scalars()
    return {names(row.course_id)[0]: row for row in rows}


def done_items(
    published: LiveCourse, agreed: Requirements, packed: packing.Packed
) -> frozenset[str]:
    """Ids of the items of a live course that are complete for this learner.

    An item newer than the enrollment is judged by its own present rule.
    """
    rules = {rule.item: rule for rule in requirements(published.course).items}
    rules.update({rule.item: rule for rule in agreed.items if rule.item in rules})
    states = packing.states(packed)
    return frozenset(
        item for item, rule in rules.items() if item in states and item_complete(rule, states[item])
    )


def continue_at(
    published: LiveCourse, agreed: Requirements, packed: packing.Packed, latest_item: str
) -> Item | None:
    """The first thing not done after the latest activity, else the first not done at all."""
    done = done_items(published, agreed, packed)
    items = list(published.course.items)
    ids = [item.id for item in items]
    latest_item = published.course.renamed.get(latest_item, latest_item)
    after = ids.index(latest_item) if latest_item in ids else 0
    for item in items[after:] + items[:after]:
        if item.id not in done:
            return item
    return None


# ------------------------------------------------------------------------ the projection, rebuilt


def rebuilt(enrollment: Enrollment) -> dict[str, Any]:
    """The projection of an enrollment, computed anew from the facts."""
    published = live().get(enrollment.course_id)
    present = published.course.renamed if published else {}
    packed: dict[str, Any] = {}
    ticks = select(Completion.item_id, Completion.done).where(
        Completion.enrollment_id == enrollment.id
    )
    for item_id, done in db.session.execute(ticks.order_by(Completion.rev)):
        packed = packing.with_completion(packed, present.get(item_id, item_id), done=done)
    practised = select(PracticeAnswer.item_id, PracticeAnswer.question_id).where(
        PracticeAnswer.enrollment_id == enrollment.id
    )
    for item_id, question_id in db.session.execute(practised.distinct()):
        packed = packing.with_practice(packed, present.get(item_id, item_id), question_id)
    attempts = select(Attempt).where(Attempt.enrollment_id == enrollment.id)
    by_item: dict[str, list[Attempt]] = {}
    for attempt in db.session.execute(attempts.order_by(Attempt.number)).scalars():
        by_item.setdefault(present.get(attempt.item_id, attempt.item_id), []).append(attempt)
    for item_id, sittings in by_item.items():
        done_ones = [one for one in closed(sittings) if one.score is not None]
        score = counting_score(sittings[-1].rules["keep"], done_ones)
        packed = packing.with_score(packed, item_id, len(done_ones), score)
    return packed


def check_packed() -> list[int]:
    """Ids of enrollments whose projection differs from the facts, for `mooc doctor`."""
    wrong = []
    for enrollment in db.session.execute(select(Enrollment)).scalars():
        published = live().get(enrollment.course_id)
        if rebuilt(enrollment) != packed(enrollment, published.course if published else None):
            wrong.append(enrollment.id)
    return wrong
