"""The lane before Flask says the same as Flask, and leaves everything unusual to it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mooc.web import express
from tests.pages import CheckingClient

LESSON = "/courses/tiny/work"
FETCH = {"X-Requested-With": "fetch"}
AGAIN = {"question": "work-which", "answer": "1"}


@pytest.fixture
def enrolled(tiny: str, learner: CheckingClient) -> CheckingClient:
    learner.post("/courses/tiny/enroll")
    return learner


class Answers:
    """How often the lane answered."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[str] = []
        inner = express.Express.answer

        def watched(lane: express.Express, environ: dict[str, Any]) -> Any:
            found = inner(lane, environ)
            self.seen.append(found[0] if found else "")
            return found

        monkeypatch.setattr(express.Express, "answer", watched)


def without_lane(browser: CheckingClient, method: str, path: str, **more: Any) -> Any:
    """The same request by way of Flask: a query string keeps the lane out."""
    return browser.open(f"{path}?lang=", method=method, checks=False, **more)


def plain(page: str) -> str:
    return re.sub(r'name="next" value="[^"]*"', "", page)


def test_a_lesson_is_the_same_either_way(
    enrolled: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Answers(monkeypatch)
    for theme in ("", "dark"):
        if theme:
            enrolled.post("/preferences", data={"theme": theme, "next": LESSON})
        enrolled.get(LESSON)
        quick, slow = enrolled.get(LESSON), without_lane(enrolled, "GET", LESSON)
        assert answers.seen[-2:] == ["learn.item", ""]
        assert plain(quick.text) == plain(slow.text)
        ignored = {"content-length"}
        assert {k.lower(): v for k, v in quick.headers if k.lower() not in ignored} == {
            k.lower(): v for k, v in slow.headers if k.lower() not in ignored
        }


def test_practising_again_is_the_same_either_way_and_remembered(
    enrolled: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Answers(monkeypatch)
    check = f"{LESSON}/check"
    for _first_second in range(2):
        enrolled.post(check, data=AGAIN, headers=FETCH, checks=False)
    quick = enrolled.post(check, data=AGAIN, headers=FETCH, checks=False)
    slow = without_lane(enrolled, "POST", check, data=AGAIN, headers=FETCH)
    assert answers.seen[-2:] == ["learn.check", ""]
    assert quick.text == slow.text


def test_an_answer_is_saved_either_way(
    enrolled: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = enrolled.post("/courses/tiny/rights-quiz/attempts").location
    answers = Answers(monkeypatch)
    token = {**FETCH, "X-CSRFToken": enrolled.csrf_token()}
    for sequence in range(1, 4):
        data = {"tab": "t", "sequence-4": str(sequence), "answer-4": str(sequence)}
        saved = enrolled.post(f"{address}/save", data=data, headers=token, checks=False)
        assert saved.status_code == 200
        assert saved.json == {"saved_at": saved.json["saved_at"], "stale": []}
    assert "quizzes.save" in answers.seen
    assert 'value="3"' in enrolled.get(address).text


def test_a_save_without_its_token_or_after_the_end_is_refused(enrolled: CheckingClient) -> None:
    address = enrolled.post("/courses/tiny/rights-quiz/attempts").location
    token = {**FETCH, "X-CSRFToken": enrolled.csrf_token()}
    data = {"tab": "t", "sequence-4": "1", "answer-4": "20"}
    assert (
        enrolled.post(f"{address}/save", data=data, headers=token, checks=False).status_code == 200
    )
    for headers in (FETCH, {**FETCH, "X-CSRFToken": "forged"}):
        refused = enrolled.post(
            f"{address}/save", data=data, headers=headers, csrf=False, checks=False
        )
        assert refused.status_code == 400
    enrolled.post(f"{address}/submit")
    late = enrolled.post(f"{address}/save", data=data, headers=token, checks=False)
    assert late.status_code == 409


def test_a_session_that_was_ended_gets_nothing(enrolled: CheckingClient) -> None:
    enrolled.get(LESSON)
    kept = enrolled.get_cookie("session")
    assert kept is not None
    enrolled.post("/sign-out")
    enrolled.set_cookie("session", kept.value)
    assert "/sign-in" in enrolled.get("/courses/tiny/patent").location
