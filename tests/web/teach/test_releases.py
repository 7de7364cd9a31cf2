"""The releases of a course, for those who teach it: the list, the last push, going back."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from mooc.catalog import queries
from mooc.catalog.models import Push
from mooc.db import db
from mooc.operations.models import AuditEvent
from tests.conftest import TINY, Cast, publish
from tests.pages import CheckingClient
from tests.web.quizzes.test_quiz import form

PAGE = "/teach/tiny/releases"


@pytest.fixture
def two(app: Flask, tmp_path: Path, now: datetime) -> str:
    """A course published twice, with another title the second time."""
    folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    publish(app, folder, now - timedelta(days=1))
    course = folder / "course.md"
    course.write_text(course.read_text().replace("A tiny course", "A tiny course, again", 1))
    return publish(app, folder, now)


def title(app: Flask) -> str:
    with app.app_context():
        return queries.refresh().courses["tiny"].course.title


def test_the_list_says_what_each_release_changed(two: str, instructor: CheckingClient) -> None:
    page = instructor.get(PAGE).text
    assert "First release" in page
    assert "1 change of wording" in page
    assert page.index("1 change of wording") < page.index("First release")
    assert "No push was received yet" in page


def test_going_back_is_asked_done_and_recorded(
    app: Flask, two: str, instructor: CheckingClient, cast: Cast
) -> None:
    asked = instructor.get(f"{PAGE}/1/roll-back").text
    assert "Go back to release 1" in asked
    assert title(app) == "A tiny course, again"
    done = instructor.post(f"{PAGE}/1/roll-back")
    assert (done.status_code, done.location) == (303, PAGE)
    assert title(app) == "A tiny course"
    assert "Release 1 is live now." in instructor.get(PAGE).text
    with app.app_context():
        event = db.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "course.rolled_back")
        ).one()
        assert event.actor_id == cast.users["Ines Instructor"]


def test_an_attempt_in_progress_stays_on_its_version_through_going_back(
    app: Flask, tmp_path: Path, now: datetime, instructor: CheckingClient, learner: CheckingClient
) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    publish(app, folder, now - timedelta(days=1))
    quiz = folder / "rights" / "quiz.md"
    quiz.write_text(
        quiz.read_text().replace("protects a novel?", "protects a novel? Take your time.")
    )
    publish(app, folder, now)
    learner.post("/courses/tiny/enroll")
    attempt = str(learner.post("/courses/tiny/rights-quiz/attempts").location)
    assert "Take your time." in learner.get(attempt).text
    instructor.post(f"{PAGE}/1/roll-back")
    page = learner.get(attempt).text
    assert "Take your time." in page, "what was begun goes on as it began"
    learner.post(f"{attempt}/save", data=form(page))
    assert learner.post(f"{attempt}/submit").status_code == 303
    assert "100%" in learner.get(f"{attempt}/result").text
    again = str(learner.post("/courses/tiny/rights-quiz/attempts").location)
    assert "Take your time." not in learner.get(again).text, "the next one is of what is live"


def test_nobody_goes_back_to_what_is_live_or_never_was(
    two: str, instructor: CheckingClient
) -> None:
    assert instructor.get(f"{PAGE}/2/roll-back").status_code == 409
    assert instructor.post(f"{PAGE}/2/roll-back").status_code == 409
    assert instructor.get(f"{PAGE}/3/roll-back").status_code == 404


def test_the_report_of_the_last_push_is_shown(
    app: Flask, two: str, instructor: CheckingClient, now: datetime
) -> None:
    problem = {
        "path": "courses/tiny/exam.md",
        "line": 3,
        "column": 7,
        "code": "E107",
        "severity": "error",
        "message": "kind: '<exma>' is not known here",
        "fix": "Did you mean exam?",
    }
    rows = [
        {"course": "tiny", "folder": "tiny", "outcome": "kept", "problems": [problem]},
        {"course": "other", "folder": "other", "outcome": "published", "problems": []},
    ]
    with app.app_context():
        db.session.add(
            Push(delivery="d", received_at=now, finished_at=now, author="<Ann>", report=rows)
        )
        db.session.commit()
    page = instructor.get(PAGE).text
    assert "courses/tiny/exam.md:3:7" in page
    assert "E107" in page
    assert "&lt;exma&gt;" in page
    assert "Did you mean exam?" in page
    assert "other" not in page.split("The last push")[1].split("</section>")[0]


def test_only_staff_find_the_way_there(
    two: str, stranger: CheckingClient, learner: CheckingClient, instructor: CheckingClient
) -> None:
    for browser, expected in ((stranger, False), (learner, False), (instructor, True)):
        assert (PAGE in browser.get("/courses/tiny").text) is expected
