"""Old addresses of courses, lessons and quizzes lead on, and old forms still work."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from mooc.content.schema import RESERVED
from tests.conftest import Cast
from tests.learning.edits import Edited
from tests.pages import CheckingClient


@pytest.fixture
def renamed(app: Flask, cast: Cast, tmp_path: Path, now: datetime) -> CheckingClient:
    """The browser of somebody who enrolled and began before everything was renamed."""
    edited = Edited(app, tmp_path, now)
    edited.publish()
    browser = cast.browser("Lena Learner")
    browser.post("/courses/tiny/enroll")
    browser.post("/courses/tiny/work/complete")
    edited.change("rights/work.md", ("id: work\n", "id: works\naliases: [work]\n"))
    edited.change("rights/quiz.md", ("id: rights-quiz\n", "id: rights\naliases: [rights-quiz]\n"))
    edited.change("course.md", ("id: tiny\n", "id: small\naliases: [tiny]\n"))
    edited.publish()
    return browser


MOVED = {
    "/courses/tiny": "/courses/small",
    "/courses/tiny/work": "/courses/small/works",
    "/courses/small/work": "/courses/small/works",
    "/courses/tiny/works?lang=ru": "/courses/small/works?lang=ru",
    "/courses/tiny/rights-quiz": "/courses/small/rights",
    "/courses/tiny/progress": "/courses/small/progress",
    "/courses/tiny/certificate": "/courses/small/certificate",
}


@pytest.mark.parametrize("old", MOVED)
def test_an_old_address_leads_to_the_new_one_for_good(
    renamed: CheckingClient, stranger: CheckingClient, old: str
) -> None:
    for browser in (renamed, stranger):
        answer = browser.get(old)
        assert (answer.status_code, answer.location) == (301, MOVED[old])
    assert renamed.get(MOVED[old]).status_code == 200


def test_forms_that_were_open_meanwhile_still_work(renamed: CheckingClient) -> None:
    page = renamed.get("/courses/small/works").text
    assert "1 of 4 done" in page
    assert renamed.post("/courses/tiny/work/uncomplete").status_code == 303
    assert "0 of 4 done" in renamed.get("/courses/small/works").text
    begun = renamed.post("/courses/tiny/rights-quiz/attempts")
    assert begun.status_code == 303
    answered = renamed.post(f"{begun.location}/submit")
    assert answered.status_code == 303
    assert renamed.get(answered.location).status_code == 200
    assert "Attempt 1" in renamed.get("/courses/small/rights").text


def test_a_renamed_course_stands_once_in_catalog_and_my_courses(renamed: CheckingClient) -> None:
    for path in ("/courses", "/my"):
        page = renamed.get(path).text
        assert "/courses/small" in page
        assert "/courses/tiny" not in page


def test_an_instructor_of_the_old_id_is_one_of_the_new(renamed: CheckingClient, cast: Cast) -> None:
    cast.grant("Ines Instructor", "instructor", "tiny")
    assert cast.browser("Ines Instructor").get("/courses/small/patent").status_code == 200
    assert cast.browser("Nora Nobody").get("/courses/small/patent").status_code == 302


def test_every_page_of_a_course_has_an_id_that_items_cannot_take(app: Flask) -> None:
    found = {
        re.fullmatch(r"/courses/<course_id>/([a-z-]+)", r.rule) for r in app.url_map.iter_rules()
    }
    assert {match[1] for match in found if match} <= set(RESERVED)
