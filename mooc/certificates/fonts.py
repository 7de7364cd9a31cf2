"""The fonts certificates are printed with, and whether they have every character of a name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "static" / "fonts" / "print"
# The families a name is set in, by their roles in fonts.json; the first that has a character wins.
NAME_ROLES = ("text-semibold", "fallback-semibold", "arabic-semibold")


class FontsMissing(Exception):
    """The print fonts were never cut: `make setup` does it."""


def uncovered(text: str, folder: Path = FOLDER) -> tuple[str, ...]:
    """The characters that no font for names has, in order, each once. Raises FontsMissing."""
    known = _covered(folder)
    return tuple(dict.fromkeys(each for each in text if ord(each) not in known))


@lru_cache(maxsize=4)
def fingerprint(folder: Path = FOLDER) -> str:
    """SHA-256 over names and bytes of all print fonts: which fonts a PDF was made with."""
    digest = hashlib.sha256()
    for file in sorted(each["file"] for each in _listing(folder)):
        digest.update(file.encode() + b"\0" + hashlib.sha256((folder / file).read_bytes()).digest())
    return digest.hexdigest()


@lru_cache(maxsize=4)
def _covered(folder: Path) -> frozenset[int]:
    ranges = [
        low_high
        for font in _listing(folder)
        if font["role"] in NAME_ROLES
        for low_high in font["covers"]
    ]
    return frozenset(point for low, high in ranges for point in range(low, high + 1))


def _listing(folder: Path) -> list[Mapping[str, Any]]:
    try:
        fonts: list[Mapping[str, Any]] = json.loads((folder / "fonts.json").read_text())["fonts"]
    except FileNotFoundError as error:
        raise FontsMissing(f"{folder} has no fonts.json; run `make setup`") from error
    return fonts


def width(text: str, folder: Path = FOLDER) -> float:
    """How wide a text is in the font of names, in ems; 1 for characters it does not have."""
    advances = _advances(folder)
    return sum(advances.get(ord(each), 1.0) for each in text)


@lru_cache(maxsize=4)
def _advances(folder: Path) -> dict[int, float]:
    from fontTools.ttLib import TTFont

    file = next(font["file"] for font in _listing(folder) if font["role"] == NAME_ROLES[0])
    with TTFont(folder / file, lazy=True) as font:
        metrics, units = font["hmtx"].metrics, font["head"].unitsPerEm
        return {point: metrics[glyph][0] / units for point, glyph in font.getBestCmap().items()}
