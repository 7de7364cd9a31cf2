"""Where course files come from: a folder or a commit, read only, never through links, never by checkout."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from dulwich.object_store import BaseObjectStore
from dulwich.objects import S_ISGITLINK, Blob
from dulwich.objects import Tree as GitObject
from dulwich.objectspec import parse_commit
from dulwich.repo import Repo

from mooc.content.model import Problem

MAX_FILES = 10_000
MAX_DEPTH = 20
MAX_TEXT = 512 * 1024
MAX_MEDIA = 20 * 1024 * 1024
DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}
# What reorders or hides text in a reviewer's eyes: bidi embeddings, overrides and isolates.
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Tree(Protocol):
    """The files of one course (or of several) at one moment. Paths use `/` and are relative."""

    @property
    def revision(self) -> str:
        """The commit in hex, or "worktree"."""

    @property
    def tree_hash(self) -> str:
        """The same for the same paths and contents, cheap enough to ask before every load."""

    def paths(self) -> Sequence[str]:
        """Every readable file, sorted; refused ones are left out and named by `problems`."""

    def read(self, path: str) -> bytes:
        """The bytes of one of `paths`. KeyError for any other path."""

    def problems(self) -> Sequence[Problem]:
        """What was refused, by name."""


class Folder:
    """A folder on disk, listed once when made. Hidden files are skipped, links never followed."""

    revision = "worktree"

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._listing = _Listing()
        for name, mode, size in _walk(self.path):
            self._listing.add(name, mode, size)
        self._listing.finish()

    @property
    def tree_hash(self) -> str:
        """SHA-256 over all paths and contents."""
        digest = hashlib.sha256()
        for path in self.paths():
            digest.update(path.encode() + b"\0" + hashlib.sha256(self.read(path)).digest())
        return digest.hexdigest()

    def paths(self) -> Sequence[str]:
        return self._listing.paths

    def read(self, path: str) -> bytes:
        if path not in self._listing.known:
            raise KeyError(path)
        try:
            # Between listing and reading a file may have become a link: never follow it.
            handle = os.open(self.path / path, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError as error:
            raise KeyError(path) from error
        with os.fdopen(handle, "rb") as file:
            return file.read(MAX_MEDIA + 1)

    def problems(self) -> Sequence[Problem]:
        return self._listing.problems

    def course_folders(self) -> list[str]:
        """Folders that hold a course.md, "" being this one. A course holds no other course."""
        found: list[str] = []
        for top, folders, files in os.walk(self.path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            if "course.md" in files:
                found.append(
                    "" if Path(top) == self.path else Path(top).relative_to(self.path).as_posix()
                )
                folders.clear()
        return found

    def under(self, folder: str) -> Folder:
        """The part of this folder below `folder`."""
        return Folder(self.path / folder)


class GitTree:
    """A folder of one commit, read from the object store: no work tree, no hooks, no filters.

    KeyError when the revision is unknown; a folder the commit does not have is an empty tree.
    """

    def __init__(self, repository: Path | str, revision: str = "HEAD", under: str = "") -> None:
        self.repository = Path(repository)
        with Repo(str(self.repository)) as repo:
            commit = parse_commit(repo, revision)
            self.revision = commit.id.decode()
            root = _subtree(repo.object_store, commit.tree, under)
            self._hash = root.decode() if root else hashlib.sha256(b"").hexdigest()
            self._listing, self._blobs = _Listing(), dict[str, bytes]()
            for name, mode, sha in _entries(repo.object_store, root) if root else ():
                if self._listing.add(name, mode, 0):
                    self._blobs[name] = sha
            self._listing.finish()
        self._under = under.strip("/")

    @property
    def tree_hash(self) -> str:
        """The id git gives the tree."""
        return self._hash

    def paths(self) -> Sequence[str]:
        return self._listing.paths

    def read(self, path: str) -> bytes:
        with Repo(str(self.repository)) as repo:
            blob = repo.object_store[self._blobs[path]]
            if not isinstance(blob, Blob):
                raise KeyError(path)
            return blob.data

    def problems(self) -> Sequence[Problem]:
        return self._listing.problems

    def course_folders(self) -> list[str]:
        """Folders that hold a course.md, "" being this one. A course holds no other course."""
        tops = sorted(
            {
                p[: -len("course.md")].rstrip("/")
                for p in self.paths()
                if p.split("/")[-1] == "course.md"
            }
        )
        return [
            top for top in tops if not any(top != other and _inside(top, other) for other in tops)
        ]

    def under(self, folder: str) -> GitTree:
        """The part of this tree below `folder`, at the same commit."""
        return GitTree(self.repository, self.revision, f"{self._under}/{folder}".strip("/"))


def find_courses(root: Folder | GitTree | Path | str) -> list[Folder | GitTree]:
    """The courses below a root, by folder name: every folder that holds a `course.md`."""
    tree = Folder(root) if isinstance(root, (str, Path)) else root
    return [tree.under(folder) if folder else tree for folder in tree.course_folders()]


courses_in = find_courses


def text_problems(path: str, text: str) -> Iterator[Problem]:
    """Control and bidi-override characters in a decoded text, each named with its place."""
    for number, line in enumerate(text.split("\n"), 1):
        for column, character in enumerate(line, 1):
            if (
                character in BIDI
                or (character < " " and character != "\t")
                or "\x7f" <= character < "\xa0"
            ):
                yield Problem(
                    path,
                    number,
                    column,
                    "E247",
                    f"{_named(character)} is not allowed in course text",
                    "Delete it: it can hide from a reviewer what a learner will read.",
                    _shown(line),
                )


class _Listing:
    """Paths that passed the rules for names, and the problems of those that did not."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.known: frozenset[str] = frozenset()
        self.problems: list[Problem] = []
        self._folded: dict[str, str] = {}

    def add(self, path: str, mode: int, size: int) -> bool:
        """Accept a path, or say why not."""
        problem = _kind_problem(path, mode) or _name_problem(path) or _size_problem(path, size)
        folded = unicodedata.normalize("NFC", path).casefold()
        if problem is None and folded in self._folded:
            problem = Problem(
                path,
                1,
                1,
                "E243",
                f"differs from {_shown(self._folded[folded])} only in letter case or accents",
                "Rename one of them: some computers take both for one file.",
            )
        if problem is not None:
            self.problems.append(problem)
            return False
        self._folded[folded] = path
        self.paths.append(path)
        return True

    def finish(self) -> None:
        """Sort, and refuse what is beyond the number of files."""
        self.paths.sort()
        if len(self.paths) > MAX_FILES:
            self.problems.append(
                Problem(
                    self.paths[MAX_FILES],
                    1,
                    1,
                    "E244",
                    f"more than {MAX_FILES:,} files",
                    "Split the course, or keep what learners do not see elsewhere.",
                )
            )
            del self.paths[MAX_FILES:]
        self.known = frozenset(self.paths)


