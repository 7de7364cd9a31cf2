"""What leaves a course is kept: lessons, quizzes, whole courses, and all that was done in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from mooc.catalog import queries as catalog
from mooc.catalog.retirement import close_missing
from mooc.db import db
from mooc.learning import queries
from mooc.learning.models import PracticeAnswer
from tests.conftest import Cast
from tests.learning.edits import Edited
from tests.pages import CheckingClient

NOTICE = "This lesson is no longer part of the course"
WORK, PATENT, QUIZ = (f"/courses/tiny/{name}" for name in ("work", "patent", "rights-quiz"))


@pytest.fixture
def edited(app: Flask, tmp_path: Path, now: datetime) -> Edited:
    made = Edited(app, tmp_path, now)
    made.publish()
    return made


@pytest.fixture
def learner(edited: Edited, cast: Cast) -> CheckingClient:
    """Enrolled, with the second lesson done and an attempt at the quiz submitted."""
    browser = cast.browser("Lena Learner")
    browser.post("/courses/tiny/enroll")
    browser.post(f"{PATENT}/check", data={"question": "patent-years", "answer": "20"})
    attempt = browser.post(f"{QUIZ}/attempts").location
    browser.post(f"{attempt}/submit")
    return browser


def without_patent(edited: Edited) -> None:
    edited.change("rights/work.md", (" See also [patents](patent.md#how-long).", ""))
    edited.remove("rights/patent.md")
    edited.publish()


@pytest.mark.both_databases
def test_a_removed_lesson_is_kept_as_it_was_and_asked_of_nobody(
    edited: Edited, learner: CheckingClient, stranger: CheckingClient, cast: Cast
) -> None:
    assert "2 of 4 done" not in learner.get(WORK).text
    without_patent(edited)
    page = learner.get(PATENT).text
    assert NOTICE in page
    assert "Twenty years from filing" in page
    assert '<meta name="robots" content="noindex">' in page
    assert "Mark complete" not in page
    assert f'href="{PATENT}"' not in learner.get(WORK).text
    assert "0 of 3 done" in learner.get(WORK).text
    assert stranger.get(PATENT).status_code == 302
    assert cast.browser("Nora Nobody").get(PATENT).status_code == 302
    assert learner.get("/courses/tiny/never-there").status_code == 404
    with edited.app.app_context():
        assert queries.check_packed() == []


def test_what_was_done_in_a_removed_lesson_counts_again_when_it_comes_back(
    edited: Edited, learner: CheckingClient
) -> None:
    assert "1 of 4" in learner.get("/courses/tiny/progress").text
    outline = (edited.folder / "course.md").read_text()
    texts = {
        name: (edited.folder / name).read_text() for name in ("rights/patent.md", "rights/work.md")
    }
    without_patent(edited)
    for name, text in {**texts, "course.md": outline}.items():
        (edited.folder / name).write_text(text)
    edited.publish()
    assert NOTICE not in learner.get(PATENT).text
    assert "1 of 4" in learner.get("/courses/tiny/progress").text


def test_questions_of_a_removed_lesson_still_answer_and_write_nothing(
    edited: Edited, learner: CheckingClient
) -> None:
    without_patent(edited)
    with edited.app.app_context():
        facts = db.session.query(PracticeAnswer).count()
    data = {"question": "patent-years", "answer": "7"}
    page = learner.post(f"{PATENT}/check", data=data).text
    assert NOTICE in page
    assert "Not right" in page
    fetched = {"X-Requested-With": "fetch"}
    alone = learner.post(f"{PATENT}/check", data=data, headers=fetched, checks=False).text
    assert "<html" not in alone
    assert "Not right" in alone
    assert learner.post(f"{PATENT}/complete").status_code == 404
    with edited.app.app_context():
        assert db.session.query(PracticeAnswer).count() == facts


@pytest.mark.both_databases
def test_a_removed_quiz_cannot_be_taken_and_its_results_stay(
    edited: Edited, learner: CheckingClient, stranger: CheckingClient
) -> None:
    edited.remove("rights/quiz.md")
    edited.publish()
    page = learner.get(QUIZ).text
    assert "This quiz is no longer part of the course" in page
    assert "Attempt 1" in page
    assert "Start the quiz" not in page
    result = page[page.index('href="/attempts/') + 6 :].partition('"')[0]
    assert learner.get(result).status_code == 200
    assert learner.post(f"{QUIZ}/attempts").status_code == 404
    assert stranger.get(QUIZ).status_code == 302
    assert "1 of 3 done" in learner.get(WORK).text


def test_an_attempt_open_while_its_quiz_is_removed_can_be_ended(
    edited: Edited, learner: CheckingClient
) -> None:
    attempt = learner.post(f"{QUIZ}/attempts").location
    edited.remove("rights/quiz.md")
    edited.publish()
    assert f'href="{attempt}"' in learner.get(QUIZ).text
    assert learner.get(attempt).status_code == 200
    assert learner.get(learner.post(f"{attempt}/submit").location).status_code == 200
    assert "Attempt 2" in learner.get(QUIZ).text


def test_a_removed_lesson_is_found_by_one_query_and_then_by_none(
    edited: Edited, learner: CheckingClient, query_count: Callable[[], Any]
) -> None:
    with query_count() as live:
        learner.get(WORK)
    assert len(live) == 1
    without_patent(edited)
    learner.get(PATENT)
    for path in (PATENT, "/courses/tiny/never-there"):
        learner.get(path)
        with query_count() as sent:
            learner.get(path)
        assert not [one for one in sent if "published_item" in one]
    with query_count() as sent:
        learner.get("/courses/tiny/another")
    assert len([one for one in sent if "published_item" in one]) == 1


def test_a_renamed_lesson_that_is_removed_later_is_kept_under_its_last_name(
    edited: Edited, learner: CheckingClient
) -> None:
    edited.change("course.md", ("id: tiny\n", "id: small\naliases: [tiny]\n"))
    without_patent(edited)
    assert learner.get(PATENT).location == "/courses/small/patent"
    assert NOTICE in learner.get("/courses/small/patent").text


# --------------------------------------------------------------------------------- a whole course


def close(edited: Edited, now: datetime) -> None:
    with edited.app.app_context():
        pointer = db.session.query(catalog.LiveRelease).one()
        pointer.closed_at = pointer.moved_at = now
        db.session.commit()
        catalog.refresh()


def test_a_closed_course_says_so_and_keeps_what_was_done(
    edited: Edited, learner: CheckingClient, stranger: CheckingClient, now: datetime
) -> None:
    result = learner.get(QUIZ).text.partition('href="/attempts/')[2].partition('"')[0]
    close(edited, now)
    for browser in (learner, stranger):
        for path in ("/courses/tiny", WORK, "/courses/tiny/progress", "/courses/tiny/certificate"):
            answer = browser.get(path)
            assert answer.status_code == 410
            assert "This course is closed" in answer.text
    assert "A tiny course" not in stranger.get("/courses").text
    assert "/courses/tiny" in learner.get("/my").text
    assert learner.post("/courses/tiny/enroll").status_code == 404
    assert learner.get(f"/attempts/{result}").status_code == 200
    edited.publish()
    assert stranger.get(WORK).status_code == 200
    assert "1 of 4 done" in learner.get(WORK).text


def test_a_certificate_of_a_closed_course_is_untouched(
    edited: Edited, cast: Cast, now: datetime, run_jobs: Callable[..., int]
) -> None:
    from tests.certificates.samples import graduate

    graduate(edited.app, cast.user("Grace Graduate"), "tiny", now)
    browser = cast.browser("Grace Graduate")
    browser.post("/courses/tiny/certificate", data={"name": "Grace Graduate"})
    close(edited, now)
    assert browser.get("/courses/tiny/certificate").status_code == 200
    assert "/courses/tiny/certificate" in browser.get("/my").text
    assert "/courses/tiny/certificate" in browser.get("/courses/tiny").text


SOURCE = {"root": "courses", "folder": "tiny", "revision": "worktree"}


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("present", "places", "roots", "closed"),
    [
        ({"other"}, {("courses", "other")}, ["courses"], ["tiny"]),
        ({"tiny"}, {("courses", "moved")}, ["courses"], []),
        ({"other"}, {("courses", "tiny")}, ["courses"], []),
        ({"other"}, {("more", "other")}, ["more"], []),
    ],
    ids=["deleted", "moved", "header broken", "root not named"],
)
def test_only_a_course_whose_folder_was_deleted_from_its_root_is_closed(
    edited: Edited,
    now: datetime,
    present: set[str],
    places: set[tuple[str, str]],
    roots: list[str],
    closed: list[str],
) -> None:
    with edited.app.app_context():
        release = db.session.get_one(catalog.Release, catalog.course("tiny").release_id)
        release.sources = [SOURCE]
        assert close_missing(present, places, roots, now=now) == closed
        db.session.commit()
        assert set(catalog.refresh().courses) == {"tiny"} - set(closed)
