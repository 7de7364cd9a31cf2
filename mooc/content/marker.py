"""What a comment says to us: `key: value; key: value`, lists by commas, alternatives by bars."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from mooc.content.reading import File

WORDS = ("question", "case", "module", "term", "only")
KEY = re.compile(r"\s*([A-Za-z][\w-]*)\s*:")


class Marker:
    """The settings in a comment. Each was either read or is reported by `finish`."""

    def __init__(self, file: File, line: int, column: int) -> None:
        self.file, self.line, self.column = file, line, column
        self._values: dict[str, list[str]] = {}  # each already cut at unquoted bars

    def put(self, key: str, alternatives: list[str]) -> None:
        """Note a value, already cut at its bars."""
        self._values[key] = alternatives

    def has(self, key: str) -> bool:
        """Whether the comment sets a key."""
        return key in self._values

    def one(self, key: str) -> str:
        """A value as one text, empty when it is missing."""
        return " | ".join(self._values.get(key, ()))

    def several(self, key: str) -> tuple[str, ...]:
        """A list by commas; what is quoted is one thing."""
        return tuple(p for value in self._values.get(key, ()) for p in _items(value, ","))

    def alternatives(self, key: str) -> tuple[str, ...]:
        """A list by bars, without quotation marks."""
        return tuple(_unquoted(value) for value in self._values.get(key, ()))

    def text(self, key: str) -> str:
        """One value without quotation marks."""
        return _unquoted(self.one(key))

    def keys(self) -> list[str]:
        """What the comment sets, in order."""
        return list(self._values)

    def problem(self, code: str, message: str, fix: str = "", at: str = "") -> None:
        """Report something about the comment, at a key or value in it if that can be found."""
        source = self.file.lines[self.line - 1] if self.line <= len(self.file.lines) else ""
        column = source.find(at, self.column - 1) + 1 if at else 0
        self.file.problem(code, self.line, column or self.column, message, fix)


def first_word(comment: str) -> str:
    """The first key of a comment, lower case: what it is about. Empty for a plain comment."""
    found = KEY.match(comment)
    return found[1].lower() if found else ""


def is_misspelt(comment: str) -> str:
    """The marker a comment seems to mean but does not name; empty when it is just a comment."""
    word = first_word(comment)
    if not word or word in WORDS:
        return ""
    near = get_close_matches(word, WORDS[:4], 1, 0.8)
    return near[0] if near else ""


def parse(comment: str, known: Sequence[str], file: File, line: int, column: int) -> Marker:
    """Read a comment. Unknown, doubled and unreadable parts are reported (Q101, Q102)."""
    marker = Marker(file, line, column)
    for part in _items(comment, ";"):
        found = KEY.match(part)
        if not found:
            marker.problem(
                "Q101",
                f"cannot read {part!r} in the marker",
                "Write key: value; and quote a value that holds ; | or ,",
                part,
            )
            continue
        key, value = found[1], part[found.end() :].strip()
        if key not in known:
            near = get_close_matches(key.lower(), known, 1, 0.6)
            fix = f"Did you mean {near[0]}?" if near else f"Use one of {', '.join(known)}."
            marker.problem("Q102", f"a marker has no key {key!r}", fix, key)
        elif marker.has(key):
            marker.problem(
                "Q101", f"the key {key!r} stands twice in the marker", "Delete one of them.", key
            )
        elif value.count('"') % 2:
            marker.problem(
                "Q101",
                f"the value of {key!r} has a quotation mark too few",
                'Close it with ".',
                value,
            )
        else:
            marker.put(key, _items(value, "|"))
    return marker


def _items(text: str, separator: str) -> list[str]:
    """Cut at a separator, but not within quotation marks; empty pieces are dropped."""
    pieces, quoted, start = [], False, 0
    for at, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif character == separator and not quoted:
            pieces.append(text[start:at])
            start = at + 1
    pieces.append(text[start:])
    cut = [piece.strip() for piece in pieces]
    return [_unquoted(p) if separator == "," else p for p in cut if p]


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
