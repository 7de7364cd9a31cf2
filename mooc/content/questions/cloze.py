"""A text with blanks: each is typed or chosen, and marked as a question of its kind would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from mooc.content.model import Blank, Choices, Cloze, Dates, Numbers, QuestionType, Texts
from mooc.content.questions import choice, date, numeric, sent, style, text
from mooc.content.questions.blanks import find, pieces
from mooc.content.questions.draft import Draft
from mooc.content.questions.result import Answer, Chance, Part, Score
from mooc.errors import Invalid

TYPED = False
SETTINGS: tuple[str, ...] = ()
MODULES: Mapping[type[Any], Any] = {
    Choices: choice, Dates: date, Numbers: numeric, Texts: text,
}  # fmt: skip
KINDS: Mapping[type[Any], QuestionType] = {
    Choices: "single", Dates: "date", Numbers: "numeric", Texts: "text",
}  # fmt: skip
SLIPS = ("answer.not_a_number", "answer.not_a_date", "answer.too_long")


def parse(question: Draft, _kind: QuestionType) -> Cloze | None:
    """The key; None, with the reasons reported, when a blank has no answer or an answer no blank.

    The text around the blanks goes into the key, so the question has no other prompt.
    """
    before = len(question.page.file.problems)
    blanks: list[Blank] = []
    for entry in find(question):
        if not entry.items:
            continue
        own = replace(question, items=entry.items)
        kind = _kind_of(own)
        if kind == "single":
            style.silent(own)
        key = _module_of(kind).parse(own, kind)
        if key is not None:
            blanks.append(Blank(entry.name, key, entry.weight))
    if any(p.severity == "error" for p in question.page.file.problems[before:]):
        return None
    parts = pieces(question, [blank.name for blank in blanks])
    question.stem = []
    return Cloze(tuple(blanks), parts) if blanks and len(parts) == len(blanks) + 1 else None


def _kind_of(own: Draft) -> QuestionType:
    if all(date.is_date(item) for item in own.items):
        return "date"
    if all(numeric.is_numeric(item) for item in own.items):
        return "numeric"
    return "text" if all(text.is_text(item) for item in own.items) else "single"


def _module_of(kind: QuestionType) -> Any:
    return next(MODULES[key] for key, name in KINDS.items() if name == kind)


def differs(key: Cloze, other: Cloze) -> str:
    """Why a translated key cannot stand for this one; empty when it can.

    Fields are told apart by their order, so the order of the blanks must be that of the source.
    """
    if [blank.name for blank in key.blanks] != [blank.name for blank in other.blanks]:
        return "its blanks, or their order, are not those of the source"
    for own, theirs in zip(key.blanks, other.blanks, strict=True):
        if type(own.key) is not type(theirs.key):
            return f"the blank {own.name!r} is filled in another way than in the source"
        if why := MODULES[type(own.key)].differs(own.key, theirs.key):
            return f"of the blank {own.name!r}: {why}"
    return ""


def merged(key: Cloze, other: Cloze) -> Cloze:
    """The key, with what a translation accepts besides."""
    return _by_blank("merged", key, other)


def reworded(key: Cloze, other: Cloze) -> Cloze:
    """A merged key with the text and the words of a translation."""
    return replace(_by_blank("reworded", key, other), parts=other.parts)


def _by_blank(what: str, key: Cloze, other: Cloze) -> Cloze:
    blanks = tuple(
        replace(own, key=getattr(MODULES[type(own.key)], what)(own.key, theirs.key))
        for own, theirs in zip(key.blanks, other.blanks, strict=True)
    )
    return replace(key, blanks=blanks)


def scoring(key: Cloze) -> object:
    """What each blank takes, and what it is worth beside the others."""
    marks = [(blank, MODULES[type(blank.key)].scoring(blank.key)) for blank in key.blanks]
    return sorted((b.name, b.weight, b.key.kind, repr(mark)) for b, mark in marks)


def words(key: Cloze) -> object:
    """The text, and what can be chosen or typed."""
    return [
        key.parts,
        *([blank.name, MODULES[type(blank.key)].words(blank.key)] for blank in key.blanks),
    ]


def shown_order(
    key: Cloze, _kind: QuestionType, chance: Chance, *, shuffle: bool
) -> tuple[str, ...]:
    """`blank/option` for each option of each drop-down, in the order to show."""
    return tuple(
        f"{blank.name}/{option}"
        for blank in key.blanks
        for option in MODULES[type(blank.key)].shown_order(
            blank.key, KINDS[type(blank.key)], chance, shuffle=shuffle
        )
    )


def options_of(blank: Blank, order: Sequence[str]) -> list[str]:
    """The keys of a blank's options in the order shown; empty when it is typed."""
    return [key for name, _slash, key in (each.partition("/") for each in order)
            if name == blank.name]  # fmt: skip


def given(
    key: Cloze, _kind: QuestionType, order: Sequence[str], values: Sequence[str]
) -> dict[str, str]:
    """What stands in each blank, for those that are filled."""
    filled = zip(key.blanks, sent.slots(values, len(key.blanks)), strict=False)
    return {
        blank.name: sent.key_at(options_of(blank, order), value)
        if isinstance(blank.key, Choices)
        else sent.one_text([value])
        for blank, value in filled
        if value.strip()
    }


def read(key: Cloze, _kind: QuestionType, answer: Answer) -> dict[str, str]:
    """The blanks in order. Raises what the types of the blanks raise: answer.not_a_number, …"""
    filled = sent.as_slots(answer)
    if filled.keys() - {blank.name for blank in key.blanks}:
        raise Invalid("answer.unknown_option")
    for blank in key.blanks:
        if blank.name in filled:
            _of(blank, "read", filled[blank.name])
    return {blank.name: filled[blank.name] for blank in key.blanks if blank.name in filled}


def _of(blank: Blank, what: str, value: str) -> Any:
    chosen = isinstance(blank.key, Choices)
    given = [value] if chosen else value
    return getattr(MODULES[type(blank.key)], what)(blank.key, KINDS[type(blank.key)], given)


def score(key: Cloze, _kind: QuestionType, answer: Answer) -> Score:
    """Each blank by its weight. One that cannot be read costs its own share and no other."""
    filled = sent.as_slots(answer)
    if filled.keys() - {blank.name for blank in key.blanks}:
        raise Invalid("answer.unknown_option")
    marks = [(blank, _mark(blank, filled.get(blank.name, ""))) for blank in key.blanks]
    earned = sum((blank.weight * mark.credit for blank, mark in marks), Fraction(0))
    parts = tuple(_part(blank, mark) for blank, mark in marks)
    answered = any(mark.answered for _blank, mark in marks)
    return Score(earned / sum(blank.weight for blank in key.blanks), answered=answered, parts=parts)


def _mark(blank: Blank, value: str) -> Score:
    if not value.strip():
        return Score(Fraction(0), answered=False)
    try:
        mark: Score = _of(blank, "score", value)
    except Invalid as error:
        if error.code not in SLIPS:
            raise
        return Score(Fraction(0))
    return mark


def _part(blank: Blank, mark: Score) -> Part:
    if not mark.answered:
        return Part(blank.name, "empty")
    state = "right" if mark.credit == 1 else "wrong"
    return Part(blank.name, state, "\n".join(mark.feedback_html))  # type: ignore[arg-type]