def _kind_problem(path: str, mode: int) -> Problem | None:
    if stat.S_ISLNK(mode):
        return Problem(
            _shown(path), 1, 1, "E240", "is a symbolic link", "Put a copy of the file in its place."
        )
    if S_ISGITLINK(mode):
        return Problem(
            _shown(path), 1, 1, "E241", "is a git submodule", "Copy the files into this repository."
        )
    if not stat.S_ISREG(mode):
        return Problem(_shown(path), 1, 1, "E242", "is not a regular file", "Delete it.")
    return None


def _name_problem(path: str) -> Problem | None:
    def refuse(why: str) -> Problem:
        return Problem(_shown(path), 1, 1, "E242", why, "Rename the file.")

    parts = path.split("/")
    for character in path:
        if character in BIDI or character < " " or "\x7f" <= character < "\xa0":
            return refuse(f"has {_named(character)} in its name")
        if "\ud800" <= character <= "\udfff":
            return refuse("has a name that is not UTF-8")
    if path.startswith("/") or "\\" in path or ":" in path:
        return refuse("has a name with \\ or :, or an absolute one")
    if any(part in ("", ".", "..") for part in parts):
        return refuse("has . or .. in its path")
    if any(part.split(".")[0].casefold() in DEVICES for part in parts):
        return refuse("has a name that Windows keeps for a device")
    if len(parts) > MAX_DEPTH:
        return refuse(f"lies deeper than {MAX_DEPTH} folders")
    return None


def _size_problem(path: str, size: int) -> Problem | None:
    limit = MAX_TEXT if path.endswith(".md") else MAX_MEDIA
    if size <= limit:
        return None
    return Problem(
        path,
        1,
        1,
        "E246",
        f"holds {size:,} bytes; the limit is {limit:,}",
        "Split it." if path.endswith(".md") else "Compress it, or leave it out.",
    )


def size_problem(path: str, data: bytes) -> Problem | None:
    """Whether a file is over its limit: 512 KiB for text, 20 MiB for all else."""
    return _size_problem(path, len(data))


def _walk(root: Path) -> Iterator[tuple[str, int, int]]:
    """(path, mode, size) of everything that is not a folder; bounded, so a wrong root ends soon."""
    pending, seen = [""], 0
    while pending and seen <= MAX_FILES * 2:
        folder = pending.pop()
        with os.scandir(root / folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                path = f"{folder}/{entry.name}" if folder else entry.name
                seen += 1
                if entry.is_dir(follow_symlinks=False):
                    if path.count("/") <= MAX_DEPTH:
                        pending.append(path)
                    continue
                status = entry.stat(follow_symlinks=False)
                yield path, status.st_mode, status.st_size


def _subtree(store: BaseObjectStore, root: bytes, under: str) -> bytes | None:
    sha = root
    for part in under.strip("/").split("/") if under.strip("/") else ():
        tree = store[sha]  # type: ignore[index]
        entry = (
            next((e for e in tree.iteritems() if e.path == part.encode()), None)
            if isinstance(tree, GitObject)
            else None
        )
        if entry is None or not stat.S_ISDIR(entry.mode):
            return None
        sha = entry.sha
    return sha


def _entries(store: BaseObjectStore, root: bytes) -> Iterator[tuple[str, int, bytes]]:
    pending = [("", root)]
    while pending:
        folder, sha = pending.pop()
        tree = store[sha]  # type: ignore[index]
        if not isinstance(tree, GitObject):
            continue
        for entry in tree.iteritems():
            name = entry.path.decode("utf-8", "surrogateescape")
            if name.startswith(".") and name not in (".", ".."):
                continue
            path = f"{folder}/{name}" if folder else name
            if stat.S_ISDIR(entry.mode):
                if path.count("/") <= MAX_DEPTH:
                    pending.append((path, entry.sha))
            else:
                yield path, entry.mode, entry.sha


def _inside(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")


def _named(character: str) -> str:
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'a control character').lower()})"


def _shown(text: str) -> str:
    """A name or line with everything invisible made visible, so that a report cannot lie."""
    return "".join(c if c.isprintable() or c == "\t" else f"\\u{ord(c):04x}" for c in text)
