"""A layout: the folder that says how certificates look, with its own words, known by its hash."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "templates" / "certificates"
DEFAULT = "default"
TEMPLATE, STYLE, TINTS, SAMPLE = "certificate.html", "style.css", "tints.toml", "sample.json"


@dataclass(frozen=True, eq=False)
class Layout:
    """`hash` covers every file that shapes the page: all but the sample data."""

    name: str
    folder: Path
    hash: str
    tints: Mapping[str, str]


@lru_cache(maxsize=32)
def layout(name: str) -> Layout:
    """The layout with this name, the default one when there is none such."""
    folder = FOLDER / name
    if not name.replace("-", "").isalnum() or not (folder / TEMPLATE).is_file():
        name, folder = DEFAULT, FOLDER / DEFAULT
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != SAMPLE:
            relative = path.relative_to(folder).as_posix()
            digest.update(relative.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    tints = tomllib.loads((folder / TINTS).read_text("utf-8"))
    return Layout(name, folder, digest.hexdigest(), tints)


def layouts() -> list[Layout]:
    """Every layout there is, by name."""
    return [layout(path.parent.name) for path in sorted(FOLDER.glob(f"*/{TEMPLATE}"))]
