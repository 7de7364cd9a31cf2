"""What a git hook runs before a commit: the check of the courses it touches, as they are staged."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dulwich.errors import NotGitRepository
from dulwich.index import ConflictedIndexEntry, Index
from dulwich.objects import Blob, ObjectID
from dulwich.repo import Repo

from mooc.cli.trouble import Trouble
from mooc.content.listing import Listing
from mooc.content.model import Problem

SCRIPT = """\
#!/bin/sh
# Checks the courses that a commit touches. Written by `mooc new hook`; delete it at will.
# `git commit --no-verify` commits without it.
if [ ! -x {python} ]; then
    echo "mooc is not where it was, so the courses were not checked: run mooc new hook again." >&2
    exit 0
fi
exec {python} -P -m mooc.cli.hook
"""


def script() -> str:
    """The hook's text: it runs the program that writes it."""
    return SCRIPT.format(python=shlex.quote(sys.executable))


def hook_path(top: Path) -> Path:
    """Where the hook of a repository belongs."""
    with Repo(str(top)) as repository:
        try:
            said = repository.get_config_stack().get(("core",), "hooksPath").decode()
        except KeyError:
            return Path(os.fsdecode(repository.commondir())) / "hooks" / "pre-commit"
    return top / Path(said).expanduser() / "pre-commit"


def repository(folder: Path) -> Path:
    """The top of the repository around a folder. Raises Trouble."""
    try:
        with Repo.discover(str(folder)) as found:
            return Path(os.fsdecode(found.path)).resolve()
    except NotGitRepository:
        raise Trouble("This folder is in no git repository; begin one with git init.") from None


class Staged:
    """A folder as the next commit will hold it."""

    revision = "staged"

    def __init__(
        self, repository: Repo, blobs: dict[str, tuple[int, ObjectID]], under: str
    ) -> None:
        self._repository = repository
        self._listing, self._blobs = Listing(), dict[str, ObjectID]()
        for path, (mode, sha) in blobs.items():
            if path.startswith(under) and self._listing.add(path[len(under) :], mode, 0):
                self._blobs[path[len(under) :]] = sha
        self._listing.finish()

    @property
    def tree_hash(self) -> str:
        """The ids of all files, which is as good as their contents."""
        return repr(sorted(self._blobs.items()))

    def paths(self) -> Sequence[str]:
        return self._listing.paths

    def read(self, path: str) -> bytes:
        blob = self._repository.object_store[self._blobs[path]]
        if not isinstance(blob, Blob):
            raise KeyError(path)
        return blob.data

    def problems(self) -> Sequence[Problem]:
        return self._listing.problems


def touched(repository: Repo) -> Iterator[tuple[str, Staged]]:
    """(folder with a slash, or "") of each course that the staged change touches."""
    index = Index(os.environ.get("GIT_INDEX_FILE") or repository.index_path())
    try:
        head = repository[repository.head()].tree  # type: ignore[attr-defined]
    except KeyError:
        head = None
    blobs = {
        os.fsdecode(path): (entry.mode, entry.sha)
        for path, entry in index.items()
        if not isinstance(entry, ConflictedIndexEntry)
    }
    changed = [
        os.fsdecode(path)
        for paths, _modes, _shas in index.changes_from_tree(repository.object_store, head)
        for path in paths
        if path
    ]
    for path in sorted(blobs):
        folder, _, name = path.rpartition("/")
        under = f"{folder}/" if folder else ""
        if name == "course.md" and any(each.startswith(under) for each in changed):
            yield under, Staged(repository, blobs, under)


def main() -> int:
    """Check what is staged; 1 when there is an error, which keeps git from committing."""
    from mooc.cli.check import report_text
    from mooc.content.check import check

    today = datetime.now(UTC).date()
    problems: list[Problem] = []
    count = 0
    with Repo.discover(".") as repository:
        for under, tree in touched(repository):
            count += 1
            problems += [replace(p, path=under + p.path) for p in check(tree, today)]
    if count:
        report_text(problems, count)
    return int(any(problem.severity == "error" for problem in problems))


if __name__ == "__main__":
    sys.exit(main())
