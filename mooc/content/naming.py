"""New ids for files, questions, terms and options: readable, unique, never one that is in use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from mooc.content import header
from mooc.content.reading import File, read
from mooc.content.schema import RESERVED
from mooc.content.source import Tree

LONGEST = 40  # ids may be longer; nobody wants to read them
MARKED = re.compile(r"<!--\s*(?:question|case)\s*:\s*\"?([a-z0-9-]+)")
CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
SOUNDS = "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch - y - e yu ya"
LATIN = {letter: s.strip("-") for letter, s in zip(CYRILLIC, SOUNDS.split(" "), strict=True)}
LATIN |= {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"}
# Words that say little: left out where others remain.
SMALL = re.compile(
    r"an?|the|of|to|in|on|at|by|for|and|or|is|are|was|be|its?|this|that|these|which|what|who|how|do"
    r"|does|i|v|na|po|s|k|ob?|ot|za|iz|u|ne|eto|kak|chto|kto|kakoi|kakaya|kakie|li"
)


def slug(text: str) -> str:
    """A text as the words of an id; empty when it holds no letter or digit that can be written."""
    lower = unicodedata.normalize("NFC", text).lower()
    latin = "".join(LATIN.get(c, c) for c in lower)
    bare = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’`]", "", bare))
    telling = [word for word in words if not SMALL.fullmatch(word)] or words
    found = ""
    for word in telling:
        longer = f"{found}-{word}" if found else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        found = longer
    return found


def unused(wanted: str, taken: set[str], fallback: str) -> str:
    """An id like `wanted` that is not taken; it is taken from now on."""
    base = wanted if len(wanted) > 1 else f"{fallback}-{wanted}".strip("-")
    if base in RESERVED:
        base = f"{base}-{fallback}"
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    taken.add(found)
    return found


def file_ids(tree: Tree) -> dict[str, str]:
    """The id in the header of each Markdown file that has one, by path."""
    return {path: found for path, file in texts(tree) if (found := identity(file))}


def identity(file: File) -> str:
    """The id in a file's header; empty without one."""
    if file.header is None:
        return ""
    fields = header.fields(file)
    found = fields.values.get("id", "") if fields else ""
    return found if isinstance(found, str) else ""


def question_ids(tree: Tree) -> set[str]:
    """Every id that a marker of a question or a case names."""
    return {found for _path, file in texts(tree) for found in MARKED.findall(file.text)}


def texts(tree: Tree) -> Iterator[tuple[str, File]]:
    """Every Markdown file of a tree, what is wrong with it put aside."""
    for path in tree.paths():
        if path.endswith(".md"):
            yield path, read(path, tree.read(path), [])
