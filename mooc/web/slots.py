"""Places to fill in a question: what of each leaves the server, before and after it is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from markupsafe import Markup

from mooc.content.model import (
    Blank,
    Choices,
    Cloze,
    Dates,
    Key,
    Numbers,
    Pairs,
    Steps,
    Texts,
)
from mooc.content.questions import Score
from mooc.content.questions.cloze import options_of

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

    def right(self, key: Any, order: Sequence[str], /) -> dict[str, tuple[str, ...]]:
        """What would be right in each slot, the slots in the order shown."""


def judged(
    family: Family,
    slots: tuple[SlotView, ...],
    key: Any,
    order: Sequence[str],
    score: Score,
) -> tuple[SlotView, ...]:
    """The slots with everything released."""
    parts = {part.slot: part for part in score.parts}
    return tuple(
        replace(
            slot,
            state=parts[name].state,
            answers=() if parts[name].state == "right" else answers,
            feedback_html=parts[name].feedback_html,
        )
        for slot, (name, answers) in zip(slots, family.right(key, order).items(), strict=True)
    )


def _words(html: str) -> str:
    """Sanitised HTML as the plain text that a drop-down can show."""
    return Markup(html).striptags()  # noqa: S704 - compiled by us, and only its text is used


class Matching:
    """A row of the table each, all with the same drop-down."""

    def asked(
        self, key: Pairs, order: Sequence[str], answer: Mapping[str, str], /
    ) -> tuple[SlotView, ...]:
        shown = {target.key: _words(target.html) for target in key.targets}
        return tuple(
            SlotView(pair.html, _picks(order, shown, answer.get(pair.key, "")))
            for pair in key.pairs
        )

    def right(self, key: Pairs, _order: Sequence[str], /) -> dict[str, tuple[str, ...]]:
        shown = {target.key: _words(target.html) for target in key.targets}
        return {pair.key: (shown[pair.target],) for pair in key.pairs}


class Ordering:
    """An item each, in the order shown, with the places to choose from."""

    def asked(
        self, key: Steps, order: Sequence[str], answer: Mapping[str, str], /
    ) -> tuple[SlotView, ...]:
        html = {step.key: step.html for step in key.steps}
        places = [str(place) for place in range(1, len(order) + 1)]
        return tuple(
            SlotView(
                html[name],
                tuple(Pick(place, place, answer.get(name) == place) for place in places),
            )
            for name in order
        )

    def right(self, key: Steps, order: Sequence[str], /) -> dict[str, tuple[str, ...]]:
        places = {step.key: str(place) for place, step in enumerate(key.steps, 1)}
        return {name: (places[name],) for name in order}


class Blanks:
    """A blank each, in the order of the text: a drop-down, or a field to type into."""

    def asked(
        self, key: Cloze, order: Sequence[str], answer: Mapping[str, str], /
    ) -> tuple[SlotView, ...]:
        return tuple(self._slot(blank, order, answer.get(blank.name, "")) for blank in key.blanks)

    def _slot(self, blank: Blank, order: Sequence[str], given: str) -> SlotView:
        if isinstance(blank.key, Choices):
            shown = {option.key: _words(option.html) for option in blank.key.options}
            return SlotView(picks=_picks(options_of(blank, order), shown, given))
        number = isinstance(blank.key, Numbers)
        return SlotView(typed=given, unit=unit_of(blank.key), number=number)

    def right(self, key: Cloze, _order: Sequence[str], /) -> dict[str, tuple[str, ...]]:
        return {blank.name: self._right(blank) for blank in key.blanks}

    def _right(self, blank: Blank) -> tuple[str, ...]:
        if isinstance(blank.key, Choices):
            return tuple(_words(o.html) for o in blank.key.options if o.correct)
        return accepted(blank.key)


def _picks(order: Sequence[str], shown: Mapping[str, str], given: str) -> tuple[Pick, ...]:
    return tuple(Pick(str(at), shown[key], key == given) for at, key in enumerate(order))


def unit_of(key: Key) -> str:
    """What stands after the field."""
    return key.unit if isinstance(key, Numbers) else ""


def accepted(key: Key) -> tuple[str, ...]:
    """Of what is typed: what would have been right, as the author wrote it."""
    if isinstance(key, Numbers | Dates):
        return tuple(answer.source for answer in key.answers if answer.correct)
    if isinstance(key, Texts):
        # A pattern explains nothing to a learner; plain answers do.
        return tuple(a.text for a in key.answers if a.correct and not (a.pattern or a.elsewhere))
    return ()


FAMILIES: Mapping[type[Any], Family] = {Pairs: Matching(), Steps: Ordering(), Cloze: Blanks()}
