"""Course covers: the rosette of a course as SVG in the page, and the colour it is drawn in."""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Literal

from flask import g
from markupsafe import Markup

from mooc.content import guilloche

Accent = Literal["ink", "green", "gold"]
ACCENTS: tuple[Accent, ...] = ("ink", "green", "gold")
SIZE = 400  # nominal pixels; style sheets set the real size


def accent(course_id: str) -> Accent:
    """The colour of a course, always the same."""
    return ACCENTS[zlib.crc32(course_id.encode()) % len(ACCENTS)]


def rosette_svg(seed: str) -> Markup:
    """The rosette of a seed. Each in a page has its own id, so that one may stand there twice."""
    before, after = _parts(seed)
    g.rosettes = g.get("rosettes", 0) + 1
    name = f"rosette-{g.rosettes}"
    return Markup(name.join((before, *after)))  # noqa: S704 - drawn by us, from numbers


@lru_cache(maxsize=256)
def _parts(seed: str) -> tuple[str, tuple[str, ...]]:
    """The picture, cut where its id stands."""
    drawn = guilloche.svg(guilloche.rosette(seed), SIZE, name="ROSETTE")
    drawn = drawn.replace("<svg ", '<svg class="rosette" ', 1)
    first, *rest = drawn.split("ROSETTE")
    return first, tuple(rest)
