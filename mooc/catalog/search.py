"""Finding courses and lessons by the words in them, in memory.

Every word must occur, as the beginning of a word; case, accents and the commonest endings of
English and Russian do not count. Only what a learner may read is searched: titles, summaries and
lesson texts, never questions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mooc.catalog.queries import Catalog
from mooc.content.model import Course, Item

LONGEST_QUERY = 200
MOST_WORDS = 8
BEFORE, AFTER = 70, 190  # characters of a snippet around the first word found
TITLE_WEIGHT, SUMMARY_WEIGHT, MOST_COUNTED = 12, 4, 6

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")  # scripts that put no space between words
_ENDINGS = re.compile(r"(?:[аеиоуыэюя]+[мхвй]?|ь|es|s)$")
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a snippet; `found` where a word of the query stands."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A course (`item` None) or one of its items, and the place where the words stand."""

    course: Course
    item: Item | None
    snippet: tuple[Piece, ...]
    score: int


@dataclass(frozen=True, slots=True)
class _Document:
    course: Course
    item: Item | None
    title: str  # folded
    summary: str  # folded
    text: str
    folded: str  # `text`, letter by letter


class _Folding(dict[int, str]):
    """Each letter as it counts for searching: lower case, without accents. Lengths never change."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        plain = unicodedata.normalize("NFKD", letter.casefold())
        self[code] = next((c for c in plain if not unicodedata.combining(c)), letter)
        return self[code]


_folding = _Folding()


def fold(text: str) -> str:
    """The text as it is compared, of the same length."""
    return text.translate(_folding)


def search(
    catalog: Catalog, query: str, language: Callable[[Course], str] | None = None, limit: int = 50
) -> list[Hit]:
    """What holds all words of the query, the best first. Empty for a query without words.

    Every edition of a course is searched. What is found in several is shown in the language in
    which its reader gets the course (`language`), or else in the one that fits best.
    """
    patterns = _patterns(query[:LONGEST_QUERY])
    if not patterns:
        return []
    hits: dict[tuple[str, str], Hit] = {}
    for document in _documents(catalog):
        score = sum(scores) if all(scores := [_score(document, each) for each in patterns]) else 0
        if score:
            snippet = tuple(_snippet(document, patterns))
            hit = Hit(document.course, document.item, snippet, score)
            place = (hit.course.id, hit.item.id if hit.item else "")
            if place not in hits or _better(hit, hits[place], language):
                hits[place] = hit
    found = sorted(hits.values(), key=lambda hit: -hit.score)  # stable: else in teaching order
    return found[:limit]


def _better(hit: Hit, other: Hit, language: Callable[[Course], str] | None) -> bool:
    """Whether one edition shows what was found better than another."""
    usual = language(hit.course) if language else ""
    if usual in (hit.course.preferred, other.course.preferred):
        return hit.course.preferred == usual
    return hit.score > other.score


def _patterns(query: str) -> list[re.Pattern[str]]:
    words = _WORD.findall(fold(unicodedata.normalize("NFC", query)))[:MOST_WORDS]
    return [_pattern(word) for word in dict.fromkeys(words)]


def _pattern(word: str) -> re.Pattern[str]:
    if _UNSPACED.search(word):
        return re.compile(re.escape(word))
    stem = _ENDINGS.sub("", word)
    return re.compile(rf"\b{re.escape(stem if len(stem) >= _SHORTEST_STEM else word)}\w*")


def _score(document: _Document, pattern: re.Pattern[str]) -> int:
    score = TITLE_WEIGHT if pattern.search(document.title) else 0
    score += SUMMARY_WEIGHT if pattern.search(document.summary) else 0
    for _found, _number in zip(
        pattern.finditer(document.folded), range(MOST_COUNTED), strict=False
    ):
        score += 1
    return score


def _documents(catalog: Catalog) -> tuple[_Document, ...]:
    """The index of a catalog, made once; only the latest catalog's is kept."""
    held = _held.get(catalog.version)
    if held is None:
        courses = [live.course for live in catalog.courses.values()]
        held = tuple(
            document
            for course in courses
            for language in course.languages
            for document in _documents_in(course.edition(language), course.language)
        )
        _held.clear()
        _held[catalog.version] = held
    return held


_held: dict[str, tuple[_Document, ...]] = {}


def _documents_in(course: Course, original: str) -> Iterator[_Document]:
    """What one edition adds to the index: what fell back to the original is there already."""
    first = course.preferred == original
    outcomes = " ".join(_TAG.sub("", html) for html in course.outcomes_html)
    summary = " ".join((course.summary, *course.subjects))
    if first or course.language != original:
        yield _document(course, None, course.title, summary, outcomes)
    for item in course.items:
        if not first and item.language == original:
            continue
        yield _document(course, item, item.title, "", item.text)


_TAG = re.compile(r"<[^>]*>")


def _document(course: Course, item: Item | None, title: str, summary: str, text: str) -> _Document:
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    return _Document(course, item, fold(title), fold(summary), text, fold(text))


def _snippet(document: _Document, patterns: list[re.Pattern[str]]) -> Iterator[Piece]:
    """The surroundings of the first word found in the text, whole words at both ends."""
    firsts = [found.start() for each in patterns if (found := each.search(document.folded))]
    start, end = 0, len(document.text)
    if firsts:
        start = max(0, min(firsts) - BEFORE)
        start = document.text.rfind(" ", 0, start) + 1
    if end - start > BEFORE + AFTER:
        cut = document.text.rfind(" ", start, start + BEFORE + AFTER)
        end = cut if cut > start else start + BEFORE + AFTER
    if start == end:
        return
    at = start
    if start:
        yield Piece("… ", found=False)
    for begin, stop in _places(document.folded[start:end], patterns):
        if begin + start < at:
            continue
        yield Piece(document.text[at : begin + start], found=False)
        yield Piece(document.text[begin + start : stop + start], found=True)
        at = stop + start
    yield Piece(document.text[at:end] + (" …" if end < len(document.text) else ""), found=False)


def _places(text: str, patterns: list[re.Pattern[str]]) -> list[tuple[int, int]]:
    return sorted(found.span() for each in patterns for found in each.finditer(text))
