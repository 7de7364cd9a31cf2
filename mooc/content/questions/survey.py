"""Surveys: options to choose from, none of them right. They are asked, never marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from mooc.content.markdown import render_inline
from mooc.content.model import Choice, QuestionType, Survey
from mooc.content.questions import sent
from mooc.content.questions.draft import Draft
from mooc.content.questions.folding import key_of
from mooc.content.questions.result import Answer, Chance, Score
from mooc.errors import Invalid

TYPED = False
SETTINGS: tuple[str, ...] = ()


def parse(question: Draft, _kind: QuestionType) -> Survey | None:
    """The options; None, with the reasons reported, when there is nothing to choose from."""
    before = len(question.page.file.problems)
    items = question.items
    if len(items) < 2:
        place = (items[0].line, items[0].column) if items else (0, 1)
        question.problem("Q109", "a survey of one option", "Add at least one more.", *place)
    seen: set[str] = set()
    for item in items:
        key = item.key or key_of(item.words)
        problem = None
        if item.mark != " ":
            problem = ("Q157", "an option of a survey is neither right nor wrong", "Write - [ ].")
        elif not item.shown:
            problem = ("Q128", "an empty option", "Write its text, or delete it.")
        elif key in seen:
            problem = ("Q107", f"two options are known as {key!r}", "Give each a key: <!-- a -->.")
        if problem:
            question.problem(*problem, item.line, item.column)
        seen.add(key)
    choose = question.marker.text("choose")
    if question.marker.has("choose") and choose not in ("one", "several"):
        fix = "Write choose: several, or delete it."
        question.marker.problem("Q157", f"{choose!r} is no number to choose", fix, choose)
    if len(question.page.file.problems) > before:
        return None
    options = tuple(
        Choice(
            key=item.key or key_of(item.words),
            html=render_inline(item.text, question.page),
            correct=None,
            feedback_html=question.feedback_html(item),
        )
        for item in items
    )
    return Survey(options, several=choose == "several")


def differs(key: Survey, other: Survey) -> str:
    """Why a translated key cannot stand for this one; empty when it can."""
    own, theirs = ({option.key for option in each.options} for each in (key, other))
    return "" if own == theirs else "its options are not those of the source"


def merged(key: Survey, _other: Survey) -> Survey:
    """The key, to which a translation adds nothing."""
    return key


def reworded(key: Survey, other: Survey) -> Survey:
    """The key with the words of a translation."""
    found = {option.key: option for option in other.options}
    return replace(key, options=tuple(found[option.key] for option in key.options))


def scoring(key: Survey) -> object:
    """Nothing is marked; other options are another question all the same."""
    return [key.several, sorted(option.key for option in key.options)]


def words(key: Survey) -> object:
    """The options as they are read."""
    return [[option.key, option.html, option.feedback_html] for option in key.options]


def shown_order(
    key: Survey, _kind: QuestionType, _chance: Chance, *, shuffle: bool
) -> tuple[str, ...]:
    """As written: the options of a survey are often a scale."""
    del shuffle
    return tuple(option.key for option in key.options)


def given(_key: Survey, _kind: QuestionType, order: Sequence[str], values: Sequence[str]) -> Answer:
    """The keys of what was ticked."""
    return sent.keys_at(order, values)


def read(key: Survey, _kind: QuestionType, answer: Answer) -> Answer:
    """The keys that were chosen. Raises answer.unknown_option and .more_than_one."""
    chosen = set(sent.as_keys(answer))
    if chosen - {option.key for option in key.options}:
        raise Invalid("answer.unknown_option")
    if len(chosen) > 1 and not key.several:
        raise Invalid("answer.more_than_one")
    return [option.key for option in key.options if option.key in chosen]


def score(key: Survey, kind: QuestionType, answer: Answer) -> Score:
    """Nothing, whatever was chosen: see `Score.graded`."""
    return Score(Fraction(0), answered=bool(read(key, kind, answer)), graded=False)
