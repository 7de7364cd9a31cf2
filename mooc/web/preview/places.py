"""Where the parts of a question stand in its file, so that each can be opened in an editor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mooc.content import marker
from mooc.content.marker import Marker
from mooc.content.questions.draft import KEYS
from mooc.content.reading import File, read

HEADING = re.compile(r" {0,3}(#{1,6})\s")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
ITEM = re.compile(r" {0,3}(?:[-*+]|\d+[.)])\s+(?:\[[ xX~]\]|`)")
ROW = re.compile(r" {0,3}(?:[-*+]|\d+[.)])\s|\s*\|")
COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Places:
    """Lines from 1; `items` those of the answers, in order, as far as they can be told."""

    heading: int
    marker: int = 0
    hints: tuple[int, ...] = ()
    items: tuple[int, ...] = ()
    explanation: int = 0


def text_of(path: str, data: bytes) -> File:
    """A file as the check reads it; what is wrong with it is reported elsewhere."""
    return read(path, data, [])


def places(file: File, line: int) -> Places:
    """The parts of the question whose heading stands at `line`."""
    body = list(_body(file, line))
    marked = next((n for n, text in body if "<!--" in text), 0)
    items = tuple(n for n, text in body if ITEM.match(text))
    rows = tuple(n for n, text in body if ROW.match(text))
    after = max(items or rows or (line,))
    return Places(
        heading=line,
        marker=marked,
        hints=tuple(n for n, text in body if text.lstrip(" >").startswith("[!TIP]")),
        items=items or rows,
        explanation=next((n for n, text in body if n > after and "[!NOTE]" in text), 0),
    )


def marker_of(file: File, line: int) -> Marker:
    """What the question's comment says, `accept` and `reject` too."""
    lines = [text for _number, text in _body(file, line)]
    found = COMMENT.search("\n".join(lines))
    return marker.parse(found[1] if found else "", KEYS, text_of(file.path, b""), line, 1)


def headings(file: File) -> list[int]:
    """The lines of all headings, in order."""
    return [n for n, text in _outside_code(file.body.split("\n")) if HEADING.match(text)]


def _body(file: File, line: int) -> Iterator[tuple[int, str]]:
    """The lines of a question below its heading."""
    start = HEADING.match(file.lines[line - 1]) if 0 < line <= len(file.lines) else None
    level = len(start[1]) if start else 6
    for number, text in _outside_code(file.lines[line:], line + 1):
        heading = HEADING.match(text)
        if heading and len(heading[1]) <= level:
            return
        yield number, text


def _outside_code(lines: Sequence[str], first: int = 1) -> Iterator[tuple[int, str]]:
    fence = ""
    for number, text in enumerate(lines, first):
        mark = FENCE.match(text)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        else:
            yield number, text
