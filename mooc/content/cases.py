"""Questions as they stand in a file: alone, or several below the text of a case they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mooc.content import marker as markers
from mooc.content import questions
from mooc.content.blocks import inline_of, line_of
from mooc.content.markdown import Page, render, render_inline
from mooc.content.model import Case, Question
from mooc.content.questions import wording
from mooc.content.questions.identity import with_hashes
from mooc.content.schema import ID
from mooc.content.survey import Block, case_at, question_at, question_end


def graded(blocks: Sequence[Block], page: Page) -> list[Question]:
    """The question, or the questions of the case, that these blocks make."""
    if not case_at(blocks, 0):
        found = question(blocks, page, graded=True)
        return [_within(None, found, page)] if found else []
    first = _first_question(blocks)
    case = _case(blocks[:first], page)
    asked = _questions(blocks[first:], page)
    _check_content(blocks, page)
    return [with_hashes(_within(case, one, page)) for one in asked]


def _within(case: Case | None, one: Question, page: Page) -> Question:
    """A question in its case; the original, where a translation puts it into another or none."""
    original = (page.originals or {}).get(one.id)
    if original is None or one is original:
        return replace(one, case=case) if original is None else original
    expected = original.case.id if original.case else ""
    if (case.id if case else "") == expected:
        return replace(one, case=case)
    where = f"the case {expected!r}" if expected else "no case"
    page.file.problem(
        "W120",
        one.line,
        1,
        f"in the source it belongs to {where}, so learners are asked the original question",
        "Keep its place in the file.",
    )
    return original


def question(blocks: Sequence[Block], page: Page, *, graded: bool) -> Question | None:
    """One question. Footnotes in it are reported: there is no foot of the page to put them."""
    _refuse_footnotes(blocks, page, "a question")
    if page.originals is None:
        return questions.parse(blocks, page, graded=graded)
    return wording.translated(blocks, page)


def check_markers(blocks: Sequence[Block], page: Page) -> None:
    """The cases of a lesson, whose texts are prose: only what their markers say is looked at."""
    for at in range(len(blocks)):
        if case_at(blocks, at):
            whole = blocks[at : question_end(blocks, at)]
            _identity(whole, page)
            _check_content(whole, page)


def _first_question(blocks: Sequence[Block]) -> int:
    marked = (at for at in range(len(blocks)) if question_at(blocks, at))
    return next(marked, len(blocks))


def _case(blocks: Sequence[Block], page: Page) -> Case:
    _refuse_footnotes(blocks, page, "a case")
    inline = inline_of(blocks[0])
    html = render([token for block in blocks[2:] for token in block], page)
    return Case(_identity(blocks, page), render_inline(inline, page), html)


def _identity(blocks: Sequence[Block], page: Page) -> str:
    found = markers.parse(blocks[1][0].content, ("case",), page.file, line_of(blocks[1]), 1)
    identity = found.text("case")
    if not ID.fullmatch(identity):
        found.problem(
            "Q160",
            f"{identity!r} cannot be a case's id",
            "Use 2 to 60 of a-z, 0-9 and hyphens.",
            identity,
        )
    return identity


def _questions(blocks: Sequence[Block], page: Page) -> list[Question]:
    """The questions of a case. What stands between them belongs to none and is reported."""
    found: list[Question] = []
    at, strays = 0, 0
    while at < len(blocks):
        end = question_end(blocks, at) if question_at(blocks, at) else at + 1
        if question_at(blocks, at):
            one = question(blocks[at:end], page, graded=True)
            found += [one] if one else []
        elif blocks[at][0].type not in ("comment", "footnote_block_open"):
            strays += 1
            if strays == 1:
                page.file.problem(
                    "Q162",
                    line_of(blocks[at]),
                    1,
                    "something in a case that is no question",
                    "Put it into the text above the first question, or end the case by a heading.",
                )
        at = end
    return found


def _check_content(blocks: Sequence[Block], page: Page) -> None:
    """A case has a text, and questions of a lower heading than its own."""
    first = _first_question(blocks)
    text = [block for block in blocks[2:first] if block[0].type != "comment"]
    if first < len(blocks) and text:
        return
    page.file.problem(
        "Q161",
        line_of(blocks[0]),
        1,
        "a case without " + ("a text" if first < len(blocks) else "questions"),
        f"Below its text give each question a heading of {len(blocks[0][0].markup) + 1} #.",
    )


def _refuse_footnotes(blocks: Sequence[Block], page: Page, where: str) -> None:
    for block in blocks:
        for token in block:
            if any(child.type == "footnote_ref" for child in token.children or ()):
                page.file.problem(
                    "Q130",
                    line_of(block),
                    1,
                    f"a footnote in {where}",
                    "Write its text into the question or the explanation.",
                )
                token.children = [
                    child for child in token.children or () if child.type != "footnote_ref"
                ]
