"""A course with what other repositories lay over it, as one tree whose layers stay apart.

The files of the course keep their paths. Those of the first overlay stand under `2:/`, those of the
next under `3:/`: no path of a tree holds a colon, so a problem always names the file it means.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mooc.content.model import Problem
from mooc.content.source import Tree

MARK = ":/"
HEADER = "overlay.md"


class Layered:
    """One course: its own tree, then its overlays, of which the last one wins."""

    def __init__(self, course: Tree, overlays: Sequence[Tree]) -> None:
        self._layers: Mapping[str, Tree] = {
            "": course,
            **{f"{number}{MARK}": tree for number, tree in enumerate(overlays, 2)},
        }

    @property
    def revision(self) -> str:
        """The commit of the course itself."""
        return self._layers[""].revision

    @property
    def tree_hash(self) -> str:
        """The same while no layer changes."""
        whole = "\n".join(tree.tree_hash for tree in self._layers.values())
        return hashlib.sha256(whole.encode()).hexdigest()

    def paths(self) -> Sequence[str]:
        return sorted(layer + path for layer, tree in self._layers.items() for path in tree.paths())

    def read(self, path: str) -> bytes:
        layer, own = split(path)
        return self._layers[layer].read(own)

    def problems(self) -> Sequence[Problem]:
        return sorted(
            replace(problem, path=layer + problem.path)
            for layer, tree in self._layers.items()
            for problem in tree.problems()
        )


def split(path: str) -> tuple[str, str]:
    """The layer of a path (`2:/`, empty for the course itself), and the path within it."""
    layer, mark, own = path.partition(MARK)
    return (layer + mark, own) if mark else ("", path)


def is_overlay(path: str) -> bool:
    """Whether a file belongs to an overlay rather than to the course itself."""
    return MARK in path


def is_header(path: str) -> bool:
    """Whether a file says which course its overlay belongs to."""
    layer, own = split(path)
    return bool(layer) and own == HEADER


def resolve(origin: str, href: str) -> str:
    """The path that a relative link in `origin` names, in the same layer.

    A link that leads out of its layer gives a path that begins with `..`, in no layer at all.
    """
    layer, own = split(origin)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(own), href))
    if path == ".." or path.startswith(("../", "/")):
        return path
    return layer + path if ":" not in path else f"./{path}"  # which no tree holds
