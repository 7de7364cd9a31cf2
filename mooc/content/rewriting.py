"""A tree as it would be with some files changed or moved, and whether it still says the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from mooc.content import header
from mooc.content.loader import COURSE, Loaded
from mooc.content.model import Problem
from mooc.content.reading import read
from mooc.content.source import Tree
from mooc.content.staleness import is_stale, marked
from mooc.content.translations import sources

# Where something stands and what was computed from that; all else is what a course says.
PLACES = ("path", "line", "hash", "source")


class Changed:
    """A tree under other names (`moves`: old path to new) and with other contents (by new path)."""

    revision = "worktree"

    def __init__(
        self, tree: Tree, edits: Mapping[str, bytes], moves: Mapping[str, str] | None = None
    ) -> None:
        self._tree, self._edits = tree, edits
        self._from = {(moves or {}).get(path, path): path for path in tree.paths()}

    @property
    def tree_hash(self) -> str:
        """SHA-256 over all paths and contents."""
        digest = hashlib.sha256()
        for path in self.paths():
            digest.update(path.encode() + b"\0" + hashlib.sha256(self.read(path)).digest())
        return digest.hexdigest()

    def paths(self) -> Sequence[str]:
        return sorted(self._from)

    def read(self, path: str) -> bytes:
        return self._edits[path] if path in self._edits else self._tree.read(self._from[path])

    def problems(self) -> Sequence[Problem]:
        return self._tree.problems()


def same(before: Loaded, after: Loaded) -> bool:
    """Whether two compilations say the same of everything but places."""
    codes = [sorted(problem.code for problem in each.problems) for each in (before, after)]
    if codes[0] != codes[1]:
        return False
    said = [COURSE.dump_python(each.course) if each.course else None for each in (before, after)]
    return bool(_placeless(said[0]) == _placeless(said[1]))


def _placeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _placeless(each) for key, each in value.items() if key not in PLACES}
    if isinstance(value, (list, tuple)):
        return [_placeless(each) for each in value]
    return value


def still_fresh(
    tree: Tree, edits: Mapping[str, bytes], moves: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """The edits, with the line `source:` of translations that were up to date kept up to date.

    Such an edit changes no word, so what was translated is still translated.
    """
    moves, found = moves or {}, dict(edits)
    for path, _language, source in sources(tree):
        new, new_source = moves.get(path, path), moves.get(source, source)
        if new_source not in edits:
            continue
        made_from = _made_from(path, tree.read(path))
        if made_from and not is_stale(made_from, tree.read(source)):
            found[new] = marked(found.get(new) or tree.read(path), edits[new_source])
    return found


def _made_from(path: str, data: bytes) -> str:
    file = read(path, data, [])
    fields = header.fields(file) if file.header is not None else None
    return str(fields.values.get("source", "")) if fields else ""
