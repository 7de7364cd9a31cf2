"""The courses of a site, put together from its content roots in their order of precedence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from mooc.content import header, layers
from mooc.content.model import Problem
from mooc.content.reading import read
from mooc.content.source import Folder, GitTree, Tree


@dataclass(frozen=True)
class Root:
    """One content root. `name` is what the operator calls it, `prefix` its place in its repository.

    A root that no repository holds has no prefix, and nobody can be led to a file of it.
    """

    name: str
    tree: Folder | GitTree
    prefix: str | None = None


@dataclass(frozen=True)
class Source:
    """Where a layer of a course is from: its root, the folder in it, the folder's commit."""

    root: str
    folder: str
    revision: str
    prefix: str | None = None

    def to_json(self) -> dict[str, str]:
        """A JSON value for the release's row; `prefix` is the folder's path in its repository."""
        values = {"root": self.root, "folder": self.folder, "revision": self.revision}
        return values if self.prefix is None else {**values, "prefix": self.prefix}


@dataclass(frozen=True)
class Found:
    """A course as its roots hold it. `id` is empty when its header cannot be read."""

    id: str
    tree: Tree
    sources: tuple[Source, ...]

    @property
    def name(self) -> str:
        """What to call it in reports: the course's folder."""
        return self.sources[0].folder.rpartition("/")[2] or self.sources[0].root.rpartition("/")[2]

    def shown(self, path: str) -> str:
        """A path of the tree as a person finds it: with its root and folder."""
        layer, own = layers.split(path)
        source = self.sources[int(layer.removesuffix(layers.MARK)) - 1 if layer else 0]
        return "/".join(part for part in (source.root, source.folder, own) if part)


@dataclass
class Site:
    """All courses of all roots, and what is wrong between them. Paths in `problems` are whole."""

    courses: list[Found] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    places: set[tuple[str, str]] = field(default_factory=set)  # root and folder of every course.md

    @property
    def whole(self) -> bool:
        """Whether every course could be told by its id, so that what is not here is gone."""
        return not self.problems and all(course.id for course in self.courses)


def names(setting: str) -> list[str]:
    """The roots that a setting names, one a line or between colons."""
    return [name.strip() for name in re.split(r"[:\n]", setting) if name.strip()]


def site(roots: Sequence[Root]) -> Site:
    """Put the courses together: each with the overlays that later roots hold for it."""
    made = Site()
    bases: list[tuple[str, Tree, Source]] = []
    overlays: dict[str, list[tuple[Tree, Source]]] = {}
    for root in roots:
        known = {course_id for course_id, _tree, _source in bases}
        for tree, source in _below(root, layers.HEADER):
            course_id = _value(tree, layers.HEADER, "overlay")
            if course_id in known:
                overlays.setdefault(course_id, []).append((tree, source))
            else:
                made.problems.append(_stray(source, course_id))
        for tree, source in _below(root, "course.md"):
            bases.append((_value(tree, "course.md", "id"), tree, source))
    _add_courses(made, bases, overlays)
    return made


def _below(root: Root, name: str) -> list[tuple[Folder | GitTree, Source]]:
    """The folders of a root that hold a file of this name, as trees."""
    found = []
    for folder in root.tree.folders_with(name):
        tree = root.tree.under(folder) if folder else root.tree
        prefix = None if root.prefix is None else f"{root.prefix}/{folder}".strip("/")
        found.append((tree, Source(root.name, folder, tree.revision, prefix)))
    return found


def _add_courses(
    made: Site,
    bases: Sequence[tuple[str, Tree, Source]],
    overlays: dict[str, list[tuple[Tree, Source]]],
) -> None:
    taken: dict[str, str] = {}
    made.places = {(source.root, source.folder) for _id, _tree, source in bases}
    for course_id, tree, source in bases:
        place = "/".join(part for part in (source.root, source.folder, "course.md") if part)
        if course_id and course_id in taken:
            made.problems.append(
                Problem(
                    place,
                    1,
                    1,
                    "E264",
                    f"the course id {course_id!r} is used by {taken[course_id]} too",
                    "Give one of them another id, or delete it.",
                )
            )
            continue
        taken[course_id] = place
        above = overlays.get(course_id, [])
        whole = layers.Layered(tree, [overlay for overlay, _source in above]) if above else tree
        made.courses.append(Found(course_id, whole, (source, *(layer for _tree, layer in above))))
    _check_aliases(made, taken)


def _check_aliases(made: Site, taken: dict[str, str]) -> None:
    """An old id of one course must not be an id, or an old id, of another."""
    seen: dict[str, str] = {}
    for course in list(made.courses):
        for alias in _list(course.tree, "aliases"):
            other = taken.get(alias) or seen.get(alias)
            place = course.shown("course.md")
            if other and other != place:
                made.problems.append(
                    Problem(
                        place,
                        1,
                        1,
                        "E265",
                        f"the alias {alias!r} is taken by {other}",
                        "An alias is an old id that no course uses any more.",
                    )
                )
                if course in made.courses:
                    made.courses.remove(course)
            seen.setdefault(alias, place)


def _stray(source: Source, course_id: str) -> Problem:
    place = "/".join(part for part in (source.root, source.folder, layers.HEADER) if part)
    what = f"no earlier root holds a course {course_id!r}" if course_id else "names no course"
    fix = "Write overlay: and the course's id, and name the course's root before this one."
    return Problem(place, 1, 1, "E260", what, fix)


def _value(tree: Tree, path: str, key: str) -> str:
    """One text of a header; empty when there is none. What is wrong with it is reported later."""
    fields = header.fields(read(path, tree.read(path), []))
    value = fields.values.get(key, "") if fields else ""
    return value.strip() if isinstance(value, str) else ""


def _list(tree: Tree, key: str) -> list[str]:
    fields = header.fields(read("course.md", tree.read("course.md"), []))
    value = fields.values.get(key, []) if fields else []
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return [str(part) for part in value] if isinstance(value, list) else []
