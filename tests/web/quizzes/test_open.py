"""Open questions and surveys: written, kept, waiting; compared with the model in lessons."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from mooc.catalog import queries as catalog
from mooc.db import db
from mooc.learning import actions, queries
from mooc.learning.models import Attempt, Enrollment, Mark, PracticeAnswer
from tests.pages import CheckingClient

LESSON = "/courses/tiny/more-practice"
ESSAY, QUIZ = "/courses/tiny/essay-quiz", "/courses/tiny/more-quiz"
TEXT = "The baker wrote the poem, so the copy needs consent."
SECRETS = ("The baker may", "the source is enough", "one for the poem")


def attempt(browser: CheckingClient, quiz: str, **data: str) -> str:
    """A whole attempt with these answers; its result page."""
    browser.post("/courses/tiny/enroll")
    address = browser.post(f"{quiz}/attempts").location
    page = browser.get(address).text
    assert not [secret for secret in SECRETS if secret in page]
    fields = {name.replace("_", "-"): value for name, value in data.items()}
    numbers = {f"sequence-{name.rpartition('-')[2]}": "1" for name in fields}
    saved = browser.post(f"{address}/save", data={**fields, **numbers, "tab": "t"})
    assert saved.status_code == 303
    browser.get(f"{address}/review")
    browser.post(f"{address}/submit")
    return browser.get(f"{address}/result").text


def test_an_attempt_with_an_open_answer_waits_and_neither_passes_nor_fails(
    tiny: str, learner: CheckingClient, app: Flask
) -> None:
    page = attempt(learner, ESSAY, answer_1="0", answer_2=TEXT)
    assert "1 answer waits to be marked by a person" in page
    assert "Marked so far: 1 of 1 points." in page
    assert "Waiting to be marked" in page
    assert "Not passed" not in page
    assert not [secret for secret in SECRETS if secret in page]
    assert "being marked" in learner.get(ESSAY).text
    with app.app_context():
        row = db.session.scalars(select(Attempt)).one()
        assert (row.state, row.score_num, row.score_den, row.waiting) == (
            "submitted",
            None,
            None,
            1,
        )
        marks = db.session.scalars(select(Mark).order_by(Mark.position)).all()
        assert [(mark.credit_num, mark.credit_den) for mark in marks] == [(1, 1), (None, None)]
        assert "essay-quiz" not in db.session.scalars(select(Enrollment)).one().packed
        assert queries.check_packed() == []
        later = queries.database_now() + timedelta(days=1)
        assert actions.close_expired(catalog.live().courses, now=later) == 0
        assert len(db.session.scalars(select(Mark)).all()) == 2
    assert learner.get("/courses/tiny/progress").status_code == 200


def test_nothing_written_needs_no_reader(tiny: str, learner: CheckingClient, app: Flask) -> None:
    page = attempt(learner, ESSAY, answer_1="0")
    assert "25%" in page
    with app.app_context():
        row = db.session.scalars(select(Attempt)).one()
        assert (row.score_num, row.score_den, row.waiting) == (1, 4, 0)


def test_a_text_of_another_length_is_warned_of_and_kept(tiny: str, learner: CheckingClient) -> None:
    learner.post("/courses/tiny/enroll")
    address = learner.post(f"{ESSAY}/attempts").location
    data = {"answer-2": "Too short.", "sequence-2": "1", "tab": "t"}
    page = learner.post(f"{address}/save", data=data, follow_redirects=True).text
    assert "2 words; 5 to 60 are asked for" in page
    assert "Too short.</textarea>" in page
    data = {"answer-2": "word " * 4000, "sequence-2": "2", "tab": "t"}
    assert learner.post(f"{address}/save", data=data).status_code == 303
    data = {"answer-2": "x" * 20_001, "sequence-2": "3", "tab": "t"}
    assert learner.post(f"{address}/save", data=data).status_code == 422


def practise(browser: CheckingClient, question: str, *answer: str) -> str:
    data = {"question": question, "answer": list(answer)}
    return browser.post(f"{LESSON}/check", data=data).text


def test_in_a_lesson_one_compares_with_the_model_answer_after_writing(
    tiny: str, learner: CheckingClient, app: Flask
) -> None:
    learner.post("/courses/tiny/enroll")
    model, level = "Everybody builds on ideas", "half for an example alone"
    assert model not in learner.get(LESSON).text
    assert model not in practise(learner, "why-free", "  ")
    page = practise(learner, "why-free", "Ideas are free for all.")
    assert "Compare with the model answer" in page
    assert model in page
    assert level in page
    assert "Ideas are free for all.</textarea>" in page
    for verdict in ("Not right", "Partly right"):
        assert verdict not in page
    with app.app_context():
        row = db.session.scalars(select(PracticeAnswer)).one()
        assert (row.answer, row.credit_num, row.credit_den) == (
            "Ideas are free for all.",
            None,
            None,
        )


def test_a_survey_is_thanked_for_and_never_counted(tiny: str, learner: CheckingClient) -> None:
    learner.post("/courses/tiny/enroll")
    page = practise(learner, "how-new", "1")
    assert "Thank you. This is not graded." in page
    assert "Right" not in page.split("How new was this")[1].split("</form>")[0]
    result = attempt(learner, QUIZ, answer_4="1")
    assert "0 of 3 questions fully right" in result
    assert "Thank you. This is not graded." in result


def test_of_several_one_may_choose_several(tiny: str, learner: CheckingClient) -> None:
    learner.post("/courses/tiny/enroll")
    address = learner.post(f"{QUIZ}/attempts").location
    page = learner.get(address).text.split("How sure are you?")[1]
    assert 'type="checkbox" name="answer-4"' in page
    assert "not graded" in learner.get(address).text
    data = {"answer-4": ["0", "1"], "sequence-4": "1", "tab": "t"}
    saved = learner.post(f"{address}/save", data=data, follow_redirects=True).text
    assert saved.split("How sure are you?")[1].count(" checked") == 2
