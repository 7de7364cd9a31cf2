"""Renamed courses and items: what was done under the old id counts under the new one."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from mooc.catalog import queries as catalog
from mooc.db import db
from mooc.learning import actions, queries
from mooc.learning.actions import Given
from mooc.learning.models import Attempt, Enrollment
from tests.learning.edits import Edited
from tests.learning.test_attempts import Learner

pytestmark = pytest.mark.both_databases


@pytest.fixture
def edited(app_context: Flask, tmp_path: Path, now: datetime) -> Edited:
    made = Edited(app_context, tmp_path, now)
    made.publish()
    return made


def rename_items(edited: Edited) -> None:
    db.session.commit()
    edited.change("rights/work.md", ("id: work\n", "id: what-a-work-is\naliases: [work]\n"))
    edited.change("rights/patent.md", ("id: patent\n", "id: patents\naliases: [patent]\n"))
    edited.change("rights/quiz.md", ("id: rights-quiz\n", "id: first-quiz\naliases: rights-quiz\n"))
    edited.publish()


def rename_course(edited: Edited) -> None:
    db.session.commit()
    edited.change("course.md", ("id: tiny\n", "id: small\naliases: [tiny]\n"))
    edited.publish()


def work_through(learner: Learner) -> Attempt:
    """One lesson ticked, one answered, the quiz passed."""
    user, live = learner.user.id, learner.live
    work, patent = live.course.by_id["work"], live.course.by_id["patent"]
    actions.complete(user, live, work, now=learner.now)  # type: ignore[arg-type]
    question = patent.questions[0]  # type: ignore[union-attr]
    actions.answer_practice(user, live, patent, question, "20", now=learner.now)  # type: ignore[arg-type]
    attempt = learner.start()
    learner.answer_all(attempt, 5)
    learner.submit(attempt)
    actions.mark(attempt, live, now=learner.now)
    db.session.commit()
    return attempt


def test_what_was_done_counts_under_the_new_ids(edited: Edited, now: datetime) -> None:
    learner = Learner(now)
    attempt = work_through(learner)
    before = queries.standing(learner.enrollment.id).progress
    assert (before.done, before.total) == (3, 4)
    rename_items(edited)
    after = queries.standing(learner.enrollment.id).progress
    assert (after.done, after.total, after.grade) == (3, 4, before.grade)
    assert [one.item for one in after.missing] == [one.item for one in before.missing]
    live = catalog.course("tiny")
    desk = queries.desk(learner.session, "tiny", now)
    assert desk is not None
    done = queries.done_items(live, desk.requirements, desk.states)
    assert done == {"what-a-work-is", "patents", "first-quiz"}
    quiz = live.course.by_id["first-quiz"]
    tries = queries.attempts_of(learner.enrollment.id, quiz.names)
    assert [one.code for one in tries] == [attempt.code]
    assert queries.check_packed() == []


def test_new_facts_join_the_old_ones(edited: Edited, now: datetime) -> None:
    learner = Learner(now)
    work_through(learner)
    rename_items(edited)
    learner.live = live = catalog.course("tiny")
    again = learner.start("first-quiz", token="two")
    assert again.number == 2
    learner.answer_all(again, 2)
    learner.submit(again)
    actions.mark(again, live, now=now)
    actions.uncomplete(learner.user.id, live, live.course.by_id["what-a-work-is"], now=now)  # type: ignore[arg-type]
    db.session.commit()
    enrollment = db.session.get_one(Enrollment, learner.enrollment.id)
    assert set(enrollment.packed) == {"patents", "first-quiz"}
    assert enrollment.packed["first-quiz"] == {"n": 2, "s": [1, 1]}
    assert queries.check_packed() == []
    assert queries.standing(enrollment.id).progress.done == 2


def test_an_attempt_open_while_its_quiz_is_renamed_goes_on(edited: Edited, now: datetime) -> None:
    learner = Learner(now)
    attempt = learner.start()
    rename_items(edited)
    learner.live = catalog.course("tiny")
    same = learner.start("first-quiz", token="two")
    assert same.id == attempt.id
    learner.save(same, Given(4, ("Berne",), sequence=1))
    learner.submit(same)
    actions.mark(same, learner.live, now=now)
    db.session.commit()
    assert queries.attempt_score(same) == Fraction(1, 6)
    enrollment = db.session.get_one(Enrollment, learner.enrollment.id)
    assert enrollment.packed == {"first-quiz": {"n": 1, "s": [1, 6]}}


def test_a_renamed_course_keeps_its_learners_and_takes_its_own_place(
    edited: Edited, now: datetime
) -> None:
    learner = Learner(now)
    work_through(learner)
    rename_course(edited)
    assert set(catalog.live().courses) == {"small"}
    live = catalog.course("tiny")
    assert live.course.id == "small"
    desk = queries.desk(learner.session, "small", now)
    assert desk is not None
    assert desk.enrollment_id == learner.enrollment.id
    assert queries.standing(learner.enrollment.id).progress.done == 3
    assert set(queries.enrollments_of(learner.user.id)) == {"small"}
    assert actions.enroll(learner.user.id, live, now=now).id == learner.enrollment.id
    actions.leave(learner.user.id, "small", now=now)
    assert queries.enrollment_of(learner.user.id, "small") is None
    assert actions.enroll(learner.user.id, live, now=now).active
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Enrollment)) == 1
    assert queries.check_packed() == []


def test_attempts_of_a_renamed_course_are_closed_by_the_clock(
    edited: Edited, now: datetime
) -> None:
    learner = Learner(now)
    attempt = learner.start("exam")
    rename_course(edited)
    end = attempt.started_at.replace(year=attempt.started_at.year + 1)
    assert actions.close_expired(catalog.live(), now=end) == 1
    db.session.commit()
    db.session.refresh(attempt)
    assert (attempt.state, attempt.score_num) == ("expired", 0)
