"""Attempts in the database: started once, saved in order, closed once, marked exactly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from flask import Flask
from sqlalchemy import select, update

from mooc.accounts.actions import start_session
from mooc.accounts.models import User
from mooc.catalog import queries as catalog
from mooc.catalog.queries import LiveCourse
from mooc.content.model import Quiz
from mooc.db import db
from mooc.errors import Conflict, Invalid, NotAllowed, NotFound
from mooc.learning import actions, queries
from mooc.learning.actions import Given
from mooc.learning.models import Attempt, Completion, Enrollment, Mark, Response
from mooc.learning.queries import Sitting
from mooc.operations.models import Job
from tests.factories import make_user

pytestmark = pytest.mark.both_databases

RIGHT = {
    "quiz-novel": ["copyright"],
    "quiz-works": ["song", "photo"],
    "quiz-idea": ["no"],
    "quiz-years": "20",
    "quiz-city": "Berne",
    "pool-invention": ["patent"],
    "pool-sign": ["mark"],
    "pool-painting": ["copyright"],
    "pool-fact": ["no"],
}


class Learner:
    """Somebody enrolled in the tiny course, and the verbs of a quiz in short."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.user: User = make_user()
        self.session = start_session(self.user, browser="test", now=now)
        self.live: LiveCourse = catalog.course("tiny")
        self.enrollment = actions.enroll(self.user.id, self.live, now=now)
        db.session.commit()

    def quiz(self, item: str = "rights-quiz") -> Quiz:
        found = self.live.course.by_id[item]
        assert isinstance(found, Quiz)
        return found

    def start(self, item: str = "rights-quiz", token: str = "one") -> Attempt:
        attempt = actions.start(
            self.user.id, self.live, self.quiz(item), token=token, now=queries.database_now()
        )
        db.session.commit()
        return attempt

    def sitting(self, attempt: Attempt) -> Sitting:
        return queries.sitting(self.session, attempt.code, self.now)

    def save(self, attempt: Attempt, *given: Given, tab: str = "tab") -> actions.Saved:
        writing = db.session.connection()
        saved = actions.save(self.sitting(attempt), given, tab=tab, writing=writing)
        db.session.commit()
        return saved

    def answer_all(self, attempt: Attempt, right: int) -> None:
        """Answer the first `right` questions rightly and leave the rest."""
        given = []
        for position, line in enumerate(attempt.paper[:right]):
            answer = RIGHT[line["question"]]
            places = (
                (answer,)
                if isinstance(answer, str)
                else tuple(str(line["options"].index(key)) for key in answer)
            )
            given.append(Given(position, places, sequence=1))
        self.save(attempt, *given)

    def submit(self, attempt: Attempt) -> None:
        actions.submit(self.sitting(attempt))
        db.session.commit()
        db.session.refresh(attempt)
        actions.mark(attempt, self.live, now=self.now)
        db.session.commit()

    def backdate(self, attempt: Attempt, minutes: float) -> None:
        """Let the attempt have started that long ago."""
        moment = queries.database_now() - timedelta(minutes=minutes)
        db.session.execute(
            update(Attempt).where(Attempt.id == attempt.id).values(started_at=moment)
        )
        db.session.commit()
        db.session.refresh(attempt)


@pytest.fixture
def lena(tiny: str, app_context: Flask, now: datetime) -> Learner:
    return Learner(now)


def test_starting_twice_gives_the_same_attempt(lena: Learner) -> None:
    first = lena.start(token="click")
    assert lena.start(token="click").id == first.id, "a double click"
    assert lena.start(token="other tab").id == first.id, "one open attempt"


def test_the_paper_is_fixed_at_the_start(lena: Learner) -> None:
    attempt = lena.start()
    assert [line["question"] for line in attempt.paper] == [
        "quiz-novel",
        "quiz-works",
        "quiz-idea",
        "quiz-years",
        "quiz-city",
    ]
    assert attempt.points == 600
    assert lena.sitting(attempt).paper == lena.sitting(attempt).paper


