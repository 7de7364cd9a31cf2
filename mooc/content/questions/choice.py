"""Options to tick: one right, several right, or true and false. They differ only in their form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from mooc.content.blocks import inline_of
from mooc.content.markdown import render_inline
from mooc.content.model import Choice, Choices, QuestionType
from mooc.content.questions import sent
from mooc.content.questions.draft import Draft, Item
from mooc.content.questions.folding import fold, key_of
from mooc.content.questions.result import Answer, Chance, Score
from mooc.errors import Invalid

TRUE_FALSE = (
    ("true", "false"),
    ("верно", "неверно"),
    ("vrai", "faux"),
    ("verdadero", "falso"),
    ("صحيح", "خطأ"),
    ("صواب", "خطأ"),
    ("正确", "错误"),
    ("对", "错"),
)
SHARE = re.compile(r"(-?\d{1,6})\s?%")
CREDITS = ("net", "all", "each")
TYPED = False
SETTINGS = ("credit",)


def infer(question: Draft) -> QuestionType:
    """Which of the three it is when the author does not say."""
    if _is_true_false(question.items):
        return "true-false"
    if sum(item.mark == "x" for item in question.items) > 1 or question.marker.has("credit"):
        return "multiple"
    if any(item.mark == "~" for item in question.items):
        question.problem(
            "W110",
            "a neutral option leaves it open whether one or several are right",
            "Write type: single or type: multiple in the marker.",
        )
    return "single"


def parse(question: Draft, kind: QuestionType) -> Choices | None:
    """The key; None, with the reasons reported, when it cannot be marked."""
    if not _well_formed(question, kind):
        return None
    options = [_option(item, question, kind) for item in question.items]
    seen: set[str] = set()
    for item, option in zip(question.items, options, strict=True):
        if option.key in seen:
            question.problem(
                "Q107",
                f"two options are known as {item.key or item.words!r}",
                "Give each a key of its own: <!-- a -->.",
                item.line,
                item.column,
            )
        seen.add(option.key)
    return Choices(tuple(options), _credit(question, kind))


def _well_formed(question: Draft, kind: QuestionType) -> bool:
    items = question.items
    right = [item for item in items if item.mark == "x"]
    good = True

    def refuse(code: str, message: str, fix: str, item: Item | None = None) -> None:
        nonlocal good
        good = False
        place = (item.line, item.column) if item else (items[0].line, items[0].column)
        question.problem(code, message, fix, *place)

    for item in items:
        if item.mark is None:
            refuse("Q105", "an option without brackets", "Begin it with [ ] or [x].", item)
        if not item.shown:
            refuse("Q128", "an empty option", "Write its text, or delete it.", item)
    if len(items) < 2:
        refuse("Q109", "a choice of one option", "Add at least one wrong option.")
    if not any(item.mark in ("x", "~") for item in items):
        refuse("Q105", "no option is marked as right", "Write [x] before each right option.")
    if kind == "true-false" and not _is_true_false(items):
        refuse(
            "Q123",
            "a true/false question has the two options True and False",
            "Name them so, one of them with [x].",
        )
    if kind == "single" and len(right) > 1:
        refuse(
            "Q110",
            f"{len(right)} right options in a question of type single",
            "Leave one [x], or write type: multiple.",
        )
    return good


def _is_true_false(items: list[Item]) -> bool:
    words = tuple(fold(item.words) for item in items)
    pairs = any(words in (pair, pair[::-1]) for pair in TRUE_FALSE)
    return (
        pairs
        and sum(item.mark in ("x", "~") for item in items) <= 2
        and sum(item.mark == "x" for item in items) < 2
    )


def _option(item: Item, question: Draft, kind: QuestionType) -> Choice:
    share = _share(item, question, kind)
    return Choice(
        key=item.key or _known_as(item, kind),
        html=render_inline(item.text, question.page),
        correct={"x": True, " ": False}.get(item.mark or ""),
        feedback_html=question.feedback_html(item),
        share=share,
    )


def _known_as(item: Item, kind: QuestionType) -> str:
    """An option without a key is known by its words."""
    words = fold(item.words)
    if kind == "true-false":
        return "true" if any(words == pair[0] for pair in TRUE_FALSE) else "false"
    return key_of(item.words)


def _share(item: Item, question: Draft, kind: QuestionType) -> int:
    """The percent in bold that feedback begins with; it leaves the feedback."""
    inline = inline_of(item.feedback[0]) if item.feedback else None
    children = [c for c in (inline.children if inline else None) or [] if c.content or c.nesting]
    if inline is None or len(children) < 3 or children[0].type != "strong_open":
        return 0
    found = SHARE.fullmatch(children[1].content.strip())
    if not found or children[2].type != "strong_close":
        return 0
    share = int(found[1])
    if kind != "single" or item.mark != " " or not 0 <= share <= 100:
        question.problem(
            "Q114",
            f"a share of {share} % here",
            "Shares from 0 to 100 % go to wrong options of questions with one right option.",
            item.line + 1,
            1,
        )
        return 0
    rest = children[3:]
    if rest and rest[0].type == "text":
        rest[0].content = rest[0].content.lstrip(" .:,;–—-")
    if rest and rest[0].type == "softbreak":
        del rest[0]
    inline.children = rest
    return share


def _credit(question: Draft, kind: QuestionType) -> Literal["net", "all", "each"]:
    word = question.marker.text("credit")
    if not question.marker.has("credit"):
        return "net"
    if kind != "multiple":
        question.marker.problem(
            "Q113",
            f"credit: has no meaning in a question of type {kind}",
            "Delete it, or write type: multiple.",
            "credit",
        )
    elif word not in CREDITS:
        question.marker.problem(
            "Q113",
            f"{word!r} is no way of giving credit",
            f"Use one of {', '.join(CREDITS)}.",
            word,
        )
    return "all" if word == "all" else "each" if word == "each" else "net"


def differs(key: Choices, other: Choices) -> str:
    """Why a translated key cannot stand for this one; empty when it can. The order may differ."""
    own, theirs = _marks(key), _marks(other)
    if missing := [name for name in own if name not in theirs]:
        return f"it has no option {missing[0]!r}"
    if more := [name for name in theirs if name not in own]:
        return f"the source has no option {more[0]!r}"
    wrong = [name for name in own if own[name] != theirs[name]]
    return f"the option {wrong[0]!r} is marked otherwise than in the source" if wrong else ""


def _marks(key: Choices) -> dict[str, bool | None]:
    return {option.key: option.correct for option in key.options}


def merged(key: Choices, _other: Choices) -> Choices:
    """The key, to which a translation adds nothing: options are known by the same keys."""
    return key


def reworded(key: Choices, other: Choices) -> Choices:
    """The key with the words of a translation; marks, shares and order are the key's own."""
    words = {option.key: option for option in other.options}
    return replace(
        key,
        options=tuple(
            replace(
                option, html=words[option.key].html, feedback_html=words[option.key].feedback_html
            )
            for option in key.options
        ),
    )


