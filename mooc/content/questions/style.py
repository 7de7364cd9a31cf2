"""How test questions give themselves away: warnings about writing, which never stop a publish."""

from __future__ import annotations

import re

from mooc.content.model import QuestionType
from mooc.content.questions.draft import Block, Draft
from mooc.content.questions.folding import fold

ABOVE = re.compile(
    r"\b(all|none|both|any) of (the above|these|them)\b"
    r"|\b(вс[её] (выше)?перечисленн|ни (один|одно|одна) из|все варианты)",
    re.IGNORECASE,
)
# Case matters: a NOT in capitals is emphasis enough.
NEGATIVE = re.compile(
    r"\b([Ww]hich|[Ww]hat|[Ww]ho)\b[^.?!]*\b(not|never|except|cannot|least)\b[^.!]*\?"
    r"|\b([Кк]ак(ой|ая|ое|ие|ого|их)|[Чч]то|[Кк]то)\b[^.?!]*\b(не|кроме)\b[^.!]*\?"
)


def check(question: Draft, kind: QuestionType) -> None:
    """W101 to W109, for the forms in which options are chosen."""
    if kind not in ("single", "multiple", "true-false"):
        return
    _longest_is_key(question)
    _words(question)
    _negative(question)
    silent(question)
    if kind != "true-false" and not all(item.key for item in question.items):
        question.problem(
            "W109",
            "options without a key: when their text is edited, they count as new ones",
            "End each with a comment such as <!-- a -->.",
        )


def silent(question: Draft) -> None:
    """W105: wrong options that say nothing to those who chose them."""
    for item in question.items:
        if item.mark == " " and not item.feedback:
            question.problem(
                "W105",
                "a wrong option without feedback",
                "Add an indented > line that says why it is wrong.",
                item.line,
                item.column,
            )


def _longest_is_key(question: Draft) -> None:
    right = [item for item in question.items if item.mark == "x"]
    wrong = [len(item.words) for item in question.items if item.mark == " "]
    if len(right) != 1 or len(wrong) < 2:
        return
    length = len(right[0].words)
    if length >= max(wrong) * 1.5 and length >= max(wrong) + 15:
        question.problem(
            "W101",
            "the right option is much the longest",
            "Shorten it, or make another as long.",
            right[0].line,
            right[0].column,
        )


def _words(question: Draft) -> None:
    seen: set[str] = set()
    for item in question.items:
        if ABOVE.search(item.words):
            question.problem(
                "W103",
                "an option that speaks of the others",
                "Name what is meant: options may be shown in another order.",
                item.line,
                item.column,
            )
        words = fold(item.words)
        if words and words in seen:
            question.problem(
                "W106", "two options say the same", "Change or delete one.", item.line, item.column
            )
        seen.add(words)


def _negative(question: Draft) -> None:
    stem = " ".join(_unstressed(block) for block in (question.heading, *question.stem))
    if NEGATIVE.search(stem):
        question.problem(
            "W104",
            "a negative question that does not stress the negation",
            "Ask positively, or write **not**.",
        )


def _unstressed(block: Block) -> str:
    words: list[str] = []
    for token in block:
        depth = 0
        for child in token.children or []:
            if child.type in ("strong_open", "em_open", "strong_close", "em_close"):
                depth += child.nesting
            elif not depth:
                words.append(child.content if child.type in ("text", "code_inline") else " ")
        words.append(" ")
    return "".join(words)
