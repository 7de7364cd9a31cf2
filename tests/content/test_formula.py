"""The closed language of computed answers: what it gives, what it refuses, and that it ends."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooc.content.questions.formula import canonical, evaluate, kind_of, names_in, parse
from mooc.content.questions.functions import FormulaError, Value

VALUES: dict[str, Value] = {"filed": date(2026, 1, 31), "n": Fraction(7), "price": Fraction(5, 4)}
KINDS = {"filed": "date", "n": "number", "price": "number"}
ALPHABET = (
    "filed",
    "n",
    "price",
    *"+-*/(),.0123456789 ",
    "months(",
    "round(",
    "2026-01-31",
    "max(",
)


def result(text: str) -> Value:
    node = parse(text)
    kind = kind_of(node, KINDS)  # type: ignore[arg-type]
    value = evaluate(node, VALUES)
    assert isinstance(value, date) == (kind == "date")
    return value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 2 - 3", 5),
        ("12 / 4 / 3", 1),
        ("-n * -1", 7),
        ("- - 2", 2),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("1 / 3", Fraction(1, 3)),
        ("n * price", Fraction(35, 4)),
        ("round(2.5, 0)", 3),
        ("round(-2.5, 0)", -3),
        ("round(1 / 3, 2)", Fraction(33, 100)),
        ("round(1234, -2)", 1200),
        ("min(3, n, 2)", 2),
        ("max(3, n, 2)", 7),
        ("max(filed, 2026-02-01) - filed", 1),
        ("2026-03-01 - 2026-02-28", 1),
        ("2024-03-01 - 2024-02-28", 2),
    ],
)
def test_numbers(text: str, value: Fraction) -> None:
    assert result(text) == value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("filed", "2026-01-31"),
        ("months(filed, 1)", "2026-02-28"),
        ("months(2024-01-31, 1)", "2024-02-29"),
        ("months(2023-11-30, 3)", "2024-02-29"),
        ("months(2026-02-28, 1)", "2026-03-28"),
        ("months(2026-05-31, 1)", "2026-06-30"),
        ("months(2026-03-15, 12)", "2027-03-15"),
        ("months(2026-12-31, 2)", "2027-02-28"),
        ("months(2026-03-31, -1)", "2026-02-28"),
        ("months(2026-01-15, -1)", "2025-12-15"),
        ("months(months(2026-01-31, 1), 1)", "2026-03-28"),
        ("years(2024-02-29, 1)", "2025-02-28"),
        ("years(2024-02-29, 4)", "2028-02-29"),
        ("years(2026-07-01, 20)", "2046-07-01"),
        ("years(2000-02-29, 100)", "2100-02-28"),
        ("days(2026-02-28, 1)", "2026-03-01"),
        ("days(2024-02-28, 1)", "2024-02-29"),
        ("days(2026-01-01, -1)", "2025-12-31"),
        ("next_business_day(2026-11-20)", "2026-11-20"),
        ("next_business_day(2026-11-21)", "2026-11-23"),
        ("next_business_day(2026-11-22)", "2026-11-23"),
        ("next_business_day(2026-12-25)", "2026-12-25"),
        ("next_business_day(months(2026-02-28, 12))", "2027-03-01"),
        ("min(2026-05-01, filed)", "2026-01-31"),
    ],
)
def test_dates(text: str, day: str) -> None:
    assert result(text) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("", 0, "ends where a value is due"),
        ("1 +", 3, "ends where a value is due"),
        ("1 $ 2", 2, "'$' has no meaning"),
        ("1 2", 2, "follows a whole expression"),
        ("(1", 2, "')' is missing at the end"),
        ("min(1 2)", 6, "')' is missing before '2'"),
        ("1 + * 2", 4, "stands where a value is due"),
        ("2 ** 3", 3, "stands where a value is due"),
        ("eval(1)", 0, "no function 'eval'"),
        ("1 + wages", 4, "no variable 'wages'"),
        ("2026-02-30", 0, "no day 2026-02-30"),
        ("0001-01-01", 0, "year outside"),
        ("filed + 1", 6, "days(date, n)"),
        ("2 * filed", 2, "days(date, n)"),
        ("-filed", 0, "days(date, n)"),
        ("months(1, filed)", 0, "write months(date, n)"),
        ("next_business_day(filed, 1)", 0, "write next_business_day(date)"),
        ("min(1, filed)", 0, "not both"),
        ("1 + 1 / (n - 7)", 6, "divides by zero"),
        ("days(filed, 0.5)", 0, "whole number"),
        ("days(filed, 1000000)", 0, "up to"),
        ("days(9999-12-31, 1)", 0, "year outside"),
        ("round(1, 99)", 0, "up to"),
        ("n.real", 1, "no meaning"),
        ("__import__('os')", 11, "no meaning"),
        ("1" * 201, 200, "longer than"),
        ("(" * 30 + "1" + ")" * 30, 20, "nested deeper"),
        ("-" * 30 + "1", 20, "nested deeper"),
    ],
)
def test_what_is_refused_is_refused_with_its_place(text: str, at: int, words: str) -> None:
    with pytest.raises(FormulaError) as caught:
        result(text)
    assert words in caught.value.message
    assert caught.value.at == at


@given(st.text(max_size=300) | st.lists(st.sampled_from(ALPHABET), max_size=80).map("".join))
def test_any_text_is_computed_or_refused_at_a_place_in_it(text: str) -> None:
    refused = error_of(text)
    assert refused is None or (refused.message and 0 <= refused.at <= len(text))


def error_of(text: str) -> FormulaError | None:
    try:
        result(text)
    except FormulaError as error:
        return error
    return None


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(-400, 400))
def test_a_month_later_is_the_same_day_or_the_last_of_its_month(day: date, count: int) -> None:
    found = evaluate(
        parse(f"months(d, {count})" if count >= 0 else f"months(d, -{-count})"), {"d": day}
    )
    assert isinstance(found, date)
    assert (found.year - day.year) * 12 + found.month - day.month == count
    after = evaluate(parse("days(d, 1)"), {"d": found})
    assert isinstance(after, date)
    assert found.day == day.day or (found.day < day.day and after.day == 1)


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_the_next_business_day_is_a_weekday_within_two_days(day: date) -> None:
    found = evaluate(parse("next_business_day(d)"), {"d": day})
    assert isinstance(found, date)
    assert found.weekday() < 5
    assert (found - day).days == {5: 2, 6: 1}.get(day.weekday(), 0)


def test_spaces_do_not_make_another_expression() -> None:
    assert canonical("months( filed,12 )") == canonical(" months(filed, 12)")
    assert canonical("n*2") != canonical("n*3")


def test_an_expression_names_what_it_reads() -> None:
    assert names_in(parse("max(n, price) * n")) == {"n", "price"}
