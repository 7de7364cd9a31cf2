"""Which questions an attempt holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import assume, given
from hypothesis import strategies as st

from mooc.content.drawing import check_draws
from mooc.content.model import Draw, Fixed
from mooc.content.reading import File
from mooc.learning.draw import Drawn, draw, latest_seen
from tests.learning.samples import mixed, pool, question, quiz


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


SIZES = st.lists(st.sampled_from([1, 1, 1, 2, 3, 4]), min_size=1, max_size=12)


def in_cases(paper: Sequence[Drawn]) -> dict[str, list[int]]:
    """The places of the questions of each case."""
    found: dict[str, list[int]] = {}
    for place, one in enumerate(paper):
        if one.question.case:
            found.setdefault(one.question.case.id, []).append(place)
    return found


@given(st.text(min_size=1), SIZES, st.integers(1, 12), st.sampled_from(["none", "both"]))
def test_a_case_is_drawn_whole_and_in_one_piece(
    seed: str, sizes: list[int], count: int, shuffle: str
) -> None:
    bank = mixed(*sizes)
    paper = draw(quiz(Draw(count, "p"), shuffle=shuffle), {"p": bank}, {}, seed)
    ids = [one.question.id for one in paper]
    assert len(ids) == len(set(ids))
    whole = in_cases([Drawn(question, ()) for question in bank.questions])
    for case, places in in_cases(paper).items():
        assert len(places) == len(whole[case])
        assert places == list(range(places[0], places[0] + len(places)))
        assert [ids[place] for place in places] == sorted(ids[place] for place in places)


@given(st.text(min_size=1), SIZES, st.integers(1, 12))
def test_the_count_is_exact_whenever_the_units_can_add_up_to_it(
    seed: str, sizes: list[int], count: int
) -> None:
    paper = draw(quiz(Draw(count, "p")), {"p": mixed(*sizes)}, {}, seed)
    sums = {0}
    for size in sizes:
        sums |= {total + size for total in sums}
    assert len(paper) == max(total for total in sums if total <= count)


@given(st.text(min_size=1), SIZES, st.integers(1, 6), st.integers(1, 6))
def test_two_draws_from_one_pool_are_exact_when_the_check_finds_nothing(
    seed: str, sizes: list[int], first: int, second: int
) -> None:
    one, bank = quiz(Draw(first, "p"), Draw(second, "p")), mixed(*sizes)
    file = File("quiz.md", "", lines=["- Draw", "- Draw"])
    check_draws(one, {"p": bank}, file)
    assume("Q121" not in {problem.code for problem in file.problems})
    assert len(draw(one, {"p": bank}, {}, seed)) == first + second


def test_unseen_cases_come_before_those_of_which_a_question_was_seen() -> None:
    seen = {"c0-0": 1, "c1-1": 2}
    for seed in "abcdef":
        paper = draw(quiz(Draw(4, "p")), {"p": mixed(2, 2, 2)}, seen, seed)
        assert set(in_cases(paper)) == {"c2", "c0"}


def test_a_case_that_is_too_large_leaves_its_place_to_others() -> None:
    paper = draw(quiz(Draw(2, "p")), {"p": mixed(3, 1, 1)}, {"s1": 5, "s2": 6}, "s")
    assert {one.question.id for one in paper} == {"s1", "s2"}
