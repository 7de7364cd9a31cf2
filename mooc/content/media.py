"""Pictures and documents that course text uses: checked once, named by their content."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from xml.parsers import expat

from mooc.content.model import MediaFile
from mooc.content.reading import File
from mooc.content.source import MAX_MEDIA, Tree

# Extension and how such a file begins.
PICTURES = {
    "png": (b"\x89PNG\r\n\x1a\n",), "jpg": (b"\xff\xd8\xff",), "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"), "webp": (b"RIFF",), "svg": (b"<",),
}  # fmt: skip
DOCUMENTS = {"pdf": (b"%PDF-",)}
LATER = {"mp4", "webm", "mp3", "ogg", "vtt"}
ACTIVE_ELEMENTS = {
    "script",
    "foreignobject",
    "iframe",
    "object",
    "embed",
    "handler",
    "listener",
    "set",
    "animate",
}
MAX_SVG_ELEMENTS = 20_000


@dataclass(frozen=True)
class Picture:
    """A media file in use: where it is served, and its size in pixels when the file tells."""

    address: str
    width: int = 0
    height: int = 0


class Media:
    """The media files of one tree, read when first used."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._paths = frozenset(tree.paths())
        self._seen: dict[str, tuple[MediaFile, Picture] | tuple[str, str, str]] = {}
        self.files: dict[str, MediaFile] = {}
        self.loaders: dict[str, Callable[[], bytes]] = {}

    def exists(self, path: str) -> bool:
        """Whether the tree holds such a file."""
        return path in self._paths

    def picture(self, file: File, path: str, line: int, column: int) -> Picture | None:
        """A picture by path; None after reporting what is wrong with it."""
        return self._use(file, path, line, column, PICTURES)

    def document(self, file: File, path: str, line: int, column: int) -> Picture | None:
        """A file to download by path; None after reporting what is wrong with it."""
        return self._use(file, path, line, column, {**PICTURES, **DOCUMENTS})

    def _use(
        self, file: File, path: str, line: int, column: int, kinds: dict[str, tuple[bytes, ...]]
    ) -> Picture | None:
        if path not in self._paths:
            near = [
                p for p in sorted(self._paths) if posixpath.basename(p) == posixpath.basename(path)
            ]
            fix = "Correct the path, or add the file."
            if near:
                fix = f"Did you mean {posixpath.relpath(near[0], posixpath.dirname(file.path) or '.')}?"
            file.problem("M102", line, column, f"there is no file {path}", fix)
            return None
        if path not in self._seen:
            self._seen[path] = self._examine(path, kinds)
        found = self._seen[path]
        if isinstance(found[0], str):
            code, message, fix = found  # type: ignore[misc]
            file.problem(code, line, column, str(message), fix)
            return None
        media, picture = found  # type: ignore[misc]
        self.files[path] = media
        self.loaders[media.hash] = partial(self._tree.read, path)
        return picture  # type: ignore[return-value]

    def _examine(
        self, path: str, kinds: dict[str, tuple[bytes, ...]]
    ) -> tuple[MediaFile, Picture] | tuple[str, str, str]:
        extension = posixpath.splitext(path)[1].lstrip(".").lower()
        if extension in LATER:
            return (
                "M103",
                f"{path}: films and sounds cannot be shown yet",
                "Link to a picture, or leave it out.",
            )
        if extension not in kinds:
            return (
                "M103",
                f"{path} is not of a kind that pages can show",
                f"Use {', '.join(kinds)}.",
            )
        data = self._tree.read(path)
        if len(data) > MAX_MEDIA:
            return "M105", f"{path} is larger than 20 MB", "Compress it, or leave it out."
        text = data.lstrip(b"\xef\xbb\xbf \t\r\n") if extension == "svg" else data
        if not text.startswith(kinds[extension]):
            return (
                "M106",
                f"{path} is not what its name says: no {extension.upper()}",
                "Save it again in that format.",
            )
        size = (0, 0)
        if extension == "svg":
            active, size = _svg(data)
            if active:
                return (
                    "M104",
                    f"{path} holds {active}",
                    "Save it as a plain picture without scripts or links.",
                )
        elif extension == "png" and len(data) > 24:
            size = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
        digest = hashlib.sha256(data).hexdigest()
        extension = "jpg" if extension == "jpeg" else extension
        return (
            MediaFile(path, digest, extension, len(data)),
            Picture(f"/media/{digest}.{extension}", *size),
        )


def _svg(data: bytes) -> tuple[str, tuple[int, int]]:
    """(what is active in an SVG or "", its size). A closed list: a picture needs none of it."""
    found: list[str] = []
    size = [0, 0]
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count == 1:
            size[:] = _svg_size(attributes)
        if count > MAX_SVG_ELEMENTS:
            found.append(f"more than {MAX_SVG_ELEMENTS:,} elements")
            raise ValueError
        if name.rpartition(":")[2].lower() in ACTIVE_ELEMENTS:
            found.append(f"<{name}>")
        for key, value in attributes.items():
            if key.lower().startswith("on"):
                found.append(f"the attribute {key}")
            elif key.lower().rpartition(":")[2] == "href" and not value.lstrip().startswith(
                ("#", "data:image/png", "data:image/jpeg")
            ):
                found.append(f"a link to {value[:60]}")
            elif "url(" in value.replace("url(#", "").replace('url("#', "").replace("url('#", ""):
                found.append("a style that loads another file")

    def refuse(*_: object) -> None:
        found.append("a document type with entities")
        raise ValueError

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        return f"broken XML (line {error.lineno})", (0, 0)
    except ValueError:
        pass
    return (found[0] if found else ""), (size[0], size[1])


def _svg_size(attributes: dict[str, str]) -> list[int]:
    width, height = (
        re.fullmatch(r"(\d{1,5})(\.\d+)?(px)?", attributes.get(n, "")) for n in ("width", "height")
    )
    if width and height:
        return [int(width[1]), int(height[1])]
    box = attributes.get("viewBox", "").replace(",", " ").split()
    if len(box) == 4:
        try:
            return [
                min(max(round(float(box[2])), 0), 99_999),
                min(max(round(float(box[3])), 0), 99_999),
            ]
        except (ValueError, OverflowError):
            pass
    return [0, 0]
