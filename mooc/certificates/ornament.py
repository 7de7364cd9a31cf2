"""Pictures on a certificate: the course's guilloche, the certificate's own seal, the QR code."""

from __future__ import annotations

from functools import lru_cache

import segno

from mooc.content.guilloche import rosette, svg

COURSE_SIZE = 560  # CSS pixels across; the layout decides what part of it the page shows
SEAL_SIZE = 112
QUIET = 4  # modules of quiet zone, as the standard asks


@lru_cache(maxsize=256)
def course_rosette(course_id: str, tint: str) -> bytes:
    """The rosette of a course in a flat tint, as SVG."""
    return svg(rosette(course_id), COURSE_SIZE, tint, width=0.55).encode()


def seal(code: str, tint: str) -> bytes:
    """The small rosette that no other certificate has, drawn from its code, a ring at its heart."""
    drawn = svg(rosette(code, rings=2), SEAL_SIZE, tint, width=0.19)
    return drawn.replace("</svg>", '<circle r="130"/><circle r="112"/></svg>').encode()


def qr_code(text: str, ink: str) -> bytes:
    """A QR code as one SVG path on nothing, quiet zone included, so that no seam can show."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    size = len(rows) + 2 * QUIET
    path = "".join(
        f"M{start + QUIET} {line + QUIET}h{end - start}v1h{start - end}z"
        for line, row in enumerate(rows)
        for start, end in _runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
        f'viewBox="0 0 {size} {size}"><path fill="{ink}" d="{path}"/></svg>'
    ).encode()


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Where dark modules start and end in a row."""
    framed = b"\0" + row + b"\0"
    edges = [at for at in range(len(row) + 1) if framed[at] != framed[at + 1]]
    return list(zip(edges[::2], edges[1::2], strict=True))
