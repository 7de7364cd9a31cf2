"""Spelling within lines: comments, tables, the first words of alerts and options."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from mooc.content import marker

# Code first, so that a comment in code stays as it is.
CODE_OR_COMMENT = re.compile(
    r"(?P<code>(?<!`)(`+)(?!`).*?(?<!`)\2(?!`))|<!--(?P<said>.*?)-->", re.DOTALL
)
ALERT = re.compile(r"\[!([A-Za-z]+)\]")
MARK = re.compile(r"\[([ xX~])\][ \t]+(?=\S)")
BAR = re.compile(r"(?<!\\)\|")
WIDEST = 100  # columns of a table that is still aligned


def comments(text: str) -> str:
    """A text with the comments in it as we write them."""
    if "<!--" not in text:
        return text
    return CODE_OR_COMMENT.sub(lambda m: m[0] if m["code"] else comment(m[0]), text)


def comment(text: str) -> str:
    """One comment: a space at both ends, a marker as `key: value; key: value`."""
    said = text[4:-3].strip(" \t")
    if (
        "\n" in said
        or not said
        or said.startswith((">", "->"))
        or "--" in said.replace("--\\>", "")
    ):
        return text
    if marker.first_word(said) in marker.WORDS and said.count('"') % 2 == 0:
        said = "; ".join(_setting(piece) for piece in _cut(said, ";") if piece.strip(" \t"))
    return f"<!-- {said} -->"


def _setting(piece: str) -> str:
    found = marker.KEY.match(piece)
    if not found:
        return piece.strip(" \t")
    values = [value.strip(" \t") for value in _cut(piece[found.end() :], "|")]
    return f"{found[1]}: {' | '.join(value for value in values if value)}".rstrip(" \t")


def _cut(text: str, at: str) -> list[str]:
    """Cut at a character, but not within quotation marks."""
    return re.findall(rf'(?:"[^"]*"|[^"{at}])+', text)


def opening(line: str) -> str:
    """The first line of a paragraph: `[!NOTE]` in capitals, `[x] ` with one space."""
    if found := ALERT.match(line):
        return f"[!{found[1].upper()}]{line[found.end() :]}"
    if found := MARK.match(line):
        return f"[{found[1].lower()}] {line[found.end() :]}"
    return line


# ------------------------------------------------------------------------------------------ tables


def table(lines: Sequence[str]) -> list[str]:
    """A table with its columns one below the other, or at least evenly spaced if it is wide."""
    rows = [_cells(line) for line in lines]
    columns = len(rows[0])
    if any(len(row) > columns for row in rows):
        return [line.rstrip(" \t") for line in lines]
    marks = [(cell.startswith(":"), cell.endswith(":")) for cell in rows[1]]
    rows = [[*row, *[""] * (columns - len(row))] for n, row in enumerate(rows) if n != 1]
    widths = [max(3, *(_width(row[at]) for row in rows)) for at in range(columns)]
    if sum(widths) + 3 * columns + 1 > WIDEST:
        widths = [0] * columns
    written = [_row(row, marks, widths) for row in rows]
    ruler = [
        f"{':' if left else '-'}{'-' * max(width, 1)}{':' if right else '-'}"
        for (left, right), width in zip(marks, widths, strict=True)
    ]
    return [written[0], f"|{'|'.join(ruler)}|", *written[1:]]


def _cells(line: str) -> list[str]:
    cells = [cell.strip(" \t") for cell in BAR.split(line.strip(" \t"))]
    if cells and not cells[0]:
        del cells[0]
    if cells and not cells[-1]:
        del cells[-1]
    return [comments(cell) for cell in cells]


def _row(row: list[str], marks: list[tuple[bool, bool]], widths: list[int]) -> str:
    cells = []
    for cell, mark, width in zip(row, marks, widths, strict=True):
        space = " " * max(0, width - _width(cell))
        cells.append(space + cell if mark == (False, True) else cell + space)
    return "".join(f"| {cell} " if cell else "| " for cell in cells) + "|"


def _width(text: str) -> int:
    """Columns on a screen: two for wide letters, none for marks upon others."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
