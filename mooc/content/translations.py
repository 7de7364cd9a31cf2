"""Translations: `name.<language>.md` beside `name.md`, prose for what the source decides.

Points, order, marks and settings are the source's. What is missing or does not fit falls back to
it, piece by piece, so a translation can be unfinished or out of date and never wrong.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mooc.content import header, survey
from mooc.content.model import Problem
from mooc.content.reading import File, read
from mooc.content.schema import TRANSLATED, TRANSLATIONS, Translation
from mooc.content.source import Tree
from mooc.content.staleness import is_stale
from mooc.content.survey import LISTS, TRANSLATION, Surveyed

UNKNOWN = "Correct the id, or delete it."


@dataclass
class Translated:
    """One file of a translation, parsed. `header` holds its own words and the source's settings."""

    language: str
    item: Surveyed
    source: Surveyed
    header: Translation | None
    stale: bool

    @property
    def file(self) -> File:
        return self.item.file


def sources(tree: Tree) -> Iterator[tuple[str, str, str]]:
    """(path, language, path of the source) of every translation in a tree."""
    paths = set(tree.paths())
    for path in sorted(paths):
        found = TRANSLATION.fullmatch(path) if survey.is_text(path) else None
        if found and found["source"] + ".md" in paths:
            yield path, found["language"], found["source"] + ".md"


State = Literal["missing", "fresh", "stale", "unmarked"]


def standing(tree: Tree, languages: Sequence[str] = ()) -> dict[str, dict[str, State]]:
    """How the translation of each file stands, by path and language.

    Of the languages given, or of those in which there is a translation. `unmarked`: it does not
    say what it was made from.
    """
    made = {(source, language): path for path, language, source in sources(tree)}
    spoken = list(languages) or sorted({language for _source, language in made})
    return {
        path: {language: _state(tree, path, made.get((path, language))) for language in spoken}
        for path in translatable(tree)
    }


def translatable(tree: Tree) -> list[str]:
    """The files of a course that one can translate."""
    made = {path for path, _language, _source in sources(tree)}
    return [path for path in tree.paths() if survey.is_text(path) and path not in made]


def _state(tree: Tree, source: str, path: str | None) -> State:
    if path is None:
        return "missing"
    file = read(path, tree.read(path), [])
    fields = header.fields(file) if file.header is not None else None
    made_from = str(fields.values.get("source", "")) if fields else ""
    if not made_from:
        return "unmarked"
    return "stale" if is_stale(made_from, tree.read(source)) else "fresh"


def parse(
    tree: Tree, found: dict[str, Surveyed], language: str, problems: list[Problem]
) -> list[Translated]:
    """Every translation of a surveyed source, its header judged. Lists are checked on the way."""
    translated = []
    for path, spoken, source in sources(tree):
        file = read(path, tree.read(path), problems)
        file.translation = True
        if spoken == language:
            file.problem(
                "E218", 1, 1, f"{source} is in {language} already", "Delete one of the two files."
            )
        elif source in LISTS:
            _check_list(file, source, tree)
        elif source in found:
            translated.append(_translated(file, spoken, found[source], tree))
    return translated


def _translated(file: File, language: str, source: Surveyed, tree: Tree) -> Translated:
    item = Surveyed(file, source.kind, None, source.id)
    fields = header.fields(file)
    typed = _header(fields, item, source, language) if fields and source.header else None
    path = source.file.path
    stale = fields is not None and _check_age(file, fields, typed, tree.read(path), path)
    survey.parse(item)
    _share_anchors(item, source)
    return Translated(language, item, source, typed, stale)


def _header(
    fields: header.Fields, item: Surveyed, source: Surveyed, language: str
) -> Translation | None:
    """The source's header with the words of the translation; settings must not differ."""
    said = fields.values.pop("language", language) if source.kind == "course" else language
    if said != language:
        item.file.problem(
            "E108",
            *fields.place("language"),
            f"language: {said!r} in a file whose name says {language}",
            "Delete the line.",
        )
    whole = fields.filled_from(source.values)
    typed = header.read(item.file, whole, TRANSLATIONS[source.kind])
    if typed is None or source.header is None:
        return None
    own = source.header.model_dump()
    for key, value in typed.model_dump().items():
        if key in TRANSLATED or value == own[key]:
            continue
        place = fields.place(key)
        if key == "id":
            fix = f"Write id: {own[key]}."
            item.file.problem("E109", *place, f"the id of the source is {own[key]!r}", fix)
        else:
            message = f"{key}: differs from the source, which alone decides it"
            item.file.problem("E108", *place, message, "Delete the line.")
    return typed


def _check_age(
    file: File, fields: header.Fields | None, typed: Translation | None, source: bytes, path: str
) -> bool:
    """Whether the source was changed since it was translated; that, and not knowing, is said."""
    if file.header is not None and typed is None:
        return False  # what is wrong with the header has been said
    made_from = typed.source if typed else ""
    if not made_from:
        file.problem(
            "L105",
            1,
            1,
            f"does not say from which version of {posixpath.basename(path)} it was made",
            "If it is up to date, run mooc translate --mark on it.",
        )
        return False
    if not is_stale(made_from, source):
        return False
    place = fields.place("source") if fields else (1, 1)
    file.problem(
        "L104",
        *place,
        f"{posixpath.basename(path)} was changed since it was translated",
        f"See what was translated with git show {made_from}; then run mooc translate --mark on it.",
    )
    return True


def _share_anchors(item: Surveyed, source: Surveyed) -> None:
    """Give headings the addresses of the source's, so that a link holds in every language."""
    own = [slug for slug, anchor in item.anchors.items() if anchor.startswith("s-")]
    theirs = [anchor for anchor in source.anchors.values() if anchor.startswith("s-")]
    if len(own) != len(theirs):
        return
    renamed = {item.anchors[slug]: anchor for slug, anchor in zip(own, theirs, strict=True)}
    item.anchors.update(zip(own, theirs, strict=True))
    item.sections[:] = [replace(each, anchor=renamed[each.anchor]) for each in item.sections]
    for block in item.blocks:
        if anchor := block[0].meta.get("anchor"):
            block[0].meta = {"anchor": renamed[anchor]}


def _check_list(file: File, source: str, tree: Tree) -> None:
    fields = header.fields(file) if file.header is not None else None
    typed = header.read(file, fields, TRANSLATIONS["list"]) if fields else None
    _check_age(file, fields, typed, tree.read(source), source)
    terms = survey.check_entries(file)
    known = survey.check_entries(read(source, tree.read(source), []))
    for term, line in terms.items():
        if term not in known:
            file.problem("W121", line, 1, f"the source does not have the term {term!r}", UNKNOWN)
