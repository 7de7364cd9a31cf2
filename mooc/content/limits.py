"""Sections of a lesson that are only for some jurisdictions: `<!-- only: EU, US -->`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from mooc.content import blocks as cut
from mooc.content import marker
from mooc.content.jurisdictions import CODES, canonical, suggestion
from mooc.content.reading import File
from mooc.content.survey import Block, question_at


@dataclass(frozen=True)
class Limit:
    """For whom a block is. `section` is the anchor of the heading; empty: for everybody."""

    codes: tuple[str, ...] = ()
    section: str = ""
    level: int = 0


EVERYBODY = Limit()


def limits(
    blocks: Sequence[Block], file: File, known: Mapping[str, tuple[str, ...]] | None = None
) -> list[Limit]:
    """The limit of each block. `known` are those of a translation's original, by anchor."""
    found: list[Limit] = []
    now = EVERYBODY
    for at, block in enumerate(blocks):
        first = block[0]
        if first.type == "footnote_block_open":
            now = EVERYBODY
        if first.type == "heading_open":
            level = int(first.tag[1])
            if now.section and level <= now.level:
                now = EVERYBODY
            codes = _codes(blocks, at, file, nested=bool(now.section))
            anchor = str(first.meta.get("anchor", ""))
            if known is not None:
                codes = known.get(anchor, ())
            if codes and not now.section:
                now = Limit(codes, anchor, level)
        found.append(now)
    return found


def _codes(blocks: Sequence[Block], at: int, file: File, *, nested: bool) -> tuple[str, ...]:
    """What stands in the marker right under a heading; empty when there is none, or no good one."""
    note = blocks[at + 1][0] if at + 1 < len(blocks) else None
    if note is None or not limiting(note) or question_at(blocks, at):
        return ()
    line, column = cut.line_at(note), 1
    if nested:
        what = "a limited section within another"
        file.problem("E313", line, column, what, "Limit the outer section, or part the two.")
        return ()
    said = marker.parse(note.content, ("only",), file, line, column)
    codes = said.several("only")
    unknown = [code for code in codes if code not in CODES]
    for code in unknown:
        said.problem("E312", f"{code!r} is no jurisdiction known here", suggestion(code), code)
    if not codes:
        said.problem("E312", "no jurisdiction is named", "Write <!-- only: EU, US -->.")
    return () if unknown else canonical(codes)


def limiting(token: Token) -> bool:
    """Whether a token is a comment that limits a section."""
    return token.type == "comment" and marker.first_word(token.content) == "only"
