"""Pictures and documents that course text uses: checked once, named by their content."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from mooc.content import layers, vector
from mooc.content.listing import MAX_MEDIA
from mooc.content.model import MediaFile
from mooc.content.reading import File
from mooc.content.source import Tree

# Extension and how such a file begins.
PICTURES = {
    "png": (b"\x89PNG\r\n\x1a\n",), "jpg": (b"\xff\xd8\xff",), "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"), "webp": (b"RIFF",), "svg": (b"<",),
}  # fmt: skip
DOCUMENTS = {"pdf": (b"%PDF-",)}
LATER = {"mp4", "webm", "mp3", "ogg", "vtt"}


@dataclass(frozen=True)
class Picture:
    """A media file in use, with its size in pixels when the file tells."""

    media: MediaFile
    width: int = 0
    height: int = 0

    @property
    def address(self) -> str:
        """Where the site serves it."""
        return f"/media/{self.media.hash}.{self.media.extension}"


@dataclass(frozen=True)
class Refused:
    """Why a file cannot be shown."""

    code: str
    message: str
    fix: str


class Media:
    """The media files of one tree, read when first used."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._paths = frozenset(tree.paths())
        self._seen: dict[tuple[str, int], Picture | Refused] = {}
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
            file.problem(
                "M102", line, column, f"there is no file {path}", self._nearest(file, path)
            )
            return None
        if (path, len(kinds)) not in self._seen:
            self._seen[path, len(kinds)] = self._examine(path, kinds)
        found = self._seen[path, len(kinds)]
        if isinstance(found, Refused):
            file.problem(found.code, line, column, found.message, found.fix)
            return None
        self.files[path] = found.media
        self.loaders[found.media.hash] = partial(self._tree.read, path)
        return found

    def _nearest(self, file: File, path: str) -> str:
        name = posixpath.basename(path)
        near = [known for known in sorted(self._paths) if posixpath.basename(known) == name]
        if not near:
            return "Correct the path, or add the file."
        here = posixpath.dirname(layers.split(file.path)[1]) or "."
        return f"Did you mean {posixpath.relpath(layers.split(near[0])[1], here)}?"

    def _examine(self, path: str, kinds: dict[str, tuple[bytes, ...]]) -> Picture | Refused:
        extension = posixpath.splitext(path)[1].lstrip(".").lower()
        if extension in LATER:
            what = f"{path}: films and sounds cannot be shown yet"
            return Refused("M103", what, "Link to a picture, or leave it out.")
        if extension not in kinds:
            what = f"{path} is not of a kind that pages can show"
            return Refused("M103", what, f"Use {', '.join(kinds)}.")
        data = self._tree.read(path)
        if len(data) > MAX_MEDIA:
            return Refused("M105", f"{path} is larger than 20 MB", "Compress it, or leave it out.")
        start = data.lstrip(b"\xef\xbb\xbf \t\r\n") if extension == "svg" else data
        if not start.startswith(kinds[extension]):
            what = f"{path} is not what its name says: no {extension.upper()}"
            return Refused("M106", what, "Save it again in that format.")
        size = (0, 0)
        if extension == "svg":
            drawing = vector.read(data)
            size = (drawing.width, drawing.height)
            if drawing.active:
                fix = "Save it as a plain picture without scripts or links."
                return Refused("M104", f"{path} holds {drawing.active}", fix)
        elif extension == "png" and len(data) > 24:
            size = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
        digest = hashlib.sha256(data).hexdigest()
        extension = "jpg" if extension == "jpeg" else extension
        return Picture(MediaFile(path, digest, extension, len(data)), *size)
