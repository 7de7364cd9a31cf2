"""One more line in the outline of course.md; everything else in it stays as it was, to the byte."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from markdown_it.token import Token

from mooc.content import marker, patch, tokens
from mooc.content.blocks import inline_of, inside, plain, siblings
from mooc.content.reading import File, read


@dataclass
class Place:
    """A module of an outline: the line it begins on, and its links with the lines they end on."""

    id: str
    title: str
    line: int
    links: list[tuple[str, int]] = field(default_factory=list)


def modules(data: bytes) -> list[Place]:
    """The modules in the outline of a course.md. Lines are counted from 0."""
    file = read("course.md", data, [])
    found: list[Place] = []
    within = False
    for block in siblings(tokens.parse(file)):
        if block[0].type == "heading_open" and block[0].tag == "h2":
            inline = inline_of(block)
            within = plain(inline.children if inline else ()).strip().lower() == "outline"
        elif within and block[0].type == "ordered_list_open":
            found += [_place(entry, file) for entry in inside(block)]
    return found


def _place(entry: list[Token], file: File) -> Place:
    parts = inside(entry)
    inline = inline_of(parts[0]) if parts and parts[0][0].type == "paragraph_open" else None
    place = Place("", " ".join(plain(inline.children if inline else ()).split()), _start(entry))
    for comment in (inline.children if inline else None) or ():
        if comment.type == "comment" and marker.first_word(comment.content) == "module":
            place.id = marker.parse(comment.content, ("module",), file, 1, 1).text("module")
    for part in parts[1:]:
        for line in inside(part) if part[0].type.endswith("list_open") else ():
            shown = inline_of(line)
            links = [c for c in (shown.children if shown else None) or () if c.type == "link_open"]
            if links and shown and shown.map:
                place.links.append((str(links[0].attrs.get("href", "")), shown.map[1] - 1))
    return place


def _start(block: list[Token]) -> int:
    return block[0].map[0] if block[0].map else 0


def added(
    data: bytes, module: Place, title: str, path: str, goes_after: Callable[[str], bool]
) -> bytes:
    """course.md with a link more, behind the last link of the module that it `goes_after`."""
    at = module.line
    for href, line in module.links:
        if goes_after(href):
            at = line
    lines = read("course.md", data, []).lines
    like = next((lines[line] for _href, line in module.links), "   - ")
    indent = like[: len(like) - len(like.lstrip())]
    bullet = like.strip()[:1] if like.strip()[:1] in "-*+" else "-"
    target = f"<{path}>" if re.search(r"[\s()]", path) else path
    shown = re.sub(r"([\\\[\]])", r"\\\1", title)
    return patch.insert(data, [(at + 1, 0, f"{indent}{bullet} [{shown}]({target})\n")])
