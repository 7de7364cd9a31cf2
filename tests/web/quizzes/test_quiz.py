"""A quiz and an exam in the browser, without a script: start, answer, review, submit, result."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from mooc.learning.models import Attempt
from tests.conftest import Cast
from tests.pages import CheckingClient

QUIZ = "/courses/tiny/rights-quiz"
EXAM = "/courses/tiny/exam"
SECRETS = (
    "Patents protect inventions",
    "A novel is a literary work",
    "Facts are free",
    "Berne Conv",
)
RIGHT = {
    "Which right protects a novel?": ["Copyright"],
    "Which of these can be works?": ["A song", "A photograph"],
    "An idea is protected by copyright.": ["False"],
    "How many years does a patent last at most?": ["20"],
    "Which convention of 1886": ["Bern"],
    "Which right protects an invention?": ["A patent"],
    "Which right protects a sign for goods?": ["A trade mark"],
    "Which right protects a painting?": ["Copyright"],
    "A fact is protected by copyright.": ["False"],
}


@pytest.fixture
def enrolled(tiny: str, learner: CheckingClient) -> CheckingClient:
    learner.post("/courses/tiny/enroll")
    return learner


def start(browser: CheckingClient, quiz: str = QUIZ, **data: str) -> str:
    """Begin an attempt; its address."""
    answer = browser.post(f"{quiz}/attempts", data=data)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def form(page: str, *, right: int = 99) -> dict[str, Any]:
    """What a person posts who answers the first `right` questions rightly and leaves the rest."""
    data: dict[str, Any] = {"tab": re.findall(r'name="tab" value="(\w+)"', page)[0]}
    boxes = re.split(r'<fieldset class="question"', page)[1:]
    for number, box in enumerate(boxes, 1):
        data[f"sequence-{number}"] = re.findall(rf'name="sequence-{number}" value="(\d+)"', box)[0]
        if number > right:
            continue
        words = next(answer for title, answer in RIGHT.items() if title in box)
        rows = re.findall(
            r'value="(\d+)"[^>]*>\s*<span class="choice-text">(.*?)</span>', box, re.DOTALL
        )
        places = [value for value, text in rows if text.strip() in words]
        data[f"answer-{number}"] = places or words
    return data


def take(browser: CheckingClient, quiz: str = QUIZ, *, right: int = 99) -> str:
    """A whole attempt; the result page."""
    address = start(browser, quiz)
    data = form(browser.get(address).text, right=right)
    assert browser.post(f"{address}/save", data={**data, "review": "1"}).status_code == 303
    assert browser.get(f"{address}/review").status_code == 200
    assert browser.post(f"{address}/submit").location == f"{address}/result"
    return browser.get(f"{address}/result").text


def test_the_start_page_says_what_the_quiz_takes(enrolled: CheckingClient) -> None:
    page = enrolled.get(EXAM).text
    for fact in ("20 minutes", "2 of 2 left", "50%", "your best attempt"):
        assert fact in page


def test_all_right_passes_and_shows_everything(enrolled: CheckingClient) -> None:
    page = take(enrolled)
    assert "100%" in page
    assert "Passed" in page
    assert "A novel is a literary work" in page


def test_a_failed_quiz_says_what_to_read_again_and_offers_another_attempt(
    enrolled: CheckingClient,
) -> None:
    page = take(enrolled, right=1)
    assert "Not passed yet" in page
    assert "16%" in page, "one of six points, rounded down"
    assert "Another attempt" in page
    assert "Attempt 1" in enrolled.get(QUIZ).text


def test_nothing_leaks_before_the_policy_allows(enrolled: CheckingClient) -> None:
    address = start(enrolled)
    pages = [enrolled.get(QUIZ).text, enrolled.get(address).text]
    data = form(pages[1], right=0)
    data["answer-1"] = ["1"]
    pages.append(enrolled.post(f"{address}/save", data=data, follow_redirects=True).text)
    pages.append(enrolled.get(f"{address}/review").text)
    for page in pages:
        assert not [secret for secret in SECRETS if secret in page]
        assert "copyright" not in re.findall(r'value="([a-z]+)"', page), "no option keys"


def test_a_double_click_starts_one_attempt(enrolled: CheckingClient) -> None:
    assert start(enrolled, attempt="t1") == start(enrolled, attempt="t1")


def test_saving_keeps_what_was_typed_and_comes_back(enrolled: CheckingClient) -> None:
    address = start(enrolled)
    data = form(enrolled.get(address).text, right=0)
    data |= {"answer-4": "about twenty", "flag-4": "1"}
    page = enrolled.post(f"{address}/save", data=data, follow_redirects=True).text
    assert 'value="about twenty"' in page
    assert "field-error" in page, "it is not a number, which is said and costs nothing"
    review = enrolled.get(f"{address}/review").text
    assert "flagged" in review
    assert "4 questions are not answered" in review


def test_an_empty_quiz_can_be_submitted_and_earns_nothing(enrolled: CheckingClient) -> None:
    page = take(enrolled, right=0)
    assert "0%" in page
    assert "Not passed yet" in page


def test_submitting_over_and_over_is_slowed_down(enrolled: CheckingClient) -> None:
    address = start(enrolled)
    codes = [enrolled.post(f"{address}/submit").status_code for _time in range(31)]
    assert codes[0] == 303
    assert codes[-1] == 429


def test_a_stale_tab_is_shown_both_answers_and_changes_nothing(enrolled: CheckingClient) -> None:
    address = start(enrolled)
    phone, laptop = (form(enrolled.get(address).text, right=0) for _tab in range(2))
    enrolled.post(f"{address}/save", data={**phone, "answer-4": "20"})
    answer = enrolled.post(f"{address}/save", data={**laptop, "answer-4": "10"})
    assert answer.status_code == 409
    assert 'value="20"' in answer.text
    assert 'value="10"' in answer.text
    assert 'value="20"' in enrolled.get(address).text


def test_a_script_saves_one_answer(enrolled: CheckingClient) -> None:
    address = start(enrolled)
    data = {"tab": "t", "sequence-4": "1", "answer-4": "20"}
    answer = enrolled.post(
        f"{address}/save", data=data, headers={"X-Requested-With": "fetch"}, checks=False
    )
    assert answer.status_code == 200
    assert answer.json
    assert set(answer.json) == {"saved_at", "stale"}
    assert 'value="20"' in enrolled.get(address).text


def test_a_closed_attempt_takes_no_answer_and_leads_to_its_result(
    enrolled: CheckingClient,
) -> None:
    address = start(enrolled)
    data = form(enrolled.get(address).text)
    enrolled.post(f"{address}/submit")
    assert enrolled.post(f"{address}/save", data=data).status_code == 409
    assert enrolled.get(address).location == f"{address}/result"
    assert enrolled.post(f"{address}/submit").location == f"{address}/result"


def test_the_last_attempt_used_up_is_said(enrolled: CheckingClient) -> None:
    for _each in range(2):
        take(enrolled, EXAM, right=0)
    assert "used all your attempts" in enrolled.get(EXAM).text
    assert enrolled.post(f"{EXAM}/attempts").status_code == 409


def test_somebody_elses_attempt_is_not_there(enrolled: CheckingClient, cast: Cast) -> None:
    address = start(enrolled)
    other = cast.browser("Otto")
    for path in (address, f"{address}/review", f"{address}/result"):
        assert other.get(path).status_code == 404
    for path in (f"{address}/save", f"{address}/submit"):
        assert other.post(path).status_code == 404


def test_a_stranger_signs_in_first(tiny: str, stranger: CheckingClient) -> None:
    assert "/sign-in" in stranger.get(QUIZ).location
    assert "/sign-in" in stranger.get("/attempts/0123").location


def test_the_whole_course_leads_to_the_certificate(enrolled: CheckingClient) -> None:
    enrolled.post("/courses/tiny/work/complete")
    enrolled.post("/courses/tiny/patent/check", data={"question": "patent-years", "answer": "20"})
    take(enrolled)
    take(enrolled, EXAM)
    page = enrolled.get("/courses/tiny/progress").text
    assert "4 of 4 done" in page
    assert "Confirm your name" in page
    assert "Finished" in enrolled.get("/my").text


@pytest.mark.parametrize("path", ["", "/review"])
def test_attempt_pages_take_a_constant_number_of_queries(
    enrolled: CheckingClient, query_count: Callable[[], Any], path: str
) -> None:
    address = start(enrolled)
    enrolled.get(address + path)
    with query_count() as queries:
        enrolled.get(address + path)
    assert len(queries) == 2, queries


def test_saving_takes_two_statements(
    enrolled: CheckingClient, query_count: Callable[[], Any]
) -> None:
    address = start(enrolled)
    data = {"tab": "t", "sequence-4": "1", "answer-4": "20"}
    headers = {"X-Requested-With": "fetch"}
    enrolled.get(address)  # from now on this process knows the questions
    with query_count() as queries:
        enrolled.post(f"{address}/save", data=data, headers=headers, checks=False)
    assert len(queries) == 2, queries


def test_an_attempts_code_cannot_be_guessed(enrolled: CheckingClient) -> None:
    assert re.fullmatch(r"/attempts/[0-9a-f]{32}", start(enrolled))
    assert Attempt.code.property.columns[0].type.length == 32
