"""The content roots that commands read: folders of MOOC_COURSES, at a commit or as they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mooc.cli.trouble import Trouble

if TYPE_CHECKING:
    from mooc.content.roots import Root
    from mooc.content.source import Folder, GitTree


def read_roots(
    names: Sequence[str], ref: str | None = None, *, worktree: bool = False
) -> list[Root]:
    """All roots. Raises Trouble for one that is not there.

    `ref` is a commit of the first root's repository; roots in other repositories are read at HEAD.
    """
    if worktree and ref:
        raise Trouble("Say either --ref or --worktree.")
    first = _repository(Path(names[0]))
    roots = []
    for name in names:
        same = _repository(Path(name)) == first
        roots.append(_root(name, ref if same else None, worktree=worktree))
    return roots


def _root(name: str, ref: str | None, *, worktree: bool) -> Root:
    from mooc.content.roots import Root
    from mooc.content.source import Folder

    folder = Path(name)
    tree: Folder | GitTree | None = None if worktree else committed(folder, ref or "HEAD")
    if tree is None and ref is not None:
        raise Trouble(f"There is no commit “{ref}” with the folder {folder}.")
    if tree is None:
        if not folder.is_dir():
            raise Trouble(f"There is no folder {folder}; name the courses with MOOC_COURSES.")
        tree = Folder(folder)
    return Root(name.rstrip("/"), tree, _prefix(folder))


def committed(folder: Path, ref: str) -> GitTree | None:
    """The folder at a commit of the repository around it, if there is one that holds courses."""
    from dulwich.errors import NotGitRepository

    from mooc.content.layers import HEADER
    from mooc.content.source import GitTree

    top, prefix = _repository(folder), _prefix(folder)
    if top is None or prefix is None:
        return None
    try:
        tree = GitTree(top, ref, prefix)
    except (NotGitRepository, KeyError, ValueError):
        return None
    return tree if tree.course_folders() or tree.folders_with(HEADER) else None


def _repository(folder: Path) -> Path | None:
    """The repository that holds a folder, whether or not the folder is in the work tree now."""
    from dulwich.errors import NotGitRepository
    from dulwich.repo import Repo

    try:
        with Repo.discover(str(folder.resolve())) as repository:
            return Path(repository.path).resolve()
    except (NotGitRepository, ValueError):
        return None


def _prefix(folder: Path) -> str | None:
    """A folder's path in its repository, empty for the top; None outside of any repository."""
    top = _repository(folder)
    if top is None or not folder.resolve().is_relative_to(top):
        return None
    under = folder.resolve().relative_to(top).as_posix()
    return "" if under == "." else under
