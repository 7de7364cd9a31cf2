"""Reading a lesson, ticking it off, and answering its questions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.conftest import Cast
from tests.pages import CheckingClient

LESSON = "/courses/tiny/work"
SECRETS = ("Ideas are free", "A poem is expression", "Ask what was expressed", "No formality")


def enroll(browser: CheckingClient) -> None:
    assert browser.post("/courses/tiny/enroll").status_code == 303


def test_the_first_lesson_is_open_to_strangers_and_the_second_is_not(
    tiny: str, stranger: CheckingClient
) -> None:
    assert stranger.get(LESSON).status_code == 200
    answer = stranger.get("/courses/tiny/patent")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=/courses/tiny/patent")


def test_who_is_not_enrolled_is_led_to_the_enroll_button(
    tiny: str, learner: CheckingClient
) -> None:
    answer = learner.get("/courses/tiny/patent", follow_redirects=True)
    assert answer.request.path == "/courses/tiny"
    assert "Enroll first" in answer.text


def test_enrolling_leads_to_the_first_lesson_and_twice_is_once(
    tiny: str, learner: CheckingClient
) -> None:
    for _twice in range(2):
        answer = learner.post("/courses/tiny/enroll")
        assert (answer.status_code, answer.location) == (303, LESSON)
    assert learner.get("/my").text.count("A tiny course") >= 1


def test_an_unknown_course_or_lesson_is_a_designed_404(tiny: str, learner: CheckingClient) -> None:
    for path in ("/courses/none", "/courses/none/work", "/courses/tiny/none"):
        assert learner.get(path).status_code == 404


def test_ticking_a_lesson_leads_on_and_can_be_taken_back(
    tiny: str, learner: CheckingClient
) -> None:
    enroll(learner)
    assert "0 of 4 done" in learner.get(LESSON).text
    answer = learner.post(f"{LESSON}/complete")
    assert (answer.status_code, answer.location) == (303, "/courses/tiny/patent")
    page = learner.get(LESSON).text
    assert "1 of 4 done" in page
    assert "Completed" in page
    assert learner.post(f"{LESSON}/uncomplete").location == LESSON
    assert "0 of 4 done" in learner.get(LESSON).text


def test_a_lesson_of_questions_is_done_when_all_are_answered(
    tiny: str, learner: CheckingClient
) -> None:
    enroll(learner)
    patent = "/courses/tiny/patent"
    assert "1 question to answer first" in learner.get(patent).text
    assert learner.post(f"{patent}/complete").status_code == 409
    page = learner.post(f"{patent}/check", data={"question": "patent-years", "answer": "7"}).text
    assert "Not right" in page
    assert "1 of 4 done" in learner.get(patent).text


def test_no_key_hint_or_feedback_is_in_the_page_before_it_is_asked_for(
    tiny: str, stranger: CheckingClient, learner: CheckingClient
) -> None:
    enroll(learner)
    for page in (stranger.get(LESSON).text, learner.get(LESSON).text):
        assert not [secret for secret in SECRETS if secret in page]
        values = re.findall(r'name="answer"\s+value="([^"]*)"', page)
        assert set(values) <= {"0", "1", "2"}


def test_a_wrong_answer_gets_its_feedback_and_the_explanation(
    tiny: str, stranger: CheckingClient
) -> None:
    page = stranger.post(f"{LESSON}/check", data={"question": "work-which", "answer": "1"}).text
    assert "Ideas are free" in page
    assert "A poem is expression" in page
    assert "Right, not chosen" in page


def test_hints_come_one_at_a_time_and_cost_nothing(tiny: str, stranger: CheckingClient) -> None:
    data = {"question": "work-which", "hint": "1", "hints": "0", "answer": "1"}
    page = stranger.post(f"{LESSON}/check", data=data).text
    assert "Ask what was expressed" in page
    assert "A poem is expression" not in page


def test_an_empty_answer_reveals_nothing(tiny: str, learner: CheckingClient) -> None:
    enroll(learner)
    page = learner.post(f"{LESSON}/check", data={"question": "work-which"}).text
    assert "Nothing was answered yet" in page
    assert not [secret for secret in SECRETS if secret in page]


def test_a_number_that_is_none_is_asked_for_again_and_kept(
    tiny: str, learner: CheckingClient
) -> None:
    enroll(learner)
    data = {"question": "patent-years", "answer": "twenty"}
    page = learner.post("/courses/tiny/patent/check", data=data).text
    assert 'value="twenty"' in page
    assert "field-error" in page
    assert "1 question to answer first" in learner.get("/courses/tiny/patent").text


def test_odd_answers_are_refused_in_words(tiny: str, stranger: CheckingClient) -> None:
    for answer in ("99", "-1", "poem", "\x00", "١"):
        data = {"question": "work-which", "answer": answer}
        assert stranger.post(f"{LESSON}/check", data=data).status_code in (200, 422)
    gone = stranger.post(f"{LESSON}/check", data={"question": "none", "answer": "0"})
    assert gone.status_code == 404


def test_a_script_gets_the_question_alone(tiny: str, learner: CheckingClient) -> None:
    enroll(learner)
    answer = learner.post(
        f"{LESSON}/check",
        data={"question": "work-which", "answer": "0"},
        headers={"X-Requested-With": "fetch"},
        checks=False,
    )
    assert answer.text.strip().startswith("<form")
    assert "Right" in answer.text


def test_a_strangers_answer_from_another_site_is_refused(
    tiny: str, stranger: CheckingClient
) -> None:
    data = {"question": "work-which", "answer": "0"}
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert stranger.post(f"{LESSON}/check", data=data, headers=headers).status_code == 400


def test_a_learners_lesson_takes_one_query(
    tiny: str, learner: CheckingClient, query_count: Callable[[], Any]
) -> None:
    enroll(learner)
    for _cold_then_warm in range(2):
        with query_count() as queries:
            assert learner.get(LESSON).status_code == 200
        assert len(queries) == 1, queries


def test_a_strangers_lesson_takes_no_query(
    tiny: str, stranger: CheckingClient, query_count: Callable[[], Any]
) -> None:
    with query_count() as queries:
        assert stranger.get(LESSON).status_code == 200
    assert queries == []


def test_the_shelf_never_mixes_readers(tiny: str, cast: Cast) -> None:
    lena, otto = cast.browser("Lena & Co <b>"), cast.browser("Otto")
    enroll(lena)
    enroll(otto)
    lena.post(f"{LESSON}/complete")
    for _again in range(2):
        hers, his = lena.get(LESSON).text, otto.get(LESSON).text
        assert "Lena &amp; Co &lt;b&gt;" in hers
        assert "Otto" not in hers
        assert "1 of 4 done" in hers
        assert "0 of 4 done" in his
        tokens = [
            set(re.findall(r'name="csrf_token" value="([^"]+)"', page)) for page in (hers, his)
        ]
        assert all(tokens)
        assert tokens[0].isdisjoint(tokens[1])
    token = re.findall(r'name="csrf_token" value="([^"]+)"', otto.get(LESSON).text)[0]
    answer = otto.post(f"{LESSON}/complete", data={"csrf_token": token}, csrf=False)
    assert answer.status_code == 303, "the token in a shelved page is the reader's own"


def test_leaving_and_coming_back_restores_everything(tiny: str, learner: CheckingClient) -> None:
    enroll(learner)
    learner.post(f"{LESSON}/complete")
    learner.post("/courses/tiny/leave")
    assert "A tiny course" not in learner.get("/my").text.split("<main")[1]
    enroll(learner)
    assert "1 of 4 done" in learner.get(LESSON).text


def test_progress_lists_what_is_missing(tiny: str, learner: CheckingClient) -> None:
    enroll(learner)
    page = learner.get("/courses/tiny/progress").text
    for title in ("What a work is", "What a patent is", "Check yourself", "Final exam"):
        assert title in page
    assert "What is still missing" in page
