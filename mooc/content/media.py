"""Pictures and documents that course text uses: checked once, named by their content."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from mooc.content import layers, pixels, vector
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
FILMS = {"mp4": (b"ftyp",), "webm": (b"\x1aE\xdf\xa3",)}
SOUNDS = {"mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"), "ogg": (b"OggS",)}
RECORDINGS = {**FILMS, **SOUNDS}
CAPTIONS: dict[str, tuple[bytes, ...]] = {"vtt": (b"",)}  # what is in them is judged line by line


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


Kinds = dict[str, tuple[bytes, ...]]
Asked = tuple[str, Kinds | None, Picture | Refused | str]  # path, what it may be, what it was


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Media:
    """The media files of one tree, read when first used."""

    def __init__(self, tree: Tree, language: str = "en") -> None:
        self._tree = tree
        self.language = language  # of the course
        self._paths = frozenset(tree.paths())
        self._seen: dict[tuple[str, ...], Picture | Refused] = {}
        self.files: dict[str, MediaFile] = {}
        self.loaders: dict[str, Callable[[], bytes]] = {}
        self.asked: list[Asked] = []  # what the file at hand used

    def repeat(self, asked: Sequence[Asked]) -> bool:
        """Use again what a file used before; False when one of them is no longer the same."""
        for path, kinds, before in asked:
            if path not in self._paths:
                return False
            now = self._found(path, kinds) if kinds is not None else _digest(self._tree.read(path))
            if now != before:
                return False
        return True

    def exists(self, path: str) -> bool:
        """Whether the tree holds such a file."""
        return path in self._paths

    def picture(self, file: File, path: str, line: int, column: int) -> Picture | None:
        """A picture by path; None after reporting what is wrong with it."""
        return self._use(file, path, line, column, PICTURES)

    def document(self, file: File, path: str, line: int, column: int) -> Picture | None:
        """A file to download by path; None after reporting what is wrong with it."""
        return self._use(file, path, line, column, {**PICTURES, **DOCUMENTS})

    def recording(self, file: File, path: str, line: int, column: int) -> Picture | None:
        """A film or a sound by path; None after reporting what is wrong with it."""
        return self._use(file, path, line, column, RECORDINGS)

    def captions(self, file: File, path: str, line: int, column: int) -> Picture | None:
        """A file of captions by path; None after reporting what is wrong with it."""
        return self._use(file, path, line, column, CAPTIONS)

    def read(self, path: str) -> bytes:
        """The bytes of a file that exists."""
        data = self._tree.read(path)
        self.asked.append((path, None, _digest(data)))
        return data

    def beside(self, stem: str, ending: str) -> list[str]:
        """The files `stem….ending` in its folder, such as translations of captions."""
        return sorted(
            path
            for path in self._paths
            if path.startswith(stem + ".")
            and path.endswith(ending)
            and "/" not in path[len(stem) :]
        )

    def _use(
        self, file: File, path: str, line: int, column: int, kinds: dict[str, tuple[bytes, ...]]
    ) -> Picture | None:
        if path not in self._paths:
            file.problem(
                "M102", line, column, f"there is no file {path}", self._nearest(file, path)
            )
            return None
        found = self._found(path, kinds)
        self.asked.append((path, kinds, found))
        if isinstance(found, Refused):
            file.problem(found.code, line, column, found.message, found.fix)
            return None
        return found

    def _found(self, path: str, kinds: Kinds) -> Picture | Refused:
        """A file of the tree, examined once and noted as used."""
        key = (path, *kinds)
        if key not in self._seen:
            self._seen[key] = self._examine(path, kinds)
        found = self._seen[key]
        if isinstance(found, Picture):
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
        if extension not in kinds:
            what = f"{path} is not of a kind that can stand here"
            fix = "Show it: ![what it shows](file)." if extension in RECORDINGS else ""
            return Refused("M103", what, fix or f"Use {', '.join(kinds)}.")
        data = self._tree.read(path)
        if len(data) > MAX_MEDIA:
            return Refused("M105", f"{path} is larger than 20 MB", "Compress it, or leave it out.")
        start = data.lstrip(b"\xef\xbb\xbf \t\r\n") if extension == "svg" else data
        start = start[4:] if extension == "mp4" else start  # a length comes first
        if not start.startswith(kinds[extension]):
            what = f"{path} is not what its name says: no {extension.upper()}"
            return Refused("M106", what, "Save it again in that format.")
        if extension == "svg":
            drawing = vector.read(data)
            size = (drawing.width, drawing.height)
            if drawing.active:
                fix = "Save it as a plain picture without scripts or links."
                return Refused("M104", f"{path} holds {drawing.active}", fix)
        else:
            size = pixels.size(extension, data)
            if size[0] * size[1] > pixels.MOST_PIXELS:
                what = f"{path} has {size[0]:,} × {size[1]:,} pixels; the limit is 40 million"
                return Refused("M112", what, "Make it smaller: 2,000 pixels across are plenty.")
        digest = hashlib.sha256(data).hexdigest()
        extension = "jpg" if extension == "jpeg" else extension
        return Picture(MediaFile(path, digest, extension, len(data)), *size)
