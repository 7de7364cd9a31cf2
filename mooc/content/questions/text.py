"""Short texts: compared after folding, or matched whole by a pattern that cannot run away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

import re2

from mooc.content.model import QuestionType, TextAnswer, Texts
from mooc.content.questions import sent
from mooc.content.questions.draft import Draft, Item
from mooc.content.questions.folding import fold
from mooc.content.questions.result import MAX_TEXT, Answer, Chance, Score

TYPED = True
SETTINGS = ("accept", "reject")
MAX_PATTERN = 200


def is_text(item: Item) -> bool:
    """Whether an item is nothing but code: an answer to type."""
    return item.code is not None and len(item.shown) == 1


def parse(question: Draft, kind: QuestionType) -> Texts | None:
    """The key; None, with the reasons reported, when no answer could be right."""
    before = len(question.page.file.problems)
    answers: list[TextAnswer] = []
    for item in question.items:
        if not is_text(item):
            question.problem(
                "Q115",
                "a typed answer is one piece of code",
                "Write it between backticks, and nothing beside it.",
                item.line,
                item.column,
            )
            continue
        code = item.code or ""
        pattern = len(code) > 2 and code[0] == code[-1] == "/"
        text = code[1:-1] if pattern else code
        _check(text, pattern, question, item)
        answers.append(TextAnswer(text, pattern, item.mark != " ", question.feedback_html(item)))
    if answers and not any(answer.correct for answer in answers):
        question.problem(
            "Q105",
            "no answer is right",
            "Leave out the brackets before a right answer, or write [x].",
            question.items[0].line,
            question.items[0].column,
        )
    if len(question.page.file.problems) > before:
        return None
    _check_overlap(answers, question, kind)
    return Texts(tuple(answers))


def _check(text: str, pattern: bool, question: Draft, item: Item) -> None:
    place = (item.line, item.column)
    if not pattern:
        if len(text) > MAX_TEXT or not fold(text):
            question.problem(
                "Q117", "an answer nobody can type", f"Use 1 to {MAX_TEXT:,} characters.", *place
            )
    elif len(text) > MAX_PATTERN:
        question.problem(
            "Q117",
            f"a pattern of more than {MAX_PATTERN} characters",
            "Use several shorter ones.",
            *place,
        )
    elif isinstance(found := _compiled(text), str):
        question.problem(
            "Q117",
            f"the pattern cannot be used: {found}",
            "Use RE2 syntax: no look-around, no back-references.",
            *place,
        )


def _check_overlap(answers: list[TextAnswer], question: Draft, kind: QuestionType) -> None:
    right = Texts(tuple(answer for answer in answers if answer.correct))
    for answer, item in zip(answers, question.items, strict=True):
        if not answer.correct and not answer.pattern and score(right, kind, answer.text).credit:
            question.problem(
                "Q120",
                f"{answer.text!r} is both right and known to be wrong",
                "Delete one of the two.",
                item.line,
                item.column,
            )


def differs(key: Texts, other: Texts) -> str:
    """Why a translated key cannot be added to this one; empty when it can."""
    for accepted, known, where in ((key, other, "source"), (other, key, "translation")):
        for answer in known.answers:
            if (
                not (answer.correct or answer.pattern)
                and score(accepted, "text", answer.text).credit
            ):
                return f"{answer.text!r} is right in the {where} and wrong in the other"
    return ""


def merged(key: Texts, other: Texts) -> Texts:
    """The key and what a translation accepts besides: one key for the readers of all languages."""
    return Texts((*key.answers, *_elsewhere(other, key)))


def reworded(key: Texts, other: Texts) -> Texts:
    """A merged key as a translation words it: its own answers first, all others unseen."""
    return Texts((*other.answers, *_elsewhere(key, other)))


def _elsewhere(key: Texts, other: Texts) -> list[TextAnswer]:
    """The answers of a key that another has not, without the feedback written in its language."""
    known = {_same(answer) for answer in other.answers}
    return [
        replace(answer, elsewhere=True, feedback_html="")
        for answer in key.answers
        if _same(answer) not in known
    ]


def _same(answer: TextAnswer) -> tuple[str, bool, bool]:
    text = answer.text if answer.pattern else fold(answer.text)
    return text, answer.pattern, answer.correct


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> Any:
    """The pattern, or as a text why there is none."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        message = error.args[0] if error.args else "it is malformed"
        return message.decode("utf-8", "replace") if isinstance(message, bytes) else str(message)


def scoring(key: Texts) -> object:
    """The texts and patterns that are right."""
    return sorted(
        (a.pattern, a.text if a.pattern else fold(a.text)) for a in key.answers if a.correct
    )


def words(key: Texts) -> object:
    """The answers as written, and what is said to them."""
    return [[a.text, a.feedback_html] for a in key.answers]


def shown_order(
    _key: Texts, _kind: QuestionType, _chance: Chance, *, shuffle: bool
) -> tuple[str, ...]:
    """Nothing is chosen from."""
    del shuffle
    return ()


def given(_key: Texts, _kind: QuestionType, _order: Sequence[str], values: Sequence[str]) -> str:
    """What was typed."""
    return sent.one_text(values)


def read(_key: Texts, _kind: QuestionType, answer: Answer) -> str:
    """What was typed. Raises answer.too_long."""
    return sent.one_text([sent.as_text(answer).strip()])


def score(key: Texts, kind: QuestionType, answer: Answer) -> Score:
    """1 for a text that is accepted, else 0. Right answers are tried before known wrong ones."""
    typed = fold(read(key, kind, answer))
    if not typed:
        return Score(Fraction(0), answered=False)
    for known in sorted(key.answers, key=lambda a: not a.correct):
        if _matches(known, typed):
            notes = (known.feedback_html,) if known.feedback_html else ()
            return Score(Fraction(known.correct), (known.text,), notes)
    return Score(Fraction(0))


def _matches(known: TextAnswer, folded: str) -> bool:
    if not known.pattern:
        return fold(known.text) == folded
    compiled = _compiled(known.text)
    return not isinstance(compiled, str) and compiled.fullmatch(folded) is not None
