"""Questions: what kind each is, what an answer to it means, and what that answer is worth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import get_args

from mooc.content.blocks import plain
from mooc.content.markdown import Page, render
from mooc.content.model import Choices, Key, Numbers, Question, QuestionType, Texts
from mooc.content.questions import choice, numeric, style, text
from mooc.content.questions.draft import Block, Draft, draft
from mooc.content.questions.identity import with_hashes
from mooc.content.questions.result import Answer, Score
from mooc.content.schema import ID
from mooc.errors import Invalid

__all__ = ["Answer", "Score", "parse", "read", "score"]

TYPES: dict[str, QuestionType] = {
    **{name: name for name in get_args(QuestionType)},
    "true/false": "true-false",
    "short text": "text",
}
LATER = ("matching", "ordering", "cloze", "date", "open", "survey", "case")
DATE = re.compile(r"\s*\d{4}-\d\d-\d\d\s*")


def parse(blocks: Sequence[Block], page: Page, *, graded: bool) -> Question | None:
    """The question a heading, its marker and the blocks after them make.

    None, with the reasons reported, when there is none. `graded` questions must name their source.
    """
    before = len(page.file.problems)
    found = draft(blocks, page)
    identity = found.marker.text("question")
    if not ID.fullmatch(identity):
        found.marker.problem(
            "Q103",
            f"{identity!r} cannot be a question's id",
            "Use 2 to 60 of a-z, 0-9 and hyphens.",
            identity,
        )
    if graded and not found.marker.several("source"):
        found.marker.problem(
            "Q122",
            "a graded question names no source",
            "Add source: and the law or text the key rests on.",
        )
    kind = _kind(found)
    if kind is None:
        return None
    style.check(found, kind)
    key = _key(found, kind)
    if key is None:
        return None
    question = _question(found, identity, kind, key)
    if len(page.file.problems) == before or not _errors(page, before):
        _run_examples(found, question)
    return with_hashes(question)


def _errors(page: Page, since: int) -> bool:
    return any(problem.severity == "error" for problem in page.file.problems[since:])


def _question(found: Draft, identity: str, kind: QuestionType, key: Key) -> Question:
    marker = found.marker
    return Question(
        id=identity,
        type=kind,
        language=found.page.language,
        title=found.title,
        title_html=found.title_html,
        prompt_html="\n".join(render(block, found.page) for block in found.stem),
        key=key,
        points=found.points,
        hints_html=tuple(render(block[1:-1], found.page) for block in found.hints),
        explanation_html="\n".join(render(block[1:-1], found.page) for block in found.explanation),
        tags=marker.several("tags"),
        level=marker.text("level"),
        sources=marker.several("source"),
        path=found.page.file.path,
        line=found.line,
    )


def _kind(found: Draft) -> QuestionType | None:
    """The type: said, or inferred from the shape, in the order that course-format.md gives."""
    original = (found.page.originals or {}).get(found.marker.text("question"))
    said = found.marker.text("type") or (original.type if original else "")
    later = said if said in LATER else _later_shape(found) if not said else ""
    if found.marker.has("vary"):
        later = "parametrised"
    if later:
        found.problem(
            "Q111",
            f"questions of the type {later} are not supported yet",
            "Use options or typed answers for now.",
        )
        return None
    if said and said not in TYPES:
        found.marker.problem(
            "Q110", f"{said!r} is no type of question", f"Use one of {', '.join(TYPES)}.", said
        )
        return None
    if not found.items:
        found.problem(
            "Q104",
            "the question has no answers",
            "Add a list: - [x] for right options, - [ ] for wrong ones.",
        )
        return None
    return TYPES[said] if said else _inferred(found)


def _later_shape(found: Draft) -> str:
    if not found.items:
        shapes = {"table_open": "matching", "ordered_list_open": "ordering"}
        kind = next((shapes[block[0].type] for block in found.stem if block[0].type in shapes), "")
        if not kind and any("[[" in plain(block) for block in found.stem):
            kind = "cloze"
        return kind
    return "date" if all(DATE.fullmatch(item.code or "") for item in found.items) else ""


def _inferred(found: Draft) -> QuestionType:
    kind: QuestionType
    if all(numeric.is_numeric(item) for item in found.items):
        kind = "numeric"
    elif all(text.is_text(item) for item in found.items):
        kind = "text"
    else:
        return choice.infer(found)
    if any(item.mark == " " for item in found.items):
        found.problem(
            "W108",
            f"all options are code, so learners will type the answer ({kind})",
            f"Write type: {kind} if that is meant, type: single if they are to choose.",
            found.items[0].line,
            found.items[0].column,
        )
    return kind


def _key(found: Draft, kind: QuestionType) -> Key | None:
    if kind == "numeric":
        return numeric.parse(found)
    if kind == "text":
        return text.parse(found)
    return choice.parse(found, kind)


def _run_examples(found: Draft, question: Question) -> None:
    """Try what the author says is accepted and rejected."""
    marker = found.marker
    if isinstance(question.key, Choices):
        for key in ("accept", "reject"):
            if marker.has(key):
                marker.problem(
                    "Q113",
                    f"{key}: has no meaning where learners choose",
                    "Delete it, or write type: text.",
                    key,
                )
        return
    if marker.has("credit"):
        marker.problem("Q113", "credit: has no meaning where learners type", "Delete it.", "credit")
    for example in marker.alternatives("accept"):
        if _credit(question, example) != 1:
            marker.problem(
                "Q118",
                f"{example!r} should be accepted and is not",
                "Correct the key, or the example.",
                example,
            )
    for example in marker.alternatives("reject"):
        if _credit(question, example) != 0:
            marker.problem(
                "Q119",
                f"{example!r} should be rejected and is not",
                "Correct the key, or the example.",
                example,
            )


def _credit(question: Question, typed: str) -> Fraction:
    try:
        return score(question, typed).credit
    except Invalid:
        return Fraction(0)


def read(question: Question, values: list[str]) -> Answer:
    """The answer a form sent: option keys in a list, or the text that was typed.

    Raises Invalid: answer.unknown_option, .more_than_one, .not_a_number, .too_long.
    """
    if isinstance(question.key, Choices):
        return choice.read(question.key, question.type, values)
    return (
        numeric.read(question.key, values)
        if isinstance(question.key, Numbers)
        else text.read(values)
    )


def score(question: Question, answer: Answer) -> Score:
    """What an answer is worth. An empty one scores nothing and is not `answered`.

    Raises Invalid for answers that `read` would refuse.
    """
    key = question.key
    if isinstance(key, Choices):
        return choice.score(key, question.type, [answer] if isinstance(answer, str) else answer)
    typed = answer if isinstance(answer, str) else "".join(answer[:1])
    return numeric.score(key, typed) if isinstance(key, Numbers) else text.score(key, typed)


assert set(get_args(Key)) == {Choices, Numbers, Texts}  # noqa: S101
