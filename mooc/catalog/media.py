"""Pictures, sounds and films of releases: files named by the hash of their bytes."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from mooc.catalog import faults
from mooc.content.loader import Loaded

PART = ".part"
FORGOTTEN = 3600  # seconds after which a half-written file belongs to a process that died


def store_media(loaded: Loaded, folder: Path) -> None:
    """Write each media file once, whole or not at all, and on the disk when this returns."""
    if loaded.course is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    written = False
    for media in loaded.course.media:
        target = folder / f"{media.hash}.{media.extension}"
        if not target.exists():
            _write(target, loaded.media[media.hash]())
            written = True
    if written:
        _sync(folder)


def _write(target: Path, data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=PART, delete=False) as file:
        file.write(data[: len(data) // 2])
        faults.reached("half a file")
        file.write(data[len(data) // 2 :])
        file.flush()
        os.fsync(file.fileno())
    half = Path(file.name)
    half.chmod(0o644)
    half.replace(target)
    faults.reached("one file")


def _sync(folder: Path) -> None:
    """The names are on the disk before a row mentions them."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(folder: Path) -> None:
    """Delete what a killed process left half-written."""
    for path in folder.glob(f"*{PART}"):
        if time.time() - path.stat().st_mtime > FORGOTTEN:
            path.unlink(missing_ok=True)
