"""The values of a parametrised question: their ranges, what can be drawn, what the check tries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Literal, get_args

from mooc.content.markdown import Page
from mooc.content.marker import Marker
from mooc.content.model import Variable
from mooc.content.questions import figures
from mooc.content.questions.functions import FIRST_YEAR, FUNCTIONS, Kind, Value

DECLARED = re.compile(r"(?P<name>\S+)\s+(?P<type>\S+)\s+(?P<low>\S+?)\s*\.\.\s*(?P<high>\S+)")
NAME = re.compile(r"[a-z][a-z0-9_]{0,29}", re.ASCII)
WHOLE = re.compile(r"-?\d{1,12}", re.ASCII)
DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)
TYPES: tuple[Literal["date", "integer", "decimal"], ...] = get_args(
    Literal["date", "integer", "decimal"]
)
MOST = 5
SAMPLES = 100  # points of the ranges that the check tries besides their ends
STRIDES = (1, 37, 61, 83, 17)  # so that no two variables go in step


def of(marker: Marker, page: Page) -> tuple[Variable, ...] | None:
    """The variables of a question; those of its source when it is a translation."""
    original = (page.originals or {}).get(marker.text("question"))
    return original.vary if original else declared(marker)


def declared(marker: Marker) -> tuple[Variable, ...] | None:
    """What `vary:` declares; None, with the reasons reported (Q150), when it cannot be read."""
    found: dict[str, Variable] = {}
    parts = marker.several("vary")
    good = not marker.has("vary") or 1 <= len(parts) <= MOST
    if not good:
        marker.problem("Q150", f"{len(parts)} variables", f"Declare 1 to {MOST}.", "vary")
    for part in parts[:MOST]:
        one = _variable(part)
        if isinstance(one, Variable) and one.name in found:
            one = f"{one.name!r} is declared twice", "Delete one of them."
        if isinstance(one, Variable):
            found[one.name] = one
        else:
            good = False
            marker.problem("Q150", *one, part)
    return tuple(found.values()) if good else None


def _variable(part: str) -> Variable | tuple[str, str]:
    """The variable, or what is wrong with it and how to mend it."""
    match = DECLARED.fullmatch(part)
    if not match:
        fix = "Write filed date 2026-01-05..2026-11-20: a name, a type, and its range."
        return f"cannot read the variable {part!r}", fix
    name, kind, low, high = match["name"], match["type"], match["low"], match["high"]
    if not NAME.fullmatch(name) or name in FUNCTIONS:
        fix = "Use a to z, digits and _, at most 30, and not the name of a function."
        return f"{name!r} cannot be a variable's name", fix
    known = next((one for one in TYPES if one == kind), None)
    if known is None:
        return f"{kind!r} is no type of value", f"Use {', '.join(TYPES)}."
    start, end = _bound(low, known), _bound(high, known)
    if start is None or end is None:
        fix = "Write dates as 2026-01-05, whole numbers as 3, decimals as 1.50."
        return f"no range of the type {known}: {low}..{high}", fix
    if start > end:
        return f"{low}..{high} ends before it begins", "Write the smaller end first."
    return Variable(name, known, low, high)


def _bound(text: str, kind: str) -> Decimal | None:
    """An end of a range, to be compared with the other end."""
    if kind == "date":
        try:
            day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
        except ValueError:
            return None
        return Decimal(day.toordinal()) if day and day.year >= FIRST_YEAR else None
    return Decimal(text) if (WHOLE if kind == "integer" else DECIMAL).fullmatch(text) else None


def size(variable: Variable) -> int:
    """How many values a variable can take."""
    if variable.type == "date":
        low, high = date.fromisoformat(variable.low), date.fromisoformat(variable.high)
        return (high - low).days + 1
    return int((Decimal(variable.high) - Decimal(variable.low)) / _step(variable)) + 1


def value_at(variable: Variable, place: int) -> str:
    """The value at a place in the range, counted from 0: an ISO date, or a plain decimal."""
    if variable.type == "date":
        return (date.fromisoformat(variable.low) + timedelta(days=place)).isoformat()
    return str(Decimal(variable.low) + place * _step(variable))


def samples(variables: tuple[Variable, ...]) -> Iterator[dict[str, str]]:
    """What the check tries: the ends of all in every combination, then a hundred points."""
    sizes = [size(one) for one in variables]
    for ends in product(*((0, count - 1) for count in sizes)):
        yield {one.name: value_at(one, at) for one, at in zip(variables, ends, strict=True)}
    for point in range(SAMPLES):
        yield {
            one.name: value_at(one, point * stride % SAMPLES * (count - 1) // (SAMPLES - 1))
            for one, count, stride in zip(variables, sizes, STRIDES, strict=False)
        }


def kinds(variables: tuple[Variable, ...]) -> dict[str, Kind]:
    """What each variable is to an expression."""
    return {one.name: "date" if one.type == "date" else "number" for one in variables}


def typed(variables: tuple[Variable, ...], values: Mapping[str, str]) -> dict[str, Value]:
    """Drawn values as an expression reads them."""
    return {
        one.name: (date.fromisoformat if one.type == "date" else Fraction)(values[one.name])
        for one in variables
    }


def shown(variable: Variable, value: str, language: str) -> str:
    """A drawn value as the question's language writes it."""
    if variable.type == "date":
        return figures.day(date.fromisoformat(value), language)
    return figures.number(Decimal(value), _places(variable), language)


def _places(variable: Variable) -> int:
    return max(len(end.partition(".")[2]) for end in (variable.low, variable.high))


def _step(variable: Variable) -> Decimal:
    return Decimal(1).scaleb(-_places(variable))
