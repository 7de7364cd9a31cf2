"""The cells of a table, each with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from mooc.content.blocks import plain
from mooc.content.markdown import Page
from mooc.content.questions.draft import OPTION_KEY, Block

BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; `key` is what a comment in it names, empty without one."""

    text: Token
    line: int
    column: int
    key: str = ""

    @property
    def words(self) -> str:
        """The cell as plain text."""
        return " ".join(plain(self.text.children).split())


def cells(table: Block, page: Page) -> list[list[Cell]]:
    """The rows of a table from its head on. Keys of a wrong form are reported (Q108)."""
    rows: list[list[Cell]] = []
    line = 0
    for token in table:
        if token.type == "tr_open":
            line = token.map[0] + 1 if token.map else line
            rows.append([])
        elif token.type == "inline":
            column = _column(page.file.lines[line - 1], len(rows[-1]))
            rows[-1].append(Cell(token, line, column, _key(token, page, line, column)))
    return rows


def _column(source: str, number: int) -> int:
    """Where the text of a row's cell begins."""
    start = len(source) - len(source.lstrip(" >"))
    at = start + 1 if source[start : start + 1] == "|" else start
    for _before in range(number):
        found = BAR.search(source, at)
        at = found.end() if found else at
    rest = source[at:]
    return at + len(rest) - len(rest.lstrip()) + 1


def _key(token: Token, page: Page, line: int, column: int) -> str:
    for content in _comments(token):
        if ":" in content:
            continue
        if not OPTION_KEY.fullmatch(content):
            page.file.problem(
                "Q108",
                line,
                max(page.file.lines[line - 1].find(content, column - 1) + 1, 1),
                f"{content!r} cannot be an option's key",
                "Use 1 to 60 of a-z, 0-9 and hyphens.",
            )
        return content
    return ""


def _comments(token: Token) -> Iterator[str]:
    return (c.content for c in reversed(token.children or []) if c.type == "comment")
