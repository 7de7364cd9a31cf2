"""What a paper earns."""

from __future__ import annotations

from fractions import Fraction

from mooc.learning.grading import Line, grade, total
from tests.learning.samples import question

QUESTIONS = {1: question("one", points=200), 2: question("two", points=100)}
PAPER = (Line(1, "one", 200, ("a", "b", "c")), Line(2, "two", 100, ("c", "a", "b")))


def test_points_weigh_the_questions() -> None:
    assert total(grade(PAPER, QUESTIONS, {0: ["a"], 1: ["b"]})) == Fraction(2, 3)


def test_an_unanswered_question_earns_nothing_and_takes_nothing() -> None:
    assert [credit.share for credit in grade(PAPER, QUESTIONS, {1: ["a"]})] == [0, 1]


def test_a_wrong_option_may_be_worth_a_share() -> None:
    assert grade(PAPER, QUESTIONS, {0: ["c"]})[0].share == Fraction(1, 2)


def test_an_answer_that_cannot_be_read_earns_nothing() -> None:
    assert grade(PAPER, QUESTIONS, {0: ["no such option"]})[0].share == 0


def test_a_paper_without_points_counts_as_full() -> None:
    assert total(()) == 1
