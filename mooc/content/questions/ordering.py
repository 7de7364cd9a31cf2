"""Things to put in order: a numbered list in the right order, shown in another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from mooc.content.markdown import render_inline
from mooc.content.model import QuestionType, Step, Steps
from mooc.content.questions import sent
from mooc.content.questions.draft import Draft, Item
from mooc.content.questions.folding import key_of
from mooc.content.questions.result import Answer, Chance, Part, PartState, Score
from mooc.errors import Invalid

TYPED = False
SETTINGS = ("credit",)


def parse(question: Draft, _kind: QuestionType) -> Steps | None:
    """The key; None, with the reasons reported, when there is nothing to put in order."""
    before = len(question.page.file.problems)
    items = question.items
    steps = [_step(item, question) for item in items]
    if len(items) < 2:
        question.problem(
            "Q109",
            "there is nothing to put in order",
            "Write at least two items.",
            items[0].line if items else 0,
            items[0].column if items else 1,
        )
    seen: set[str] = set()
    for step, item in zip(steps, items, strict=True):
        if step.key in seen:
            question.problem(
                "Q107",
                f"two items are known as {item.key or item.words!r}",
                "Give each a key of its own: <!-- a -->.",
                item.line,
                item.column,
            )
        seen.add(step.key)
    credit = _credit(question)
    if any(p.severity == "error" for p in question.page.file.problems[before:]):
        return None
    return Steps(tuple(steps), credit)


def _step(item: Item, question: Draft) -> Step:
    if item.mark is not None:
        question.problem(
            "Q132",
            "brackets in a numbered list",
            "Write - for options to choose; items to be put in order have no brackets.",
            item.line,
            item.column,
        )
    elif not item.shown:
        question.problem(
            "Q128", "an empty option", "Write its text, or delete it.", item.line, item.column
        )
    html = render_inline(item.text, question.page)
    return Step(item.key or key_of(item.words), html, question.feedback_html(item))


def _credit(question: Draft) -> Literal["pairs", "exact"]:
    word = question.marker.text("credit")
    if question.marker.has("credit") and word not in ("pairs", "exact"):
        question.marker.problem(
            "Q113",
            f"{word!r} is no way of giving credit for an order",
            "Use one of pairs, exact.",
            word,
        )
    return "exact" if word == "exact" else "pairs"


def differs(key: Steps, other: Steps) -> str:
    """Why a translated key cannot stand for this one; empty when it can."""
    own, theirs = ([step.key for step in each.steps] for each in (key, other))
    return "" if own == theirs else "its items, or their order, are not those of the source"


def merged(key: Steps, _other: Steps) -> Steps:
    """The key, to which a translation adds nothing."""
    return key


def reworded(key: Steps, other: Steps) -> Steps:
    """The key with the words of a translation."""
    return replace(key, steps=other.steps)


def scoring(key: Steps) -> object:
    """The items in order, and how an order is marked."""
    return [key.credit, [step.key for step in key.steps]]


def words(key: Steps) -> object:
    """The items as learners read them."""
    return [[step.key, step.html, step.feedback_html] for step in key.steps]


def shown_order(
    key: Steps, _kind: QuestionType, chance: Chance, *, shuffle: bool
) -> tuple[str, ...]:
    """The items' keys, always shuffled, and never in the right order.

    But of two items chance decides: were they never in order, everybody would know the answer.
    """
    del shuffle
    right = [step.key for step in key.steps]
    keys = list(right)
    chance.shuffle(keys)
    while len(keys) > 2 and keys == right:
        chance.shuffle(keys)
    return tuple(keys)


def given(
    key: Steps, _kind: QuestionType, order: Sequence[str], values: Sequence[str]
) -> dict[str, str]:
    """The place given to each item, for those that have one."""
    filled = zip(order, sent.slots(values, len(order)), strict=False)
    places = {str(place) for place in range(1, len(key.steps) + 1)}
    found = {name: value for name, value in filled if value}
    if set(found.values()) - places:
        raise Invalid("answer.unknown_option")
    return found


def read(key: Steps, _kind: QuestionType, answer: Answer) -> dict[str, str]:
    """The places of the items. Raises answer.unknown_option, .position_twice."""
    places = _places(key, answer)
    if len(set(places.values())) < len(places):
        raise Invalid("answer.position_twice")
    return {name: str(place) for name, place in places.items()}


def _places(key: Steps, answer: Answer) -> dict[str, int]:
    found = sent.as_slots(answer)
    known = {str(place): place for place in range(1, len(key.steps) + 1)}
    if found.keys() - {step.key for step in key.steps} or found.values() - known.keys():
        raise Invalid("answer.unknown_option")
    return {step.key: known[found[step.key]] for step in key.steps if step.key in found}


def score(key: Steps, _kind: QuestionType, answer: Answer) -> Score:
    """`exact`: all or nothing. `pairs`: each two neighbours that follow each other as they should.

    A place given twice counts for neither, so that a slip in one does not cost the others.
    """
    filled = _places(key, answer)
    times = Counter(filled.values())
    places = {name: place for name, place in filled.items() if times[place] == 1}
    parts = tuple(_part(step, at, filled, places) for at, step in enumerate(key.steps, 1))
    if not filled:
        return Score(Fraction(0), answered=False, parts=parts)
    exact = all(part.state == "right" for part in parts)
    if key.credit == "exact":
        return Score(Fraction(exact), parts=parts)
    follow = sum(
        places.get(after.key, 0) == places.get(before.key, -2) + 1
        for before, after in zip(key.steps, key.steps[1:], strict=False)
    )
    return Score(Fraction(follow, len(key.steps) - 1), parts=parts)


def _part(step: Step, at: int, filled: dict[str, int], places: dict[str, int]) -> Part:
    state: PartState = "empty" if step.key not in filled else "wrong"
    if places.get(step.key) == at:
        state = "right"
    return Part(step.key, state, step.feedback_html if state == "wrong" else "")
