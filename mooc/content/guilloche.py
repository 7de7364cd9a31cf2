"""Fine-line rosettes, as on banknotes and letters patent: the same seed always draws the same one.

Three rings; in each, nine strands weave between two wavy envelopes. A strand's radius is
`mid(t) + amp(t) · cos(w·t + phase)`. Since w is a multiple of the number of petals p, one petal's
sector, turned p times, is the whole picture.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi, sin, tau
from xml.sax.saxutils import quoteattr

STRANDS = 9
STEPS = 6  # cubic curves a wave: at six the eye finds no difference from the true curve
RIPPLE = 0.05
LEAST, MOST = 10, 17  # petals
HOLE = 0.18
# Waves around a ring of radius 1: what keeps lines evenly spaced from the centre outwards.
DENSITY = 52
UNIT = 1000  # the SVG's user units for the radius

Point = tuple[float, float]
Curve = tuple[Point, Point, Point]  # two control points and an end


@dataclass(frozen=True, slots=True)
class Ring:
    """The space between two wavy envelopes. Radii as shares of the rosette's, phases in radians."""

    inner: float
    outer: float
    inner_phase: float
    outer_phase: float
    waves: int  # around the whole ring, a multiple of the petals
    turn: float  # where the first strand starts


@dataclass(frozen=True, slots=True)
class Rosette:
    """A rosette of radius 1 around the origin."""

    seed: str
    petals: int
    rings: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class Strand:
    """One line through one sector: where it starts, and smooth cubic curves from there."""

    start: Point
    curves: tuple[Curve, ...]


def rosette(seed: str, *, rings: int = 3) -> Rosette:
    """The rosette of a seed (a course's id, a certificate's code)."""
    chance = _chances(seed)
    petals = LEAST + int(next(chance) * (MOST - LEAST + 1))
    # The ripple pushes the outermost edge out, so that edge starts a little inside the circle.
    edge = 1 / (1 + RIPPLE)
    hole = HOLE + 0.07 * next(chance)
    step = (edge - hole) / rings
    bounds = [
        hole + step * (at + (0.16 * next(chance) - 0.08 if 0 < at < rings else 0))
        for at in range(rings + 1)
    ]
    found: list[Ring] = []
    phase = tau * next(chance)
    for inner, outer in pairwise(bounds):
        middle = (inner + outer) / 2
        waves = petals * min(max(round(DENSITY * middle / petals), 1), 5)
        # Neighbours ripple against each other, which opens leaf-shaped windows between the rings.
        following = phase + pi * (0.75 + 0.5 * next(chance))
        found.append(Ring(inner, outer, phase, following, waves, tau * next(chance)))
        phase = following + pi * (0.85 + 0.3 * next(chance))
    return Rosette(seed, petals, tuple(found))


def sector_paths(shape: Rosette, radius: float = 1.0) -> tuple[tuple[Strand, ...], ...]:
    """The strands of one sector, ring by ring, for whatever draws them: SVG, PDF, a plotter.

    The sector begins at angle 0 and spans tau / petals; the y axis may point either way.
    """
    return tuple(
        tuple(
            _strand(ring, shape.petals, tau * number / STRANDS, radius) for number in range(STRANDS)
        )
        for ring in shape.rings
    )


def svg(
    shape: Rosette,
    size: int,
    stroke: str = "currentColor",
    *,
    width: float = 0.9,
    opacity: float = 1.0,
    name: str = "",
) -> str:
    """A standalone SVG, `size` pixels wide, its hairlines `width` pixels at that size.

    It has no style attributes. `name` sets the id of the sector, for pages with two of one seed.
    """
    name = name or "g" + hashlib.sha256(shape.seed.encode()).hexdigest()[:8]
    data = "".join(_data(strand) for strands in sector_paths(shape, UNIT) for strand in strands)
    turns = "".join(
        f'<use href="#{name}" transform="rotate({_short(360 * turn / shape.petals)})"/>'
        for turn in range(1, shape.petals)
    )
    faded = f' stroke-opacity="{_short(opacity)}"' if opacity < 1 else ""
    half = UNIT + 10
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
        f'viewBox="-{half} -{half} {2 * half} {2 * half}" '
        f'fill="none" stroke={quoteattr(stroke)}{faded} '
        f'stroke-width="{_short(width * 2 * half / size)}" aria-hidden="true">'
        f'<path id="{name}" d="{data}"/>{turns}</svg>'
    )


def _chances(seed: str) -> Iterator[float]:
    """Numbers from 0 to 1, always the same for a seed."""
    counter = 0
    while True:
        digest = hashlib.sha256(f"{counter}:{seed}".encode()).digest()
        for at in range(0, 32, 4):
            yield int.from_bytes(digest[at : at + 4], "big") / 2**32
        counter += 1


def _strand(ring: Ring, petals: int, phase: float, radius: float) -> Strand:
    """Equal steps of the angle, each a cubic with the curve's own tangents at both ends."""
    steps = STEPS * ring.waves // petals
    step = tau / petals / steps
    points = [_at(ring, petals, phase, at * step, radius) for at in range(steps + 1)]
    curves: list[Curve] = []
    for (from_, leave), (to, arrive) in pairwise(points):
        third = step / 3
        curves.append(
            (
                (from_[0] + leave[0] * third, from_[1] + leave[1] * third),
                (to[0] - arrive[0] * third, to[1] - arrive[1] * third),
                to,
            )
        )
    return Strand(points[0][0], tuple(curves))


def _at(ring: Ring, petals: int, phase: float, t: float, radius: float) -> tuple[Point, Point]:
    """A strand's place at angle t and its derivative there."""
    inner = ring.inner * (1 + RIPPLE * cos(petals * t + ring.inner_phase))
    outer = ring.outer * (1 + RIPPLE * cos(petals * t + ring.outer_phase))
    inner_slope = -ring.inner * RIPPLE * petals * sin(petals * t + ring.inner_phase)
    outer_slope = -ring.outer * RIPPLE * petals * sin(petals * t + ring.outer_phase)
    angle = ring.waves * t + phase + ring.turn
    r = (inner + outer) / 2 + (outer - inner) / 2 * cos(angle)
    slope = (inner_slope + outer_slope) / 2 + (outer_slope - inner_slope) / 2 * cos(angle)
    slope -= (outer - inner) / 2 * ring.waves * sin(angle)
    r, slope = r * radius, slope * radius
    return (r * cos(t), r * sin(t)), (slope * cos(t) - r * sin(t), slope * sin(t) + r * cos(t))


def _data(strand: Strand) -> str:
    """Path data in whole units. Equal steps make each handle mirror the last, so `s` is exact."""
    x, y = _whole(strand.start)
    parts = [f"M{x} {y}"]
    for number, (first, second, end) in enumerate(strand.curves):
        points = [second, end] if number else [first, second, end]
        numbers = [n for point in points for n in (_whole(point)[0] - x, _whole(point)[1] - y)]
        parts.append(("s" if number else "c") + _joined(numbers))
        x, y = _whole(end)
    return "".join(parts)


def _joined(numbers: list[int]) -> str:
    return "".join(f"{n}" if n < 0 or not at else f" {n}" for at, n in enumerate(numbers))


def _whole(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])


def _short(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")
