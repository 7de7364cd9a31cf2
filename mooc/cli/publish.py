"""`mooc publish`: make the courses of a commit live."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mooc.cli.trouble import Trouble

if TYPE_CHECKING:
    from flask import Flask

    from mooc.catalog.actions import Report
    from mooc.content.source import Folder, GitTree


@click.command(short_help="Publish the courses of a commit.")
@click.option("--ref", default=None, help="Commit, tag or branch; HEAD when not given.")
@click.option("--course", "course_id", default=None, help="Only the course with this id or folder.")
@click.option("--worktree", is_flag=True, help="Publish the files as they are, committed or not.")
def publish(ref: str | None, course_id: str | None, worktree: bool) -> None:
    """Check the courses in MOOC_COURSES at a commit and make them live.

    A course with errors keeps its last good release, and the others go on. Exits with 1 when
    any course was kept back.
    """
    from mooc.cli.check import echo_problem
    from mooc.cli.trouble import ready_app

    app = ready_app()
    root = _root(Path(app.extensions["mooc.settings"].courses), ref, worktree)
    kept = False
    count = 0
    for name, report in publish_all(app, root, course_id):
        count += 1
        kept |= report.outcome == "kept"
        words, colour = OUTCOMES[report.outcome]
        click.echo(f"{click.style(name, bold=True)} {click.style(words, fg=colour)}")
        for problem in report.problems:
            echo_problem(replace(problem, path=f"{name}/{problem.path}"))
    if not count:
        raise Trouble("No such course there." if course_id else "There is no course to publish.")
    sys.exit(1 if kept else 0)


OUTCOMES = {
    "published": ("is live now", "green"),
    "unchanged": ("is live already", None),
    "kept": ("has errors; its last good release stays live", "red"),
}


def publish_all(
    app: Flask, root: Folder | GitTree, course_id: str | None = None
) -> Iterator[tuple[str, Report]]:
    """Publish each course below a root in a transaction of its own: (folder or id, report)."""
    from mooc.catalog import actions
    from mooc.content.source import find_courses
    from mooc.db import db, utcnow

    folders = root.course_folders()
    for folder, tree in zip(folders, find_courses(root), strict=True):
        name = folder.rpartition("/")[2] or Path(app.extensions["mooc.settings"].courses).name
        if course_id not in (None, name, _id_of(tree)):
            continue
        now = utcnow()
        with app.app_context():
            report = actions.publish(
                tree,
                today=now.date(),
                now=now,
                actor_id=None,
                media_folder=app.extensions["mooc.settings"].var_path / "media",
            )
            db.session.commit()
        yield report.course_id or name, report


def _id_of(tree: Folder | GitTree) -> str:
    import re

    head = tree.read("course.md").decode("utf-8", "replace")[:4000]
    found = re.search(r"^id:\s*(\S+)", head, re.MULTILINE)
    return found[1] if found else ""


def _root(folder: Path, ref: str | None, worktree: bool) -> Folder | GitTree:
    if worktree and ref:
        raise Trouble("Say either --ref or --worktree.")
    if ref is not None:
        tree = committed(folder, ref)
        if tree is None:
            raise Trouble(f"There is no commit “{ref}” with the folder {folder}.")
        return tree
    return courses_root(folder, worktree=worktree)


def courses_root(folder: Path, *, worktree: bool = False) -> Folder | GitTree:
    """The courses at HEAD, or the files as they are where no commit holds them. Raises Trouble."""
    from mooc.content.source import Folder

    tree = None if worktree else committed(folder, "HEAD")
    if tree is not None:
        return tree
    if not folder.is_dir():
        raise Trouble(f"There is no folder {folder}; name the courses with MOOC_COURSES.")
    return Folder(folder)


def committed(folder: Path, ref: str) -> GitTree | None:
    """The folder at a commit of the repository around it, if there is one that holds courses."""
    from dulwich.errors import NotGitRepository
    from dulwich.repo import Repo

    from mooc.content.source import GitTree

    folder = folder.resolve()
    try:
        with Repo.discover(str(folder)) as repository:
            top = Path(repository.path).resolve()
        under = folder.relative_to(top).as_posix()
        tree = GitTree(top, ref, "" if under == "." else under)
    except (NotGitRepository, KeyError, ValueError):
        return None
    return tree if tree.course_folders() else None
