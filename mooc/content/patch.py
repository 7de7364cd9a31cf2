"""Text put into a file at a line and column; every other byte stays as it was."""

from __future__ import annotations

import re
from collections.abc import Iterable

LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
BOM = "\ufeff"

Piece = tuple[int, int, str]  # line and column from 0, and what is put before it


def insert(data: bytes, pieces: Iterable[Piece]) -> bytes:
    """The file with the pieces in it; their line ends become those of the file."""
    text = data.decode("utf-8")
    mark, text = (BOM, text[1:]) if text.startswith(BOM) else ("", text)
    lines = LINES.findall(text)
    end = line_end(text)
    if lines and not lines[-1].endswith(("\r", "\n")):
        lines.append("")  # so that there is a line behind the last one
        pieces = [(n, c, f"\n{t}" if n == len(lines) - 1 else t) for n, c, t in pieces]
    lines.append("")
    for line, column, piece in sorted(pieces, key=lambda p: p[:2], reverse=True):
        old = lines[line]
        lines[line] = old[:column] + piece.replace("\n", end) + old[column:]
    return (mark + "".join(lines)).encode()


def line_end(text: str) -> str:
    """How the lines of a text end: as the first one does."""
    first = LINES.match(text)
    return next((e for e in ("\r\n", "\r") if first and first[0].endswith(e)), "\n")
