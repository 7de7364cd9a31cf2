"""Blocks of Markdown written anew: each container's lines are freed of it, written, put back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from mooc.content.blocks import siblings
from mooc.content.canonical import spans

ITEM = re.compile(r"( *)([-+*]|\d{1,9}[.)])( *)(.*)")
BEFORE = re.compile(r"[ \t]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+|>[ \t]*)*")
INDENT = re.compile(r"[ \t>*+\d.)-]*\t")
NOTE = re.compile(r" {0,3}(\[\^[^\]\s]+\]:)[ \t]*(.*)")
CLOSED = re.compile(r" {0,3}(`{3,}|~{3,})\s*")
ENDS_IN_HASHES = re.compile(r"(^|\s)#+\s*$")
ALERT_ALONE = re.compile(r"\[![A-Za-z]+\]")


class Odd(Exception):
    """Something that cannot be written anew without a risk; says what."""


@dataclass
class Chunk:
    """One block, written. `gap`: a blank line stood before it."""

    kind: str
    lines: list[str]
    gap: bool
    mark: str = ""  # of a list: - or * or . or )


def written(lines: list[str], *, item: bool = False, first: str = "") -> list[str]:
    """Lines in canonical form. `item`: blocks of a list item, which may follow without a gap.

    `first`: how a rule is written where the document begins with one.
    """
    tokens, lines = _parsed(lines)
    chunks: list[Chunk] = []
    at = 0
    for block in siblings(tokens):
        start, end = block[0].map or (at, at)
        _raw(chunks, lines, at, start)
        end = _trimmed(lines, start, end)
        gap = start > 0 and not lines[start - 1].strip(" \t")
        chunks.append(_chunk(block, lines[start:end], gap, chunks, nested=item))
        at = end
    _raw(chunks, lines, at, len(lines))
    if first and chunks and chunks[0].kind == "hr":
        chunks[0].lines = [first]
    return _joined(chunks, item)


def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": True, "maxNesting": 60})
    md.enable(["table", "strikethrough"])
    md.use(footnote_plugin, inline=False, move_to_end=False)
    md.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    md.core.ruler.disable(["inline"])
    return md


def _parsed(lines: list[str]) -> tuple[list[Token], list[str]]:
    """The blocks of lines, and the lines with spaces for the tabs that indent anything but code."""
    found = _parser().parse("\n".join(lines))
    if not any(INDENT.match(line) for line in lines):
        return found, lines
    code = {
        line
        for token in found
        if token.type in ("fence", "code_block", "html_block")
        for line in range(*(token.map or (0, 0)))
    }
    lines = [line if n in code else _untabbed(line) for n, line in enumerate(lines)]
    return _parser().parse("\n".join(lines)), lines


def _untabbed(line: str) -> str:
    """A line with spaces for the tabs before its first word, and between marks of containers."""
    end = BEFORE.match(line)
    start = end[0] if end else ""
    return start.expandtabs(4) + line[len(start) :]


def _trimmed(lines: list[str], start: int, end: int) -> int:
    while end > start + 1 and not lines[end - 1].strip(" \t"):
        end -= 1
    return end


def _raw(chunks: list[Chunk], lines: list[str], start: int, end: int) -> None:
    """Lines that make no block, such as definitions of links: as they are."""
    found = [line.rstrip(" \t") for line in lines[start:end]]
    while found and not found[-1]:
        found.pop()
    skipped = 0
    while found and not found[0]:
        del found[0]
        skipped += 1
    if found:
        chunks.append(Chunk("raw", found, skipped > 0))


def _joined(chunks: list[Chunk], item: bool) -> list[str]:
    found: list[str] = []
    for before, chunk in zip([None, *chunks], chunks, strict=False):
        if before and (chunk.gap or not _may_touch(before, chunk, item)):
            found.append("")
        found += chunk.lines
    return found


def _may_touch(before: Chunk, chunk: Chunk, item: bool) -> bool:
    """Whether two blocks without a blank line between them may stay so."""
    alert = before.kind == "paragraph" and ALERT_ALONE.fullmatch("".join(before.lines).strip(" \t"))
    kinds = {before.kind, chunk.kind}
    if alert and chunk.kind == "hr":
        return False  # three hyphens right below words make them a heading
    return item or bool(alert) or kinds <= {"raw", "footnote"}


def _chunk(
    block: list[Token], lines: list[str], gap: bool, before: list[Chunk], *, nested: bool
) -> Chunk:
    token = block[0]
    kind = token.type.removesuffix("_open").replace("footnote_reference", "footnote")
    mark = ""
    if kind in ("bullet_list", "ordered_list"):
        mark = _mark(kind, before)
        found = _list(block, lines, mark)
    elif kind == "blockquote":
        found = _quote(lines)
    elif kind == "heading":
        found = _heading(block, lines)
    elif kind == "hr":
        found = ["***" if nested else "---"]
    elif kind == "fence":
        found = _fence(token, lines)
    elif kind == "table":
        found = spans.table(lines)
    elif kind == "paragraph":
        found = _paragraph(lines)
    elif kind == "html_block":
        found = _html(lines)
    elif kind == "footnote":
        found = _footnote(lines)
    else:  # indented code
        found = lines
    return Chunk(kind, found, gap, mark)


def _mark(kind: str, before: list[Chunk]) -> str:
    """Two lists in a row are two only as long as their marks differ."""
    marks = "-*" if kind == "bullet_list" else ".)"
    last = before[-1] if before else None
    return marks[1] if last and last.kind == kind and last.mark == marks[0] else marks[0]


def _list(block: list[Token], lines: list[str], mark: str) -> list[str]:
    items = siblings(block[1:-1])
    base = (block[0].map or [0])[0]
    number = int(block[0].attrs.get("start", 1))
    parts: list[list[str]] = []
    gaps: list[bool] = []
    end = 0
    for place, inner in enumerate(items):
        start, stop = (row - base for row in inner[0].map or (0, 0))
        gaps.append(start > end)
        end = _trimmed(lines, start, min(stop, len(lines)))
        sign = mark if mark in "-*" else f"{number + place}{mark}"
        content = written(_freed(lines[start:end]), item=True)
        parts.append(_indented(sign, content))
    loose = any(gaps[1:])
    found: list[str] = []
    for part in parts:
        if found and loose:
            found.append("")
        found += part
    return found


def _freed(lines: list[str]) -> list[str]:
    """What a list item holds, without its mark and its indentation."""
    found = ITEM.fullmatch(lines[0].rstrip(" \t") if not lines[0].strip(" \t") else lines[0])
    if not found:
        raise Odd("it holds a list that cannot be read")
    indent, mark, space, rest = found.groups()
    offset = len(indent) + len(mark) + (len(space) if rest and len(space) < 5 else 1)
    first = lines[0][offset:] if rest else ""
    freed = [first]
    for line in lines[1:]:
        bare = line.lstrip(" ")
        freed.append(line[min(offset, len(line) - len(bare)) :])
    return freed


def _indented(sign: str, content: list[str]) -> list[str]:
    if not content:
        return [sign]
    space = " " * (len(sign) + 1)
    rest = [f"{space}{line}" if line else "" for line in content[1:]]
    return [
        f"{sign} {content[0]}".rstrip(" \t")
        if not content[0].strip(" \t")
        else f"{sign} {content[0]}",
        *rest,
    ]


def _quote(lines: list[str]) -> list[str]:
    freed = [
        re.sub(r"^ {0,3}> ?", "", line, count=1) if _quoted(line) else line.lstrip(" \t")
        for line in lines
    ]
    return [f"> {line}" if line else ">" for line in written(freed)] or [">"]


def _quoted(line: str) -> bool:
    return re.match(r" {0,3}>", line) is not None


def _heading(block: list[Token], lines: list[str]) -> list[str]:
    token, content = block[0], block[1].content
    setext = token.markup in ("=", "-")
    if setext and ("\n" in content or ENDS_IN_HASHES.search(content)):
        return [*_paragraph(lines[:-1]), lines[-1].rstrip(" \t")]
    sign = "#" * int(token.tag[1])
    words = spans.comments(content.strip(" \t"))
    return [f"{sign} {words}" if words else sign]


def _fence(token: Token, lines: list[str]) -> list[str]:
    closing = CLOSED.fullmatch(lines[-1])
    if len(lines) < 2 or not closing or not closing[1].startswith(token.markup):
        raise Odd("it holds a code block that never ends")
    indent = len(lines[0]) - len(lines[0].lstrip(" "))
    inner = [line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in lines[1:-1]]
    return [token.markup + token.info.strip(" \t"), *inner, closing[1]]


def _html(lines: list[str]) -> list[str]:
    text = "\n".join(line.rstrip(" \t") for line in lines).strip(" \t\n")
    if text.startswith("<!--") and text.endswith("-->") and text.count("<!--") == 1:
        text = spans.comment(text)
    return text.split("\n")


def _footnote(lines: list[str]) -> list[str]:
    found = NOTE.match(lines[0])
    first = f"{found[1]} {found[2]}".rstrip(" \t") if found else lines[0]
    return [first.rstrip(" \t"), *(line.rstrip(" \t") for line in lines[1:])]


def _paragraph(lines: list[str]) -> list[str]:
    plain = [_at_margin(line, first=not n) for n, line in enumerate(lines)]
    last = len(plain) - 1
    broken = [
        line.rstrip(" \t") + "\\" if n < last and line.endswith("  ") else line.rstrip(" \t")
        for n, line in enumerate(plain)
    ]
    best = broken if _same(broken, lines) else plain
    best = [*best[:-1], best[-1].rstrip(" \t")]
    text = spans.comments("\n".join([spans.opening(best[0]), *best[1:]]))
    return text.split("\n")


def _at_margin(line: str, *, first: bool) -> str:
    """A line without the spaces before it, unless it would then begin something else."""
    bare = line.lstrip(" ")
    harmless = bare[:1].isalpha() or bare[:1] in "(\"'«“„"
    return bare if first or harmless or len(line) - len(bare) <= 3 else line


_inline = MarkdownIt("commonmark", {"html": True}).enable("strikethrough")


def _same(one: list[str], other: list[str]) -> bool:
    html = [str(_inline.renderInline("\n".join(lines).strip(" \t"))) for lines in (one, other)]
    return html[0] == html[1]
