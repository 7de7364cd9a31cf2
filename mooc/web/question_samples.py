"""Invented questions with several places to fill, in every state, for the style guide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mooc.web.questions import QuestionView, Verdict
from mooc.web.slots import Pick, SlotState, SlotView

RIGHTS = ("Copyright", "A patent", "A trade mark")
MATCHED: tuple[SlotState, ...] = ("right", "wrong", "empty")
WHY = "<p>Each right has an object of its own.</p>"


def slotted() -> list[QuestionView]:
    """Dates, matching, ordering and cloze: empty, filled, refused, judged and locked."""
    twice = "Two items have the same place. Give each item a place of its own; nothing is lost."
    partly = Verdict("partly", 33, explanation_html=WHY)
    matching, ordering, cloze = _matching(), _ordering(), _cloze()
    return [
        _view("date", "q-date", "Until when can priority be claimed?", ()),
        _view(
            "date", "q-date-wrong", "Until when can priority be claimed?", (), typed="1 April 2027",
            verdict=Verdict("wrong", 0, ("<p>Count from the filing.</p>",), WHY, ("2027-03-01",)),
        ),
        _view("matching", "q-match", "What protects what?", _empty(matching), heads_html=HEADS),
        _view(
            "matching", "q-match-done", "What protects what?", _judged(matching),
            heads_html=HEADS, verdict=partly, locked=True,
        ),
        _view("ordering", "q-order", "Put the steps in order.", _empty(ordering)),
        _view("ordering", "q-order-twice", "Put the steps in order.", ordering, error=twice),
        _view(
            "ordering", "q-order-done", "Put the steps in order.", _judged(ordering),
            verdict=partly, locked=True,
        ),
        _view("cloze", "q-cloze", "Complete the sentence.", _empty(cloze), pieces_html=PIECES),
        _view(
            "cloze", "q-cloze-done", "Complete the sentence.", _judged(cloze),
            pieces_html=PIECES, verdict=partly, locked=True,
        ),
    ]  # fmt: skip


HEADS = ("What is made", "What protects it")
PIECES = ("<p>A patent lasts ", " years from ", ", and a design at least ", ".</p>")


def _view(kind: str, name: str, title: str, slots: Sequence[SlotView], **more: Any) -> QuestionView:
    return QuestionView(name, name, kind, "en", 6, title, "", 100, slots=tuple(slots), **more)


def _picks(texts: Sequence[str], chosen: int, first: int = 0) -> tuple[Pick, ...]:
    return tuple(Pick(str(at), text, at == chosen) for at, text in enumerate(texts, first))


def _matching() -> list[SlotView]:
    made = ("A novel", "A new valve", "The <em>sign</em> of a shop")
    return [SlotView(html, _picks(RIGHTS, at)) for html, at in zip(made, (0, 2, -1), strict=True)]


def _ordering() -> list[SlotView]:
    places = ("1", "2", "3")
    steps = ("Publication", "Filing", "Grant")
    return [SlotView(s, _picks(places, at, 1)) for s, at in zip(steps, (2, 2, -1), strict=True)]


def _cloze() -> list[SlotView]:
    return [
        SlotView(typed="20", number=True),
        SlotView(picks=_picks(("filing", "grant"), 1)),
        SlotView(unit="years", number=True),
    ]


def _empty(slots: Sequence[SlotView]) -> list[SlotView]:
    return [
        replace(slot, typed="", picks=tuple(replace(pick, chosen=False) for pick in slot.picks))
        for slot in slots
    ]


def _judged(slots: Sequence[SlotView]) -> list[SlotView]:
    notes = ("", "<p>That is another thing.</p>", "")
    return [
        replace(slot, state=state, answers=() if state == "right" else ("10",), feedback_html=note)
        for slot, state, note in zip(slots, MATCHED, notes, strict=True)
    ]