def scoring(key: Choices) -> object:
    """Which options there are, and what each does to the mark."""
    return [key.credit, sorted((o.key, str(o.correct), o.share) for o in key.options)]


def words(key: Choices) -> object:
    """The options as learners read them."""
    return [[o.key, o.html, o.feedback_html] for o in key.options]


def shown_order(
    key: Choices, kind: QuestionType, chance: Chance, *, shuffle: bool
) -> tuple[str, ...]:
    """The options' keys in the order to show; true and false always stand as written."""
    keys = [option.key for option in key.options]
    if shuffle and kind != "true-false":
        chance.shuffle(keys)
    return tuple(keys)


def given(
    _key: Choices, _kind: QuestionType, order: Sequence[str], values: Sequence[str]
) -> list[str]:
    """The keys of the options chosen."""
    return sent.keys_at(order, values)


def read(key: Choices, kind: QuestionType, answer: Answer) -> list[str]:
    """The keys in the options' order. Raises answer.unknown_option, .more_than_one."""
    chosen = {value for value in sent.as_keys(answer) if value}
    if chosen - {option.key for option in key.options}:
        raise Invalid("answer.unknown_option")
    if kind != "multiple" and len(chosen) > 1:
        raise Invalid("answer.more_than_one")
    return [option.key for option in key.options if option.key in chosen]


def score(key: Choices, kind: QuestionType, answer: Answer) -> Score:
    """The share of the points earned, exactly, and the feedback of what was chosen."""
    chosen = set(read(key, kind, answer))
    options = [option for option in key.options if option.key in chosen]
    feedback = tuple(option.key for option in options)
    notes = tuple(option.feedback_html for option in options if option.feedback_html)
    if not chosen:
        return Score(Fraction(0), answered=False)
    if kind == "multiple":
        return Score(_several(key, chosen), feedback, notes)
    option = options[0]
    credit = Fraction(option.share, 100) if option.correct is False else Fraction(1)
    return Score(credit, feedback, notes)


def _several(key: Choices, chosen: set[str]) -> Fraction:
    """Credit for several: neutral options leave the formula, and none left means full marks."""
    counted = [option for option in key.options if option.correct is not None]
    right = sum(option.correct is True for option in counted)
    if key.credit == "each":
        return (
            Fraction(sum(o.correct == (o.key in chosen) for o in counted), len(counted))
            if counted
            else Fraction(1)
        )
    if key.credit == "all":
        return Fraction(all(o.correct == (o.key in chosen) for o in counted))
    net = sum(1 if option.correct else -1 for option in counted if option.key in chosen)
    if not right:
        return Fraction(net == 0)
    return max(Fraction(net, right), Fraction(0))
