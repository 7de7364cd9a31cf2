"""A question as its parts, before anyone knows its type: stem, hints, items, explanation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from mooc.content import marker as markers
from mooc.content.blocks import inline_of, inside, line_of, plain
from mooc.content.markdown import Page, render, render_inline
from mooc.content.marker import Marker
from mooc.content.questions.shape import answers_at, is_answers, is_flat, said_type

Block = list[Token]

KEYS = (
    "question",
    "type",
    "tags",
    "level",
    "source",
    "credit",
    "accept",
    "reject",
    "vary",
    "words",
    "review",
    "choose",
)
OPTION_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
POINT_WORDS = (
    "point",
    "points",
    "mark",
    "marks",
    "балл",
    "балла",
    "баллов",
    "punto",
    "puntos",
    "نقطة",
    "نقاط",
    "分",
)
POINTS = re.compile(
    rf"\s*\((\d{{1,4}}(?:[.,]\d{{1,2}})?)\s*({'|'.join(POINT_WORDS)})\)\s*$", re.IGNORECASE
)
MAYBE_POINTS = re.compile(
    r"\(\s*-?[\d.,]+\s*[^\W\d]*(?:poin|pion|ponit|балл|mark)[^\W\d]*\s*\)\s*$", re.IGNORECASE
)


@dataclass
class Item:
    """One line of the answer list. `mark` is " ", "x", "~", or None where there are no brackets."""

    mark: str | None
    line: int
    column: int
    text: Token | None
    key: str
    feedback: list[Block] = field(default_factory=list)

    @property
    def shown(self) -> list[Token]:
        """What stands in the item besides comments and blank text."""
        children = (self.text.children if self.text else None) or []
        return [
            c
            for c in children
            if c.type != "comment" and not (c.type == "text" and not c.content.strip())
        ]

    @property
    def code(self) -> str | None:
        """The code the item begins with; None when it begins with anything else."""
        shown = self.shown
        return shown[0].content if shown and shown[0].type == "code_inline" else None

    @property
    def words(self) -> str:
        """The item as plain text."""
        return " ".join(plain(self.shown).split())


@dataclass
class Draft:
    """The parts of one question."""

    page: Page
    marker: Marker
    heading: Block
    line: int
    title: str
    title_html: str
    points: int
    stem: list[Block]
    hints: list[Block]
    answers: Block  # the list or table that holds them; empty when there is none
    items: list[Item]
    explanation: list[Block]

    def problem(
        self, code: str, message: str, fix: str = "", line: int = 0, column: int = 1
    ) -> None:
        """Report something about the question, by default at its heading."""
        self.page.file.problem(code, line or self.line, column, message, fix)

    def feedback_html(self, item: Item) -> str:
        """An item's feedback, rendered. Once: it uses the tokens up."""
        return "\n".join(render(block[1:-1], self.page) for block in item.feedback)


def draft(blocks: Sequence[Block], page: Page) -> Draft:
    """Take a question apart: heading, marker and what follows. Misplaced parts are reported."""
    heading, note, body = blocks[0], blocks[1][0], [b for b in blocks[2:] if b[0].type != "comment"]
    line = line_of(heading)
    place = (line_of(blocks[1]), 1)
    marker = markers.parse(note.content, KEYS, page.file, *place)
    inline = inline_of(heading)
    points = _points(inline, page, line)
    end = answers_at(body, said_type(marker, page), page)
    answers = body[end] if end < len(body) else []
    before = [
        block for block in body[:end] if block[0].type != "heading_open" and not is_answers(block)
    ]
    hints = [block for block in before if block[0].meta.get("alert") == "tip"]
    result = Draft(
        page,
        marker,
        heading,
        line,
        " ".join(plain(inline.children if inline else ()).split()),
        render_inline(inline, page),
        points,
        [block for block in before if block not in hints],
        hints,
        answers,
        [item_of(block, page) for block in inside(answers)] if is_flat(answers) else [],
        [],
    )
    result.explanation = _explanation(body[end + 1 :], result)
    return result


def _explanation(after: Sequence[Block], question: Draft) -> list[Block]:
    found: list[Block] = []
    for block in after:
        kind = block[0].meta.get("alert") if block[0].type == "blockquote_open" else None
        if kind == "note" and not found:
            found = [block]
        elif kind == "tip":
            question.problem(
                "Q124",
                "a hint after the answers",
                "Move the [!TIP] before the answers.",
                line_of(block),
            )
        elif block[0].type == "blockquote_open" and kind is None:
            question.problem(
                "Q106",
                "a quotation after the answers",
                "Indent feedback under its option; begin an explanation with > [!NOTE].",
                line_of(block),
            )
        elif block[0].type not in ("heading_open", "footnote_block_open"):
            question.problem(
                "Q106",
                "text after the answers of a question",
                "Put it before the answers, into the explanation, or under a heading of its own.",
                line_of(block),
            )
    return found


def item_of(block: Block, page: Page) -> Item:
    """An answer: its text, its key and its feedback."""
    parts = inside(block)
    line = line_of(block)
    column = len(page.file.lines[line - 1]) - len(page.file.lines[line - 1].lstrip(" >")) + 1
    text = inline_of(parts[0]) if parts and parts[0][0].type == "paragraph_open" else None
    item = Item(block[0].meta.get("mark"), line, column, text, "")
    comments: list[tuple[str, tuple[int, int]]] = [
        (c.content, c.meta["place"])
        for c in (text.children if text else None) or []
        if c.type == "comment"
    ]
    for part in parts[1 if text else 0 :]:
        if part[0].type == "comment":
            comments.append((part[0].content, (line_of(part), 1)))
        elif part[0].type == "blockquote_open":
            item.feedback.append(part)
        else:
            page.file.problem(
                "Q127",
                line_of(part),
                1,
                "an option is one paragraph, then its feedback",
                "Shorten it, or put what it needs into the question.",
            )
    for content, place in reversed(comments):
        if ":" not in content:
            item.key = content
            if not OPTION_KEY.fullmatch(content):
                page.file.problem(
                    "Q108",
                    *place,
                    f"{content!r} cannot be an option's key",
                    "Use 1 to 60 of a-z, 0-9 and hyphens.",
                )
            break
    return item


def _points(inline: Token | None, page: Page, line: int) -> int:
    """Points from the heading, in hundredths; they leave the title. It may name none: one point."""
    last = next(
        (
            c
            for c in reversed((inline.children if inline else None) or [])
            if c.type == "text" and c.content.strip()
        ),
        None,
    )
    if last is None:
        return 100
    found = POINTS.search(last.content)
    points = round(float(found[1].replace(",", ".")) * 100) if found else 100
    if found:
        last.content = last.content[: found.start()]
    if (found and not 0 < points <= 10_000) or (not found and MAYBE_POINTS.search(last.content)):
        page.file.problem(
            "Q112",
            line,
            page.file.lines[line - 1].rfind("(") + 1,
            "cannot read the points",
            "Write (2 points), with a number from 0.01 to 100.",
        )
    return points
