"""Whether an SVG is only a picture: no scripts, no links, nothing loaded from elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

MAX_ELEMENTS = 20_000
ACTIVE = {
    "animate", "audio", "embed", "foreignobject", "handler", "iframe", "listener", "object",
    "script", "set", "video",
}  # fmt: skip
LOADS = re.compile(r"@import|url\(\s*['\"]?(?!#)|expression\(|javascript:", re.IGNORECASE)
PIXELS = re.compile(r"(\d{1,5})(\.\d+)?(px)?")
EMBEDDED = ("#", "data:image/png;", "data:image/jpeg;")


@dataclass(frozen=True)
class Drawing:
    """What an SVG file is: `active` names the first thing in it that is no picture."""

    active: str = ""
    width: int = 0
    height: int = 0


class _Reader:
    """Collects, element by element, what a picture does not need."""

    def __init__(self) -> None:
        self.active: list[str] = []
        self.size = (0, 0)
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._count:
            self.size = _size(attributes)
        self._count += 1
        if self._count > MAX_ELEMENTS:
            self.stop(f"more than {MAX_ELEMENTS:,} elements")
        if name.rpartition(":")[2].lower() in ACTIVE:
            self.active.append(f"<{name}>")
        for key, value in attributes.items():
            local = key.rpartition(":")[2].lower()
            if local.startswith("on"):
                self.active.append(f"the attribute {key}")
            elif local == "href" and not value.strip().startswith(EMBEDDED):
                self.active.append(f"a link to {value[:60]}")
            elif LOADS.search(value) and local != "href":
                self.active.append(f"an attribute {key} that loads another file")

    def text(self, content: str) -> None:
        # Text of all elements, styles among them: a label about @import is refused too, rarely.
        if LOADS.search(content):
            self.active.append("a style that loads another file")

    def stop(self, what: str) -> None:
        self.active.append(what)
        raise ValueError(what)

    def entity(self, *_: object) -> None:
        self.stop("a document type with entities")


def read(data: bytes) -> Drawing:
    """Judge an SVG. Broken XML and entities are refused as well."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = reader.entity
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        return Drawing(f"broken XML in line {error.lineno}")
    except ValueError:
        pass
    return Drawing(reader.active[0] if reader.active else "", *reader.size)


def _size(attributes: dict[str, str]) -> tuple[int, int]:
    """Width and height in pixels, from the attributes or the view box; zeros when neither tells."""
    width, height = (PIXELS.fullmatch(attributes.get(name, "")) for name in ("width", "height"))
    if width and height:
        return int(width[1]), int(height[1])
    box = attributes.get("viewBox", "").replace(",", " ").split()
    numbers = [PIXELS.fullmatch(part) for part in box[2:4]]
    if len(numbers) == 2 and numbers[0] and numbers[1]:
        return int(numbers[0][1]), int(numbers[1][1])
    return 0, 0
