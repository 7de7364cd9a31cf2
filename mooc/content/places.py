"""The content roots that a site names: folders or bare repositories, at a commit or as they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dulwich.errors import NotGitRepository
from dulwich.repo import Repo

from mooc.content.layers import HEADER
from mooc.content.roots import Root
from mooc.content.source import Folder, GitTree


class NoRoot(Exception):
    """A content root cannot be read. The message is one sentence for the operator."""


def read_roots(
    names: Sequence[str], ref: str | None = None, *, worktree: bool = False
) -> list[Root]:
    """All roots. Raises NoRoot for one that is not there.

    `ref` is a commit of the first root's repository; roots in other repositories are read at HEAD.
    """
    if worktree and ref:
        raise NoRoot("Say either --ref or --worktree.")
    first = _repository(Path(names[0]))
    roots = []
    for name in names:
        same = _repository(Path(name)) == first
        roots.append(_root(name, ref if same else None, worktree=worktree))
    return roots


def _root(name: str, ref: str | None, *, worktree: bool) -> Root:
    folder = Path(name)
    tree: Folder | GitTree | None = None if worktree else committed(folder, ref or "HEAD")
    if tree is None and ref is not None:
        raise NoRoot(f"There is no commit “{ref}” with the folder {folder}.")
    if tree is None:
        if _is_bare(folder):
            raise NoRoot(f"The repository {folder} holds no course at HEAD; is it fetched?")
        if not folder.is_dir():
            raise NoRoot(f"There is no folder {folder}; name the courses with MOOC_COURSES.")
        tree = Folder(folder)
    return Root(name.rstrip("/"), tree, _prefix(folder))


def committed(folder: Path, ref: str) -> GitTree | None:
    """The folder at a commit of the repository around it, if there is one that holds courses."""
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
    try:
        with Repo.discover(str(folder.resolve())) as repository:
            return Path(repository.path).resolve()
    except (NotGitRepository, ValueError):
        return None


def _is_bare(folder: Path) -> bool:
    """Whether a folder is the inside of a repository, which holds no files of ours."""
    top = _repository(folder)
    if top is None or folder.resolve() != top:
        return False
    with Repo(str(top)) as repository:
        return repository.bare


def _prefix(folder: Path) -> str | None:
    """A folder's path in its repository, empty for the top; None outside of any repository."""
    top = _repository(folder)
    if top is None or not folder.resolve().is_relative_to(top):
        return None
    under = folder.resolve().relative_to(top).as_posix()
    return "" if under == "." else under
