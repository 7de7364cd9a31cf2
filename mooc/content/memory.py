"""What compiling a file gave before, kept under everything that it depends on.

Whoever loads a course again and again hands in a `Memory`: a file is then compiled only when its
own bytes, or something of the course that its pages can show, changed.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterable, Mapping
from typing import Any


class Memory:
    """Values by key, each kept as bytes, so that nobody can change what is remembered.

    `used` is what the last load asked for or learned: all that is worth keeping for the next one.
    """

    def __init__(self, known: Mapping[str, bytes] | None = None) -> None:
        self._known = dict(known or {})
        self.used: dict[str, bytes] = {}

    def get(self, key: str) -> Any:
        """The value, or None when there is none that can be read."""
        kept = self._known.get(key)
        if kept is None:
            return None
        try:
            value = pickle.loads(kept)  # noqa: S301 - written by `put`, in the user's own folder
        except Exception:  # of another version of this program: as if there were none
            return None
        self.used[key] = kept
        return value

    def put(self, key: str, value: Any) -> None:
        """Remember a value. What cannot be kept is compiled again next time."""
        try:
            self.used[key] = pickle.dumps(value, 5)
        except RecursionError:
            return


def key(*parts: object) -> str:
    """A key that differs whenever a part does."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else repr(part).encode("utf-8", "surrogatepass")
        digest.update(str(len(data)).encode() + b":" + data)
    return digest.hexdigest()


def in_order(names: Iterable[object]) -> list[str]:
    """Things of a set or mapping as texts in one order, for a key."""
    return sorted(map(repr, names))
