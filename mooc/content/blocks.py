"""Cutting a stream of tokens into blocks, and finding them again in their file."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from mooc.content.reading import File


class Finder:
    """Where a piece of an inline token stands in the file. Pieces must be asked for in order."""

    def __init__(self, token: Token, file: File) -> None:
        start, end = token.map or (0, 1)
        self._first = start
        self._text = "\n".join(file.lines[start:end])
        self._at = 0

    def __call__(self, *needles: str) -> tuple[int, int]:
        """(line, column) of the first needle that is found; else the token's own start."""
        for needle in needles:
            at = self._text.find(needle, self._at) if needle else -1
            if at >= 0:
                self._at = at + len(needle)
                return (
                    self._first + 1 + self._text.count("\n", 0, at),
                    at - self._text.rfind("\n", 0, at),
                )
        head = self._text.split("\n", 1)[0]
        return self._first + 1, len(head) - len(head.lstrip()) + 1


def siblings(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens cut into blocks beside each other: each a token, or opening to closing."""
    blocks: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if depth == 0:
            blocks.append([])
        blocks[-1].append(token)
        depth += token.nesting
    return blocks


def inside(block: Sequence[Token]) -> list[list[Token]]:
    """The blocks within a block."""
    return siblings(block[1:-1])


def line_of(block: Sequence[Token]) -> int:
    """The line, from 1, on which a block starts."""
    return next((token.map[0] + 1 for token in block if token.map), 1)


def line_at(token: Token) -> int:
    """The line, from 1, on which a token starts."""
    return token.map[0] + 1 if token.map else 1


def inline_of(block: Sequence[Token]) -> Token | None:
    """The inline token of a paragraph or heading."""
    return next((token for token in block if token.type == "inline"), None)


def plain(tokens: Sequence[Token] | None) -> str:
    """What a reader would hear: text, code, the words for pictures; no markup, no comments."""
    words: list[str] = []
    for token in tokens or ():
        if token.type in ("text", "code_inline"):
            words.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif token.type == "inline":
            words.append(plain(token.children) + "\n")
        elif token.type == "image":
            words.append(plain(token.children))
        elif token.type in ("fence", "code_block"):
            words.append(token.content + "\n")
    return "".join(words)
