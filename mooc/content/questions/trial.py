"""Computed answers, tried over the whole range of their variables before a learner meets them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from mooc.content.model import Formula, Formulas, Variable
from mooc.content.questions import figures, variables
from mooc.content.questions.computed import bounds
from mooc.content.questions.functions import FormulaError, Value

MOST_DIGITS = 15  # of an exact number that somebody must type

Found = tuple[Value, Value] | str


def failures(key: Formulas, vary: tuple[Variable, ...]) -> Iterator[tuple[int, str]]:
    """(which answer, why) for each that fails or makes no sense somewhere: its first failure."""
    failed: set[int] = set()
    for values in variables.samples(vary):
        known = variables.typed(vary, values)
        for at, answer in enumerate(key.answers):
            found = _bounds(answer, known)
            why = found if isinstance(found, str) else _nonsense(answer, *found)
            if why and at not in failed:
                failed.add(at)
                where = ", ".join(f"{name} = {value}" for name, value in values.items())
                yield at, f"for {where} the expression {why}" if where else f"the expression {why}"


def always_right(key: Formulas, vary: tuple[Variable, ...]) -> set[int]:
    """Known wrong answers that lie within a right one wherever one looks.

    Two that agree for some values only are fine: right ones go before known wrong ones.
    """
    same = {at for at, answer in enumerate(key.answers) if not answer.correct}
    for values in variables.samples(vary) if same else ():
        known = variables.typed(vary, values)
        found = [_bounds(answer, known) for answer in key.answers]
        right = [
            one
            for answer, one in zip(key.answers, found, strict=True)
            if answer.correct and not isinstance(one, str)
        ]
        same = {at for at in same if _within(found[at], right)}
    return same


def _within(one: Found, right: list[tuple[Value, Value]]) -> bool:
    if isinstance(one, str):
        return False
    return any(low <= one[0] and one[1] <= high for low, high in right)  # type: ignore[operator]


def _bounds(answer: Formula, known: Mapping[str, Value]) -> Found:
    """The ends of what an answer accepts, or why they cannot be computed."""
    try:
        return bounds(answer, known)
    except FormulaError as error:
        return error.message


def _nonsense(answer: Formula, low: Value, high: Value) -> str:
    """Why nobody could give this answer; empty when somebody can."""
    if low > high:  # type: ignore[operator]
        return f"gives a range that ends before it begins: {_text(low)} to {_text(high)}"
    if isinstance(low, date) or isinstance(high, date) or not answer.correct:
        return ""
    if max(abs(low), abs(high)) >= 10**MOST_DIGITS:
        return "gives a number too large to type"
    text = _text(low)
    if low == high and ("/" in text or len(text) > MOST_DIGITS):
        return f"gives {text}: nobody can type it exactly, so use round(x, 2) or a tolerance"
    return ""


def _text(value: Value) -> str:
    return value.isoformat() if isinstance(value, date) else figures.exact(value)
