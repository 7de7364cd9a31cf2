"""Questions: what kind each is, what an answer to it means, and what that answer is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from mooc.content.markdown import Page, render
from mooc.content.model import Key, Question, QuestionType
from mooc.content.questions import families, style, variables, vary
from mooc.content.questions.draft import Block, Draft, draft
from mooc.content.questions.identity import with_hashes
from mooc.content.questions.kinds import TYPES, kind_of
from mooc.content.questions.result import Answer, Chance, Part, Score
from mooc.content.schema import ID
from mooc.errors import Invalid

__all__ = [
    "TYPES", "Answer", "Part", "Score", "given", "parse", "read", "score", "shown_order",
]  # fmt: skip

SPECIAL = ("credit", "accept", "reject")  # settings that mean something for some types only


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
    if graded and found.marker.text("type") != "survey" and not found.marker.several("source"):
        found.marker.problem(
            "Q122",
            "a graded question names no source",
            "Add source: and the law or text the key rests on.",
        )
    kind = kind_of(found)
    if kind is None:
        return None
    style.check(found, kind)
    key: Key | None = families.parser(found, kind).parse(found, kind)
    known = variables.of(found.marker, page)
    if key is None or known is None:
        return None
    question = replace(_question(found, identity, kind, key), vary=known)
    vary.check(question, found)
    if not known:
        question = vary.instance(question, {})
    if len(page.file.problems) == before or not _errors(page, before):
        _check_settings(found, question)
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
        points=0 if kind == "survey" else found.points,
        hints_html=tuple(render(block[1:-1], found.page) for block in found.hints),
        explanation_html="\n".join(render(block[1:-1], found.page) for block in found.explanation),
        tags=marker.several("tags"),
        level=marker.text("level"),
        sources=marker.several("source"),
        path=found.page.file.path,
        line=found.line,
    )


def _check_settings(found: Draft, question: Question) -> None:
    """Settings that mean nothing here, and what the author says is accepted and rejected."""
    family = families.of(question)
    for key in SPECIAL:
        if found.marker.has(key) and key not in family.SETTINGS:
            does, fix = (
                ("type", "Delete it.")
                if family.TYPED
                else ("choose", "Delete it, or write type: text.")
            )
            message = f"{key}: has no meaning where learners {does}"
            found.marker.problem("Q113", message, fix, key)
    if family.TYPED:
        _run_examples(found, question)


def _run_examples(found: Draft, question: Question) -> None:
    marker = found.marker
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


# --------------------------------------------------------------------------------------- answers


def shown_order(question: Question, chance: Chance, *, shuffle: bool) -> tuple[str, ...]:
    """The keys of what is chosen from, in the order to show; empty when all is typed."""
    return families.of(question).shown_order(question.key, question.type, chance, shuffle=shuffle)


def given(question: Question, order: Sequence[str], values: Sequence[str]) -> Answer:
    """What a form sent, as it is stored: `order` is what `shown_order` gave when it was made.

    Raises Invalid for what no form can send: answer.unknown_option, answer.too_long.
    """
    return families.of(question).given(question.key, question.type, order, values)


def read(question: Question, answer: Answer) -> Answer:
    """The answer, tidied, if it is well formed; an incomplete one is.

    Raises Invalid (answer.not_a_number, answer.more_than_one, …): a slip is asked for again.
    """
    return families.of(question).read(question.key, question.type, answer)


def score(question: Question, answer: Answer) -> Score:
    """What an answer is worth. An empty one scores nothing and is not `answered`.

    Raises Invalid for answers that `read` would refuse.
    """
    return families.of(question).score(question.key, question.type, answer)
