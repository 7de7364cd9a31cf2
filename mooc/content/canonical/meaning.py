"""What a file says, without how it is written: two files that mean the same compile the same."""

from __future__ import annotations

import re
from typing import Any

from markdown_it.token import Token

from mooc.content import header, marker, tokens
from mooc.content.reading import File, read

# Attributes and notes of tokens that tell of places or of spelling.
SPELLING = ("place", "anchor")


def meaning(path: str, text: str) -> list[Any]:
    """Something to compare: the values of the header, then every block and word of the body."""
    file = read(path, text.encode("utf-8", "surrogatepass"), [])
    fields = header.fields(file) if file.header is not None else None
    said = sorted(fields.values.items(), key=lambda pair: pair[0]) if fields else file.header
    return [said, *_shown(tokens.parse(file))]


def _shown(found: list[Token]) -> list[Any]:
    rows: list[Any] = []
    for token in found:
        if token.type == "inline":
            rows.append(_inline(token.children or []))
        elif token.type == "comment":
            rows.append(("comment", _comment(token.content)))
        else:
            content = token.content.rstrip("\n") if token.type == "html_block" else token.content
            rows.append((token.type, token.tag, token.hidden, content, _notes(token)))
    return rows


def _inline(children: list[Token]) -> list[Any]:
    rows: list[Any] = []
    for child in children:
        if child.type == "comment":
            rows.append(("comment", _comment(child.content)))
        elif child.type == "text":
            if words := child.content.strip(" "):
                rows.append(("text", words))
        else:
            inner = _inline(child.children or [])
            rows.append((child.type, child.content, _notes(child), inner))
    return rows


def _notes(token: Token) -> list[Any]:
    info = token.info.strip() if token.type == "fence" else ""
    meta = {key: value for key, value in token.meta.items() if key not in SPELLING}
    return [info, sorted(token.attrs.items()), sorted((k, repr(v)) for k, v in meta.items())]


def _comment(content: str) -> Any:
    """A marker by its settings, any other comment by its words."""
    words = " ".join(content.split())
    if marker.first_word(content) not in marker.WORDS:
        return words
    known = re.findall(r"([A-Za-z][\w-]*)\s*:", content)
    found = marker.parse(content, known, File("", ""), 1, 1)
    return [(key, found.alternatives(key)) for key in found.keys()] or words  # noqa: SIM118
