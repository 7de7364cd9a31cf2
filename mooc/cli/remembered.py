"""What earlier checks found, kept in the user's cache folder: only changed files are read again."""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mooc.content.memory import Memory

LARGEST = 512 * 1024 * 1024  # bytes of a kept check; a larger one is not worth reading


def folder() -> Path:
    """Where checks are kept: $XDG_CACHE_HOME/mooc, or ~/.cache/mooc."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base else Path.home() / ".cache") / "mooc" / "check"


@contextmanager
def remembered(name: str) -> Iterator[Memory]:
    """The memory of a course's last check; what this one learns is kept under the same `name`.

    A cache that cannot be read or written costs time and nothing else.
    """
    from mooc.content.memory import Memory

    path = folder() / f"{hashlib.sha256(f'{name}{_program()}'.encode()).hexdigest()[:32]}.pickle"
    known = _read(path)
    memory = Memory(known)
    yield memory
    if memory.used.keys() != known.keys():
        _write(path, memory.used)


@contextmanager
def unhurried() -> Iterator[None]:
    """No collection of garbage: a check makes millions of small things and then ends.

    It takes a third of the time of a check of a thousand lessons.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _program() -> str:
    """This program and its Python: another version of either remembers nothing."""
    import mooc.content

    top = Path(mooc.content.__file__).parent
    files = sorted(top.rglob("*.py"))
    told = [
        (str(path.relative_to(top)), path.stat().st_size, path.stat().st_mtime_ns) for path in files
    ]
    return repr((sys.version_info, told))


def _read(path: Path) -> dict[str, bytes]:
    try:
        if path.stat().st_size > LARGEST or path.stat().st_uid != os.getuid():
            return {}
        known = pickle.loads(path.read_bytes())  # noqa: S301 - the user's own file, written below
    except Exception:  # broken, of another version, not there: as if there were none
        return {}
    whole = isinstance(known, dict) and all(isinstance(value, bytes) for value in known.values())
    return known if whole else {}


def _write(path: Path, used: dict[str, bytes]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            pickle.dump(used, file, 5)
        Path(file.name).replace(path)
    except OSError:  # a full disk or a folder that is read-only
        return
