"""Which questions an attempt holds."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from mooc.content.model import Draw, Fixed
from mooc.learning.draw import draw, latest_seen
from tests.learning.samples import pool, question, quiz


@given(st.text(min_size=1), st.integers(0, 12), st.integers(0, 10))
def test_an_attempt_never_holds_a_question_twice(seed: str, first: int, second: int) -> None:
    paper = draw(quiz(Draw(first, "p"), Draw(second, "p")), {"p": pool(12)}, {}, seed)
    ids = [one.question.id for one in paper]
    assert len(ids) == len(set(ids)) == min(12, first + second)


@given(st.text(min_size=1))
def test_the_same_seed_gives_the_same_paper(seed: str) -> None:
    one = quiz(Draw(5, "p"), shuffle="both")
    assert draw(one, {"p": pool(20)}, {}, seed) == draw(one, {"p": pool(20)}, {}, seed)


@given(st.text(min_size=1))
def test_unseen_questions_come_first_then_those_not_seen_for_longest(seed: str) -> None:
    seen = latest_seen([(1, ["p0", "p1", "p2"]), (2, ["p2", "p3"])])
    drawn = draw(quiz(Draw(4, "p")), {"p": pool(6)}, seen, seed)
    ids = {one.question.id for one in drawn}
    assert {"p4", "p5"} <= ids, "never seen"
    assert ids & {"p0", "p1"} == ids - {"p4", "p5"}, "seen in the first attempt, not in the second"


def test_a_draw_keeps_to_its_tags() -> None:
    paper = draw(quiz(Draw(3, "p", tags=("novelty",))), {"p": pool(20, tagged=3)}, {}, "s")
    assert {one.question.id for one in paper} == {"p0", "p1", "p2"}


def test_fixed_questions_stand_beside_drawn_ones_and_are_not_drawn_again() -> None:
    bank = pool(3)
    one = quiz(Fixed(bank.questions[0]), Draw(3, "p"))
    ids = [drawn.question.id for drawn in draw(one, {"p": bank}, {}, "s")]
    assert sorted(ids) == ["p0", "p1", "p2"]


def test_options_stay_as_written_when_nothing_is_shuffled() -> None:
    paper = draw(quiz(Fixed(question("x")), shuffle="none"), {}, {}, "s")
    assert paper[0].options == ("a", "b", "c")


def test_the_place_of_the_key_says_nothing() -> None:
    """Chi-square over 2,000 seeds: the right option stands anywhere equally often."""
    places = Counter(
        draw(quiz(Fixed(question("x"))), {}, {}, f"seed {n}")[0].options.index("a")
        for n in range(2000)
    )
    expected = 2000 / 3
    chi_square = sum((places[place] - expected) ** 2 / expected for place in range(3))
    assert chi_square < 13.8  # p = 0.001 with two degrees of freedom
