"""Parametrised questions: values fixed in an attempt, and other examples in a lesson."""

from __future__ import annotations

import re
from fractions import Fraction

from flask import Flask

from mooc.db import db
from mooc.learning.models import Attempt
from tests.pages import CheckingClient

QUIZ, LESSON = "/courses/tiny/more-quiz", "/courses/tiny/more-practice"
COPIES = re.compile(r"What do (\d) copies at ([\d.]+) francs cost")
STAMPS = re.compile(r"What do (\d\d) stamps")
SECRETS = ("n * price", "{{", "Multiply", "The price of")


def values(page: str) -> tuple[str, str]:
    found = COPIES.search(page)
    assert found
    return found[1], found[2]


def test_the_values_of_an_attempt_never_change(
    tiny: str, learner: CheckingClient, app: Flask
) -> None:
    learner.post("/courses/tiny/enroll")
    address = learner.post(f"{QUIZ}/attempts").location
    first = learner.get(address).text
    n, price = values(first)
    assert not [secret for secret in SECRETS if secret in first]
    with app.app_context():
        stored = db.session.query(Attempt).one().paper[2]
    assert stored["values"] == {"n": n, "price": price}
    cost = Fraction(n) * Fraction(price)
    data = {"answer-3": str(float(cost)), "sequence-3": "1", "tab": "t"}
    saved = learner.post(f"{address}/save", data=data, follow_redirects=True).text
    assert values(saved) == (n, price)
    assert not [secret for secret in SECRETS if secret in saved]
    learner.post(f"{address}/submit")
    result = learner.get(f"{address}/result").text
    assert values(result) == (n, price)
    assert f"The price of {n} copies is {n} times {price} francs." in result
    assert "1 of 3 questions fully right" in result


def test_two_attempts_draw_values_of_their_own(tiny: str, learner: CheckingClient) -> None:
    learner.post("/courses/tiny/enroll")
    seen = set()
    for _again in range(5):
        address = learner.post(f"{QUIZ}/attempts").location
        seen.add(values(learner.get(address).text))
        learner.post(f"{address}/submit")
    assert len(seen) > 1


def check(browser: CheckingClient, **data: str) -> str:
    return browser.post(f"{LESSON}/check", data={"question": "stamps", **data}).text


def number(page: str) -> int:
    found = STAMPS.search(page)
    assert found
    return int(found[1])


def test_a_lesson_shows_everybody_the_same_first_example(
    tiny: str, learner: CheckingClient
) -> None:
    learner.post("/courses/tiny/enroll")
    first, again = learner.get(LESSON).text, learner.get(LESSON).text
    assert number(first) == number(again)
    assert not [s for s in ("n * 2", "{{", "Twice", "Each costs", "Two for") if s in first]


def test_another_example_is_asked_judged_and_left_without_a_script(
    tiny: str, learner: CheckingClient
) -> None:
    learner.post("/courses/tiny/enroll")
    first = number(learner.get(LESSON).text)
    page = check(learner, example="0", another="1")
    second = number(page)
    assert second != first
    assert 'name="example" value="1"' in page
    wrong = check(learner, example="1", answer=str(second))
    assert "Each costs two." in wrong
    assert "Not right" in wrong
    right = check(learner, example="1", answer=str(second * 2))
    assert number(right) == second
    assert f"Twice {second}." in right
    assert 'name="another"' in right


def test_odd_numbers_of_examples_do_no_harm(tiny: str, learner: CheckingClient) -> None:
    learner.post("/courses/tiny/enroll")
    for example in ("-5", "999999999", "x", ""):
        assert STAMPS.search(check(learner, example=example, another="1"))
