"""What an answer is, and what marking it yields."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, Protocol

# As it is stored: keys of options; what was typed; or, of questions with several slots, the slots
# that were filled, each with the key chosen or the text typed.
Answer = str | list[str] | dict[str, str]
MAX_TEXT = 2_000  # characters in anything typed on one line

PartState = Literal["right", "wrong", "empty"]


@dataclass(frozen=True, slots=True)
class Part:
    """What one slot came to: a row of a table, an item to be put in order, a blank."""

    slot: str
    state: PartState
    feedback_html: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """`credit` is the share of the question's points, from 0 to 1, exact.

    `feedback` names the chosen options, or the known answer that was typed; `feedback_html` is what
    the author says to that. `parts` has a part for each slot, in the author's order. All are secret
    until the quiz's policy releases them. `waiting`: a person must mark it first. What is not
    `graded` is a survey: it has no verdict.
    """

    credit: Fraction
    feedback: tuple[str, ...] = ()
    feedback_html: tuple[str, ...] = ()
    answered: bool = True
    parts: tuple[Part, ...] = ()
    waiting: bool = False
    graded: bool = True


class Chance(Protocol):
    """What puts options into another order: `random.Random`, which the rules of content lack."""

    def shuffle(self, x: Any) -> None: ...
