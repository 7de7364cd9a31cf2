"""Parametrised questions: what is declared, drawn, filled in, computed and reported."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooc.content.model import Choices, Numbers, Variable
from mooc.content.questions import score
from mooc.content.questions.variables import samples, shown, size, value_at
from mooc.content.questions.vary import draw_values, instance
from tests.content.trees import codes, lesson, question

PRICE = "vary: n integer 1..9, price decimal 1.00..2.50"
COST = (
    "- `= n * price` ± `2%` EUR\n- [ ] `= n` EUR\n  > That is {{n}} alone.\n\n"
    "> [!NOTE]\n> {{n}} times {{price}}.\n"
)


def problems(answers: str, marker: str, heading: str = "What of {{n}}?") -> list[str]:
    return codes(lesson(f"## {heading}\n\n<!-- question: own; {marker} -->\n\n{answers}"))


def test_an_instance_is_a_plain_question() -> None:
    pattern = question(COST, PRICE, "What cost {{n}} at {{ price }}?")
    plain = instance(pattern, {"n": "3", "price": "1.50"})
    assert plain.title == plain.title_html == "What cost 3 at 1.50?"
    assert plain.explanation_html == "<p>3 times 1.50.</p>"
    assert plain.vary == ()
    assert isinstance(plain.key, Numbers)
    assert [(a.low, a.high, a.source) for a in plain.key.answers] == [
        ("4.41", "4.59", "4.5 ± 2%"),
        ("3", "3", "3"),
    ]
    assert score(plain, "4.5 EUR").credit == 1
    assert score(plain, "3").feedback_html == ("<p>That is 3 alone.</p>",)
    assert instance(plain, {}) is plain


def test_a_deadline_is_computed_and_rolls_over_the_weekend() -> None:
    pattern = question(
        "- `= next_business_day(months(filed, 12))`\n- [ ] `= months(filed, 12)`\n  > A Sunday.\n",
        "vary: filed date 2026-01-05..2026-11-20",
        "Filed on {{filed}}. Until when?",
    )
    assert pattern.type == "date"
    plain = instance(pattern, {"filed": "2026-02-28"})
    assert plain.title == "Filed on February 28, 2026. Until when?"
    assert score(plain, "1 March 2027").credit == 1
    assert score(plain, "2027-02-28").feedback_html == ("<p>A Sunday.</p>",)


def test_values_are_written_in_the_language_of_the_question() -> None:
    filed = Variable("filed", "date", "2026-01-05", "2026-01-09")
    price = Variable("price", "decimal", "1000.00", "1000.50")
    assert shown(filed, "2026-01-05", "en") == "January 5, 2026"
    assert shown(filed, "2026-01-05", "ru").split() == ["5", "января", "2026", "г."]
    assert shown(price, "1000.5", "de") == "1.000,50"


@given(st.randoms(use_true_random=False))
def test_an_instance_accepts_the_answer_it_computes(random: Random) -> None:
    pattern = question(COST, PRICE, "What cost {{n}} at {{price}}?")
    values = draw_values(pattern, random)
    plain = instance(pattern, values)
    exact = Fraction(values["n"]) * Fraction(values["price"])
    assert score(plain, str(float(exact))).credit == 1
    assert "{{" not in repr(plain)


@pytest.mark.parametrize(
    ("variable", "count", "first", "last"),
    [
        (Variable("d", "date", "2024-02-28", "2024-03-01"), 3, "2024-02-28", "2024-03-01"),
        (Variable("n", "integer", "-2", "3"), 6, "-2", "3"),
        (Variable("p", "decimal", "1.0", "2.50"), 151, "1.00", "2.50"),
        (Variable("one", "integer", "5", "5"), 1, "5", "5"),
    ],
)
def test_a_range_holds_both_its_ends(variable: Variable, count: int, first: str, last: str) -> None:
    assert size(variable) == count
    assert Fraction(value_at(variable, 0)) == Fraction(first) if variable.type != "date" else True
    assert value_at(variable, count - 1) == last


def test_the_check_tries_the_ends_and_a_hundred_points() -> None:
    n = Variable("n", "integer", "1", "1000")
    m = Variable("m", "integer", "1", "7")
    tried = list(samples((n, m)))
    assert len(tried) == 4 + 100
    assert {(one["n"], one["m"]) for one in tried[:4]} == {
        ("1", "1"), ("1", "7"), ("1000", "1"), ("1000", "7"),
    }  # fmt: skip
    assert len({one["n"] for one in tried}) == 100


@pytest.mark.parametrize(
    ("vary", "found"),
    [
        ("n integer 1..9", []),
        ("n integer -9..-1", []),
        ("n integer 9..1", ["Q150"]),
        ("n integer 1.5..2", ["Q150"]),
        ("n date 2026-02-30..2026-03-01", ["Q150"]),
        ("n number 1..9", ["Q150"]),
        ("N integer 1..9", ["Q150"]),
        ("months integer 1..9", ["Q150"]),
        ("n integer", ["Q150"]),
        ("n integer 1..9, n integer 1..9", ["Q150"]),
        (", ".join(f"n{x} integer 1..9" for x in range(6)), ["Q150"]),
    ],
)
def test_what_can_be_declared(vary: str, found: list[str]) -> None:
    assert problems("- `= 1`\n", f"vary: {vary}") == found


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("- `= n * 2`\n", []),
        ("- `= n` to `= n + 2` km\n", []),
        ("- `= n` ± `0.5` km\n", []),
        ("- `= n / 3` ± `1%`\n", []),
        ("- `= round(n / 3, 2)`\n", []),
        ("- `= n / 3`\n", ["Q152"]),
        ("- `= n + 2` to `= n`\n", ["Q152"]),
        ("- `= 1 / (n - 2)` ± `1%`\n", ["Q152"]),
        ("- `= n +`\n", ["Q151"]),
        ("- `= n + m`\n", ["Q151"]),
        ("- `= years(2026-01-01, n)`\n", []),
        ("- `= n`\n- `= years(2026-01-01, n)`\n", ["Q151"]),
        ("- `= years(2026-01-01, n)` ± `3`\n", ["Q115"]),
        ("- `= years(9990-01-01, n)`\n", []),
        ("- `= years(9991-01-01, n)`\n", ["Q152"]),
        ("- `= n` ± 2%\n", ["Q115"]),
        ("- `= n` km\n- `= n + 1` m\n", ["Q116"]),
        ("- [ ] `= n`\n", ["Q105"]),
        ("- `= n`\n- [ ] `= n + n - n`\n", ["Q120"]),
        ("- `= n`\n- [ ] `= min(n, 3)`\n", []),
    ],
)
def test_what_can_be_computed(answer: str, found: list[str]) -> None:
    assert problems(answer, "vary: n integer 1..9") == found


def test_a_slip_is_shown_at_its_character_and_a_failure_with_its_value() -> None:
    body = "## Of {{n}}?\n\n<!-- question: own; vary: n integer 1..9 -->\n\n"
    slip = lesson(body + "- `= n ** 2`\n").problems[0]
    assert slip.source[slip.column - 1 :] == "* 2`"
    failure = lesson(body + "- `= 1 / (n - 9)` ± `1%`\n").problems[0]
    assert failure.message == "for n = 9 the expression divides by zero"


def test_options_that_meet_for_some_values_are_reported() -> None:
    options = "- [x] {{n}} years <!-- a -->\n- [ ] {{m}} years <!-- b -->\n  > No.\n"
    assert problems(options, "vary: n integer 1..4, m integer 5..9") == []
    assert problems(options, "vary: n integer 1..5, m integer 5..9") == ["Q152"]
    pattern = question(options, "vary: n integer 1..4, m integer 5..9")
    key = instance(pattern, {"n": "2", "m": "7"}).key
    assert isinstance(key, Choices)
    assert [option.html for option in key.options] == ["2 years", "7 years"]


def test_names_are_looked_for_both_ways() -> None:
    assert problems("- `= n`\n", "vary: n integer 1..9", "Of {{n}} and {{m}}?") == ["Q153"]
    assert problems("- `12`\n", "vary: n integer 1..9", "Plain") == ["W123"]
    assert problems("- `12`\n", "type: numeric", "Of {{n}}?") == ["Q153"]


def test_examples_have_no_place_where_values_are_drawn() -> None:
    assert problems("- `= n`\n", "vary: n integer 1..9; accept: 3") == ["Q113"]


def test_variables_and_expressions_decide_what_an_answer_is_worth() -> None:
    def marks(answer: str, vary: str = "n integer 1..9") -> str:
        return question(answer, f"vary: {vary}", "Of {{n}}?").scoring_hash

    assert marks("- `= n*2`\n") == marks("- `=  n * 2`\n- [ ] `= n`\n")
    assert marks("- `= n * 2`\n") != marks("- `= n * 3`\n")
    assert marks("- `= n * 2`\n") != marks("- `= n * 2`\n", "n integer 1..8")


def test_an_expression_without_variables_is_computed_at_once() -> None:
    plain = question("- `= 2 * 21`\n")
    assert isinstance(plain.key, Numbers)
    assert score(plain, "42").credit == 1
