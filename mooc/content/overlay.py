"""What an overlay adds to a course and replaces in it: pools, quizzes and exams, by their ids.

So an open course can hold an honest exam: the exam's pools stand in a private repository and take
the place of the sample pools that everybody can read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mooc.content import layers, marker
from mooc.content.blocks import line_of
from mooc.content.links import Links
from mooc.content.markdown import Page
from mooc.content.outline import Landing, additions
from mooc.content.reading import File
from mooc.content.survey import Surveyed, question_at

GRADED = ("quiz", "exam")


@dataclass(frozen=True)
class Laid:
    """Where each replaced file went, and the overlays' own headers."""

    replaced: dict[str, str]
    headers: tuple[Surveyed, ...]


def lay(found: dict[str, Surveyed]) -> Laid:
    """Lay the files of overlays over those of the course, in order; takes out what is replaced."""
    headers = tuple(found.pop(path) for path in sorted(found) if layers.is_header(path))
    replaced: dict[str, str] = {}
    for path in sorted(path for path in found if layers.is_overlay(path)):
        item = found[path]
        if item.kind not in (*GRADED, "pool"):
            item.file.problem(
                "E261",
                1,
                1,
                "an overlay holds quizzes, exams and pools only",
                "Put lessons and pages into the course itself.",
            )
            del found[path]
            continue
        for below in [p for p, other in found.items() if _is_below(p, other, path, item)]:
            if _replace(found, below, item):
                replaced[below] = path
    return Laid({old: _latest(old, replaced) for old in replaced}, headers)


def _is_below(path: str, other: Surveyed, overlay: str, item: Surveyed) -> bool:
    """Whether a file of an earlier layer has the id of this one."""
    return bool(item.id) and other.id == item.id and _layer(path) < _layer(overlay)


def _layer(path: str) -> int:
    layer = layers.split(path)[0]
    return int(layer.removesuffix(layers.MARK)) if layer else 1


def _latest(path: str, replaced: dict[str, str]) -> str:
    while path in replaced:
        path = replaced[path]
    return path


def _replace(found: dict[str, Surveyed], path: str, item: Surveyed) -> bool:
    """Put a file in the place of another; False, with both as they were, when it cannot be."""
    below = found[path]
    if (below.kind == "pool") != (item.kind == "pool") or below.kind not in (*GRADED, "pool"):
        item.file.problem(
            "E262",
            1,
            1,
            f"the id {item.id!r} belongs to {_a(below.kind)} ({path})",
            "A pool replaces a pool, a quiz or an exam replaces a quiz or an exam.",
        )
        del found[item.file.path]
        return False
    del found[path]
    taken = dict(_questions(below))
    for question, line in _questions(item):
        if question in taken:
            item.file.problem(
                "E263",
                line,
                1,
                f"the question id {question!r} is used in {path} line {taken[question]} too",
                "Give this one an id of its own: answers are recorded under it.",
            )
    return True


def _a(kind: str) -> str:
    return f"an {kind}" if kind == "exam" else f"a {kind}"


def _questions(item: Surveyed) -> Iterator[tuple[str, int]]:
    """Ids and lines of the questions in a file."""
    for at, block in enumerate(item.blocks):
        if question_at(item.blocks, at):
            comment = item.blocks[at + 1][0].content
            found = marker.parse(comment, ("question",), File("", ""), 1, 1)
            yield found.text("question"), line_of(block)


def with_additions(
    landing: Landing, headers: Sequence[Surveyed], links: Links, known: dict[str, Surveyed]
) -> Landing:
    """The outline of the course, then the modules that overlays add under ## Outline."""
    for item in headers:
        modules, items = additions(item, Page(item.file, links, "en"), known, landing)
        landing = replace(landing, modules=modules, items=items)
    return landing
