"""Where course files come from: a folder or a commit, never through links, never by checkout."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from dulwich.object_store import BaseObjectStore
from dulwich.objects import Blob, Commit, ObjectID
from dulwich.objects import Tree as GitObject
from dulwich.objectspec import parse_commit
from dulwich.repo import Repo

from mooc.content.listing import MAX_DEPTH, MAX_FILES, MAX_MEDIA, Listing
from mooc.content.model import Problem

ANCESTOR = re.compile(r"(?P<name>.+?)(?:\^|~(?P<steps>[0-9]{0,6}))")


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
        self._listing = Listing()
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
        return self.folders_with("course.md")

    def folders_with(self, name: str) -> list[str]:
        """Folders that hold a file of this name, "" being this one, none inside another."""
        found: list[str] = []
        for top, folders, files in os.walk(self.path):
            folders[:] = sorted(folder for folder in folders if not folder.startswith("."))
            if name in files:
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
            commit = commit_at(repo, revision)
            self.revision = commit.id.decode()
            root = _subtree(repo.object_store, commit.tree, under)
            self._hash = root.decode() if root else hashlib.sha256(b"").hexdigest()
            self._listing, self._blobs = Listing(), dict[str, ObjectID]()
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
        return self.folders_with("course.md")

    def folders_with(self, name: str) -> list[str]:
        """Folders that hold a file of this name, "" being this one, none inside another."""
        paths = (path for path in self.paths() if path.split("/")[-1] == name)
        tops = sorted({path[: -len(name)].rstrip("/") for path in paths})
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


def commit_at(repo: Repo, revision: str) -> Commit:
    """The commit of a name, with `^` or `~3` after it for those before. KeyError when unknown."""
    found = ANCESTOR.fullmatch(revision)
    if found is None:
        return parse_commit(repo, revision)
    commit = commit_at(repo, found["name"])
    for _step in range(min(int(found["steps"] or 1), 100_000)):
        if not commit.parents:
            raise KeyError(revision)
        commit = parse_commit(repo, commit.parents[0])
    return commit


def texts(tree: Tree) -> Callable[[str], str]:
    """The files of a tree as text, empty for those it does not have."""
    known = frozenset(tree.paths())
    return lambda path: tree.read(path).decode("utf-8", "replace") if path in known else ""


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
                    if path.count("/") < MAX_DEPTH:
                        pending.append(path)
                    else:
                        yield path, stat.S_IFREG, 0  # refused by name, as too deep
                    continue
                status = entry.stat(follow_symlinks=False)
                yield path, status.st_mode, status.st_size


def _subtree(store: BaseObjectStore, root: ObjectID, under: str) -> ObjectID | None:
    sha = root
    for part in under.strip("/").split("/") if under.strip("/") else ():
        tree = store[sha]
        entry = (
            next((e for e in tree.iteritems() if e.path == part.encode()), None)
            if isinstance(tree, GitObject)
            else None
        )
        if entry is None or not stat.S_ISDIR(entry.mode):
            return None
        sha = entry.sha
    return sha


def _entries(store: BaseObjectStore, root: ObjectID) -> Iterator[tuple[str, int, ObjectID]]:
    pending = [("", root)]
    while pending:
        folder, sha = pending.pop()
        tree = store[sha]
        if not isinstance(tree, GitObject):
            continue
        for entry in tree.iteritems():
            name = entry.path.decode("utf-8", "surrogateescape")
            if name.startswith(".") and name not in (".", ".."):
                continue
            path = f"{folder}/{name}" if folder else name
            if not stat.S_ISDIR(entry.mode):
                yield path, entry.mode, entry.sha
            elif path.count("/") < MAX_DEPTH:
                pending.append((path, entry.sha))
            else:
                yield path, stat.S_IFREG, entry.sha  # refused by name, as too deep


def _inside(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")
