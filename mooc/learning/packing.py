"""A learner's facts in one small value on the enrollment row, so that a page reads one row.

The shape is `{item: cell}`; a lesson's cell has `d` (1 when complete) and `q` (ids of practice
questions answered); a quiz's has `n` (closed attempts) and `s` ([numerator, denominator] of the
score that counts). Absent means none. It is a projection: the facts are the truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from mooc.learning.progress import ItemState

Packed = Mapping[str, Mapping[str, Any]]


def states(packed: Packed) -> dict[str, ItemState]:
    """What the rules of progress need."""
    return {item: _state(cell) for item, cell in packed.items()}


def _state(cell: Mapping[str, Any]) -> ItemState:
    score = cell.get("s")
    return ItemState(
        complete=cell.get("d") == 1,
        score=Fraction(score[0], score[1]) if score else None,
        attempts=cell.get("n", 0),
    )


def answered(packed: Packed, item: str) -> frozenset[str]:
    """Which practice questions of a lesson were answered, right or wrong."""
    return frozenset(packed.get(item, {}).get("q", ()))


def renamed(packed: Packed, present: Mapping[str, str]) -> Packed:
    """The same facts under the present ids of items that were renamed since."""
    if not packed.keys() & present.keys():
        return packed
    found: dict[str, dict[str, Any]] = {}
    for item, cell in packed.items():
        name = present.get(item, item)
        found[name] = _both(found[name], cell) if name in found else dict(cell)
    return found


def _both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What two items came to that are one now: all that was done in either."""
    cell = {**one, **other}
    if "q" in one and "q" in other:
        cell["q"] = sorted({*one["q"], *other["q"]})
    if "n" in one and "n" in other:
        cell["n"] = one["n"] + other["n"]
    if "s" in one and "s" in other:
        cell["s"] = max(one["s"], other["s"], key=lambda share: Fraction(*share))
    return cell


def with_completion(packed: Packed, item: str, *, done: bool) -> dict[str, Any]:
    cell = {key: value for key, value in packed.get(item, {}).items() if key != "d"}
    if done:
        cell["d"] = 1
    return _with(packed, item, cell)


def with_practice(packed: Packed, item: str, question: str) -> dict[str, Any]:
    cell = dict(packed.get(item, {}))
    cell["q"] = sorted({*cell.get("q", ()), question})
    return _with(packed, item, cell)


def with_score(packed: Packed, item: str, attempts: int, score: Fraction | None) -> dict[str, Any]:
    cell: dict[str, Any] = {}
    if attempts:
        cell["n"] = attempts
    if score is not None:
        cell["s"] = [score.numerator, score.denominator]
    return _with(packed, item, cell)


def _with(packed: Packed, item: str, cell: Mapping[str, Any]) -> dict[str, Any]:
    rest = {key: dict(value) for key, value in packed.items() if key != item}
    return {**rest, item: dict(cell)} if cell else rest
