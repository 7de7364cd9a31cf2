"""PDF files by the hash of their bytes: written whole or not at all, never overwritten."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path


def keep(data: bytes, folder: Path) -> str:
    """Put a file into the folder durably; its SHA-256 in hex. Keeping it again is free."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = file_of(sha256, folder)
    if path.exists():
        return sha256
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".{sha256[:16]}.{secrets.token_hex(8)}"
    try:
        with half.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return sha256


def file_of(sha256: str, folder: Path) -> Path:
    """Where the PDF with this hash lies."""
    return folder / f"{sha256}.pdf"