def test_a_saved_answer_stands_and_saving_it_again_changes_nothing(lena: Learner) -> None:
    attempt = lena.start()
    for _twice in range(2):
        saved = lena.save(attempt, Given(3, ("20",), sequence=1))
        assert (saved.stored, saved.stale) == ((3,), ())
    rows = queries.responses(attempt.id)
    assert [(row.position, row.answer, row.sequence) for row in rows] == [(3, "20", 1)]


def test_an_older_save_of_the_same_tab_is_ignored(lena: Learner) -> None:
    attempt = lena.start()
    lena.save(attempt, Given(3, ("20",), sequence=2))
    assert lena.save(attempt, Given(3, ("1",), sequence=1)).stale == ()
    assert queries.responses(attempt.id)[0].answer == "20"


def test_a_stale_tab_is_refused_with_both_answers(lena: Learner) -> None:
    attempt = lena.start()
    lena.save(attempt, Given(3, ("20",), sequence=1), tab="phone")
    saved = lena.save(attempt, Given(3, ("10",), sequence=1), tab="laptop")
    assert saved.stored == ()
    assert [(one.given, one.stored) for one in saved.stale] == [("10", "20")]
    assert queries.responses(attempt.id)[0].answer == "20"


def test_places_in_the_order_shown_are_stored_as_keys(lena: Learner) -> None:
    attempt = lena.start()
    options = attempt.paper[1]["options"]
    lena.save(attempt, Given(1, ("0", "2"), sequence=1))
    assert queries.responses(attempt.id)[0].answer == [options[0], options[2]]


@pytest.mark.parametrize("values", [("3",), ("-1",), ("copyright",)])
def test_a_place_that_is_not_there_is_refused(lena: Learner, values: tuple[str, ...]) -> None:
    attempt = lena.start()
    with pytest.raises(Invalid, match=r"answer\.unknown_option"):
        lena.save(attempt, Given(0, values, sequence=1))


def test_submitting_marks_exactly_and_only_once(lena: Learner) -> None:
    attempt = lena.start()
    lena.answer_all(attempt, right=2)
    for _twice in range(2):
        lena.submit(attempt)
    assert attempt.state == "submitted"
    assert Fraction(attempt.score_num or 0, attempt.score_den or 1) == Fraction(3, 6)
    marks = db.session.scalars(select(Mark).where(Mark.attempt_id == attempt.id)).all()
    assert len(marks) == 5


def test_nothing_is_saved_after_submitting(lena: Learner) -> None:
    attempt = lena.start()
    lena.submit(attempt)
    with pytest.raises(Conflict, match=r"attempt\.closed"):
        lena.save(attempt, Given(3, ("20",), sequence=9))
    assert db.session.scalars(select(Response)).all() == []


def test_the_limit_of_attempts_holds(lena: Learner) -> None:
    for token in ("one", "two"):
        lena.submit(lena.start("exam", token))
    with pytest.raises(Conflict, match=r"attempt\.limit"):
        lena.start("exam", "three")


def test_a_second_attempt_draws_questions_not_seen_before(lena: Learner) -> None:
    first = lena.start("exam", "one")
    lena.submit(first)
    second = lena.start("exam", "two")
    ids = [{line["question"] for line in attempt.paper} for attempt in (first, second)]
    assert ids[0] & ids[1] == set()


def test_within_the_grace_an_answer_counts_and_later_it_does_not(lena: Learner) -> None:
    attempt = lena.start("exam")
    lena.backdate(attempt, 20.1)
    lena.answer_all(attempt, right=1)
    lena.backdate(attempt, 20.5)
    with pytest.raises(Conflict, match=r"attempt\.closed"):
        lena.answer_all(attempt, right=2)


def test_the_sweeper_closes_and_marks_what_time_has_run_out_on(lena: Learner) -> None:
    attempt = lena.start("exam")
    lena.answer_all(attempt, right=2)
    now = queries.database_now()
    assert actions.close_expired(catalog.live().courses, now=now) == 0
    lena.backdate(attempt, 21)
    assert actions.close_expired(catalog.live().courses, now=now) == 1
    db.session.commit()
    db.session.refresh(attempt)
    assert attempt.state == "expired"
    assert attempt.finished_at == attempt.started_at + timedelta(minutes=20)
    assert (attempt.score_num, attempt.score_den) == (1, 1)


