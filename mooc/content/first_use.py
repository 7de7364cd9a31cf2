"""Where a lesson first uses a term of its glossary: there it is linked.

Words are compared whole, without case, accents of stress or the kind of space and hyphen between
them; of several terms the longest wins. A form all in capitals (`IP`) is only found in capitals.
The time is linear in the length of the text: each word begins at most one walk of bounded length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from mooc.content.model import Term

MOST_PIECES = 24  # words of a form and what stands between them
MARKS = "\u0300-\u036f\u064b-\u065f"  # stress and vowel signs belong to their letter
UNSPACED = "\u3040-\u30ff\u3400-\u9fff"  # each such character counts as a word
PIECE = re.compile(rf"[{UNSPACED}]|(?:[^\W_{UNSPACED}][{MARKS}]*)+|\s+|.", re.DOTALL)
SAME = {"‐": "-", "‑": "-", "–": "-", "’": "'", "ʼ": "'"}
TEXT = ("text", "softbreak")
NONE = "-"  # in place of an id: these words are no term


def cut(text: str, *, folded: bool = False) -> tuple[str, ...]:
    """A text as words and what stands between them; white space as one space."""
    pieces = (found[0] for found in PIECE.finditer(text.strip()))
    return tuple(
        _fold(piece) if folded else (" " if piece.isspace() else piece) for piece in pieces
    )


def _fold(piece: str) -> str:
    if piece.isspace():
        return " "
    if piece in SAME:
        return SAME[piece]
    bare = (c for c in unicodedata.normalize("NFKD", piece) if c not in "\u0300\u0301\u0308")
    return unicodedata.normalize("NFC", "".join(bare)).casefold()


@dataclass
class _Node:
    """A step of the way through a form. `ids` end here in any case, `exact` as written only."""

    after: dict[str, _Node] = field(default_factory=dict)
    id: str = ""
    exact: dict[str, str] = field(default_factory=dict)


class Index:
    """The terms of one glossary in one language, ready to be found in texts.

    `address` is where the glossary is; a term's link leads to its id there.
    """

    def __init__(self, terms: Iterable[Term], address: str) -> None:
        self.address = address
        self._root = _Node()
        for term in terms:
            for form in (term.term, *term.forms):
                self._add(form, term.id)
            for phrase in term.never:
                self._add(phrase, NONE)

    def _add(self, form: str, identity: str) -> None:
        node = self._root
        for piece in cut(form, folded=True):
            node = node.after.setdefault(piece, _Node())
        letters = [c for c in form if c.isalpha()]
        if len(letters) > 1 and all(c.isupper() for c in letters):
            node.exact.setdefault("".join(cut(form)), identity)
        else:
            node.id = node.id or identity

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Each use of a term, from left to right: start, end, id. Uses do not overlap."""
        pieces = list(PIECE.finditer(text))
        folded = [_fold(piece[0]) for piece in pieces]
        at = 0
        while at < len(pieces):
            end, identity = self._longest(text, pieces, folded, at)
            if identity not in ("", NONE):
                yield pieces[at].start(), pieces[end - 1].end(), identity
            at = end

    def _longest(
        self, text: str, pieces: Sequence[re.Match[str]], folded: Sequence[str], at: int
    ) -> tuple[int, str]:
        """The piece after the longest term that begins here and its id; else the next piece."""
        best, node = (at + 1, ""), self._root
        for index in range(at, min(at + MOST_PIECES, len(pieces))):
            following = node.after.get(folded[index])
            if following is None:
                break
            node = following
            identity = node.id
            if node.exact:
                written = " ".join(text[pieces[at].start() : pieces[index].end()].split())
                identity = node.exact.get(written, identity)
            if identity:
                best = (index + 1, identity)
        return best

    def link(self, tokens: Sequence[Token], seen: dict[str, None]) -> None:
        """Link the first use of each term not yet `seen`, and note it; not in headings or links."""
        heading = False
        for token in tokens:
            if token.type in ("heading_open", "heading_close"):
                heading = token.nesting > 0
            elif token.type == "inline" and not heading:
                token.children = list(self._linked(token.children or [], seen))

    def _linked(self, children: Sequence[Token], seen: dict[str, None]) -> Iterator[Token]:
        run: list[Token] = []
        links = 0
        for child in children:
            links += child.nesting if child.type in ("link_open", "link_close") else 0
            if child.type in TEXT and not links:
                run.append(child)
                continue
            yield from self._in_run(run, seen)
            run = []
            yield child
        yield from self._in_run(run, seen)

    def _in_run(self, run: Sequence[Token], seen: dict[str, None]) -> Iterator[Token]:
        """The tokens of one stretch of text, cut where a link begins and ends."""
        text = "".join("\n" if token.type == "softbreak" else token.content for token in run)
        at = 0
        for start, end, identity in self.find(text):
            if identity in seen:
                continue
            seen[identity] = None
            yield from _texts(text[at:start])
            attributes: dict[str, str | int | float] = {
                "href": f"{self.address}#{identity}",
                "class": "term",
            }
            yield Token("link_open", "a", 1, attrs=attributes, meta={"term": identity})
            yield from _texts(text[start:end])
            yield Token("link_close", "a", -1)
            at = end
        if at:
            yield from _texts(text[at:])
        else:
            yield from run


def _texts(text: str) -> Iterator[Token]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield Token("softbreak", "br", 0)
        if line:
            yield Token("text", "", 0, content=line)
