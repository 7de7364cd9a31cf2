"""A question in several languages: one key that marks all answers, and the words of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mooc.content import marker, questions
from mooc.content.blocks import line_of
from mooc.content.markdown import Page
from mooc.content.model import Case, Question, Wording
from mooc.content.questions import families
from mooc.content.questions.draft import KEYS, Block
from mooc.content.questions.identity import with_hashes
from mooc.content.reading import File


def translated(blocks: Sequence[Block], page: Page) -> Question | None:
    """A question of a page that translates it; the original, and a warning, where it does not fit.

    None for a question that the source does not have.
    """
    originals, line = page.originals or {}, line_of(blocks[0])
    identity = marker.parse(blocks[1][0].content, KEYS, File("", ""), 1, 1).text("question")
    if (original := originals.get(identity)) is None:
        page.file.problem(
            "W121",
            line,
            1,
            f"the source does not have the question {identity!r}",
            "Correct the id, or delete it.",
        )
        return None
    found, fits = _parsed(blocks, page)
    if found is None or not fits or page.file.broken:  # then there is no HTML to compare
        return original
    if why := difference(original, found):
        page.file.problem(
            "W120",
            line,
            1,
            f"{why}, so learners are asked the original question",
            "Give it the answers, keys and hints of the source, in this language.",
        )
        return original
    return found


def _parsed(blocks: Sequence[Block], page: Page) -> tuple[Question | None, bool]:
    """The question as it stands there, and whether it could be asked.

    It is parsed as any other, apart from its file: an error of the question is none of the course.
    """
    apart = replace(page.file, problems=[], translation=False, _reported=set())
    found = questions.parse(blocks, replace(page, file=apart), graded=False)
    for problem in apart.problems:
        place = (problem.line, problem.column)
        page.file.problem(problem.code, *place, problem.message, problem.fix)
    return found, not any(problem.code[0] == "Q" for problem in apart.problems)


def difference(question: Question, translated: Question) -> str:
    """Why a translation cannot stand for its source; empty when it can.

    Points are the source's, whatever the translation says.
    """
    if translated.type != question.type:
        return f"it is of the type {translated.type}, its source of the type {question.type}"
    if len(translated.hints_html) != len(question.hints_html):
        return "it has not as many hints as its source"
    if bool(translated.explanation_html) != bool(question.explanation_html):
        return "only one of the two has an explanation"
    return families.of(question).differs(question.key, translated.key)


def with_wordings(question: Question, translated: Sequence[Question]) -> Question:
    """The question with its translations, none of which has a `difference`, and new hashes.

    Every key, in every language, gives every answer the same marks: what one translation accepts,
    all accept.
    """
    if not translated:
        return question
    module = families.of(question)
    key = question.key
    for other in translated:
        key = module.merged(key, other.key)
    wordings = tuple(
        Wording(
            other.language,
            other.title,
            other.title_html,
            other.prompt_html,
            module.reworded(key, other.key),
            other.hints_html,
            other.explanation_html,
            _same_case(question, other),
        )
        for other in translated
    )
    return with_hashes(replace(question, key=key, wordings=wordings))


def _same_case(question: Question, translated: Question) -> Case | None:
    """The case of a translation if it is the question's own; else the original's text stands."""
    own, other = question.case, translated.case
    return other if own and other and own.id == other.id else None