def test_an_attempt_submitted_but_not_marked_is_marked_by_the_sweeper(lena: Learner) -> None:
    attempt = lena.start()
    lena.answer_all(attempt, right=5)
    actions.submit(lena.sitting(attempt))
    db.session.commit()
    assert actions.close_expired(catalog.live().courses, now=lena.now) == 1
    db.session.commit()
    db.session.refresh(attempt)
    assert (attempt.score_num, attempt.score_den) == (1, 1)


def test_an_attempt_of_somebody_else_is_not_there(lena: Learner) -> None:
    attempt = lena.start()
    other = Learner(lena.now)
    with pytest.raises(NotFound):
        other.sitting(attempt)


def test_who_left_the_course_cannot_start(lena: Learner) -> None:
    actions.leave(lena.user.id, "tiny", now=lena.now)
    db.session.commit()
    with pytest.raises(NotAllowed):
        lena.start()


def finish(lena: Learner) -> None:
    """Everything the certificate takes."""
    for lesson_id in ("work", "patent"):
        lesson = lena.live.course.by_id[lesson_id]
        for question in lesson.questions:  # type: ignore[union-attr]
            answer = "20" if question.id == "patent-years" else []
            if answer:
                actions.answer_practice(
                    lena.user.id,
                    lena.live,
                    lesson,
                    question,
                    answer,
                    now=lena.now,  # type: ignore[arg-type]
                )
        actions.complete(lena.user.id, lena.live, lesson, now=lena.now)  # type: ignore[arg-type]
    for item in ("rights-quiz", "exam"):
        attempt = lena.start(item, item)
        lena.answer_all(attempt, right=5)
        lena.submit(attempt)


def test_passing_is_noted_once_and_promises_one_look_at_the_certificate(lena: Learner) -> None:
    finish(lena)
    enrollment = db.session.get_one(Enrollment, lena.enrollment.id)
    passed_at = enrollment.passed_at
    assert passed_at is not None
    lena.submit(lena.start("rights-quiz", "again"))
    db.session.refresh(enrollment)
    assert enrollment.passed_at == passed_at, "a worse try takes nothing back"
    jobs = db.session.scalars(select(Job).where(Job.kind == "certificate.consider")).all()
    assert [job.row_id for job in jobs] == [enrollment.id]


def test_the_projection_equals_the_facts_all_along(lena: Learner) -> None:
    finish(lena)
    work = lena.live.course.by_id["work"]
    actions.uncomplete(lena.user.id, lena.live, work, now=lena.now)  # type: ignore[arg-type]
    db.session.commit()
    assert queries.check_packed() == []
    ticks = db.session.scalars(select(Completion.done).order_by(Completion.rev)).all()
    assert ticks == [True, True, False]


def test_a_lesson_with_open_questions_cannot_be_ticked(lena: Learner) -> None:
    patent = lena.live.course.by_id["patent"]
    with pytest.raises(Conflict, match=r"lesson\.questions_open"):
        actions.complete(lena.user.id, lena.live, patent, now=lena.now)  # type: ignore[arg-type]


def test_coming_back_restores_everything(lena: Learner) -> None:
    finish(lena)
    before = dict(db.session.get_one(Enrollment, lena.enrollment.id).packed)
    actions.leave(lena.user.id, "tiny", now=lena.now)
    again = actions.enroll(lena.user.id, lena.live, now=lena.now)
    assert (again.id, again.active, again.packed) == (lena.enrollment.id, True, before)


def test_one_desk_query_finds_viewer_and_enrollment(
    lena: Learner, query_count: Callable[[], object]
) -> None:
    with query_count() as queries_sent:  # type: ignore[attr-defined]
        desk = queries.desk(lena.session, "tiny", lena.now)
    assert desk is not None
    assert desk.viewer.id == lena.user.id
    assert desk.enrollment_id == lena.enrollment.id
    assert len(queries_sent) == 1
