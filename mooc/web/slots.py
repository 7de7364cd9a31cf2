"""Places to fill in a question: what of each leaves the server, before and after it is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from mooc.content.questions import Score

SlotState = Literal["", "right", "wrong", "empty"]


@dataclass(frozen=True, slots=True)
class Pick:
    """One line of a drop-down: plain text, since nothing else fits into one."""

    value: str
    text: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class SlotView:
    """A place to fill: a row of a table, an item to be put in order, a blank in a text.

    With `picks` it is a drop-down, else a field with `typed` in it. `state`, `answers` (what would
    have been right) and `feedback_html` are empty until released.
    """

    label_html: str = ""
    picks: tuple[Pick, ...] = ()
    typed: str = ""
    unit: str = ""
    number: bool = False  # a number is to be typed
    state: SlotState = ""
    answers: tuple[str, ...] = ()
    feedback_html: str = ""

    @property
    def filled(self) -> bool:
        return bool(self.typed.strip()) or any(pick.chosen for pick in self.picks)

    @property
    def chosen(self) -> str:
        """What stands in it, as text."""
        return next((pick.text for pick in self.picks if pick.chosen), self.typed)


class Family(Protocol):
    """What the questions of one class of key show. Slots come in the order shown, both times."""

    def asked(
        self, key: Any, order: Sequence[str], answer: Mapping[str, str], /
    ) -> tuple[SlotView, ...]:
        """The slots with what was answered; nothing of the key."""

    def judged(
        self, slots: tuple[SlotView, ...], key: Any, score: Score, order: Sequence[str], /
    ) -> tuple[SlotView, ...]:
        """The same slots with everything released."""


FAMILIES: Mapping[type[Any], Family] = {}
