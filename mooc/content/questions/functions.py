"""What the signs and functions of computed answers do: exact fractions and calendar days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

MAX_PLACES = 12
FIRST_YEAR, LAST_YEAR = 1000, 9999

Value = Fraction | date
Kind = Literal["number", "date"]


class FormulaError(Exception):
    """What is wrong with an expression; `at` is the place of the character where it shows."""

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


def _minus(left: Value, right: Value) -> Value:
    if isinstance(left, date) and isinstance(right, date):
        return Fraction((left - right).days)
    return _number(left) - _number(right)


def _number(value: Value) -> Fraction:
    if isinstance(value, date):
        raise FormulaError("a date stands where a number is due")
    return value


def _day(value: Value) -> date:
    if not isinstance(value, date):
        raise FormulaError("a number stands where a date is due")
    return value


def _whole(value: Value, most: int) -> int:
    number = _number(value)
    if number.denominator != 1:
        raise FormulaError("needs a whole number")
    if abs(number) > most:
        raise FormulaError(f"needs a number up to {most:,}")
    return int(number)


def within(found: date) -> date:
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise FormulaError(f"gives a year outside of {FIRST_YEAR} to {LAST_YEAR}")
    return found


def _days(start: Value, count: Value) -> Value:
    try:
        return within(_day(start) + timedelta(days=_whole(count, 100_000)))
    except OverflowError:
        raise FormulaError(f"gives a year outside of {FIRST_YEAR} to {LAST_YEAR}") from None


def _months(start: Value, count: Value) -> Value:
    """The day of the same number; where that month has none, its last day (PCT rule 80.2)."""
    day = _day(start)
    years, month = divmod(day.year * 12 + day.month - 1 + _whole(count, 12_000), 12)
    if not FIRST_YEAR <= years <= LAST_YEAR:
        raise FormulaError(f"gives a year outside of {FIRST_YEAR} to {LAST_YEAR}")
    last = monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last))


def _years(start: Value, count: Value) -> Value:
    return _months(start, Fraction(_whole(count, 1_000) * 12))


def _next_business_day(start: Value) -> Value:
    """The day itself, or the Monday after a weekend. Public holidays are not known."""
    day = _day(start)
    return _days(day, Fraction(max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0))


def _round(value: Value, places: Value) -> Value:
    """Half away from zero, as people round."""
    scale = Fraction(10) ** _whole(places, MAX_PLACES)
    scaled = abs(_number(value)) * scale
    rounded = Fraction(int(scaled + Fraction(1, 2))) / scale
    return rounded if _number(value) >= 0 else -rounded


def _least(*values: Value) -> Value:
    return min(values)


def _greatest(*values: Value) -> Value:
    return max(values)


SIGNS: dict[str, Callable[..., Value]] = {
    "+": lambda left, right: left + right,
    "-": _minus,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "negative": lambda value: -value,
}
FUNCTIONS: dict[str, Callable[..., Value]] = {
    "days": _days,
    "months": _months,
    "years": _years,
    "next_business_day": _next_business_day,
    "round": _round,
    "min": _least,
    "max": _greatest,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a function takes and gives, and how it is written."""

    usage: str
    takes: tuple[Kind, ...]
    gives: Kind


SHAPES = {
    "days": Shape("days(date, n)", ("date", "number"), "date"),
    "months": Shape("months(date, n)", ("date", "number"), "date"),
    "years": Shape("years(date, n)", ("date", "number"), "date"),
    "next_business_day": Shape("next_business_day(date)", ("date",), "date"),
    "round": Shape("round(number, places)", ("number", "number"), "number"),
}
