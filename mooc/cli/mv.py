"""`mooc mv`: a file or folder of a course under another path, and every link after it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mooc.cli.check import course_around, shown
from mooc.cli.trouble import Trouble

if TYPE_CHECKING:
    from mooc.content.moving import Move


@click.command(short_help="Move or rename files; links follow.")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def mv(old: Path, new: Path, dry_run: bool) -> None:
    """Move or rename OLD, a file or folder of a course, to NEW (or into NEW, if that is a folder).

    Translations, captions and transcripts move along. Every relative link in the course follows:
    in texts, pictures, the outline, draw lines, the cover. Ids stay, so that addresses and records
    do. Git sees a rename.
    """
    from mooc.content.moving import CannotMove, moved
    from mooc.content.source import Folder

    course = course_around(old)
    _refuse_links(course, old, new)
    if not old.exists():
        raise Trouble(f"There is no {old}.")
    try:
        move = moved(Folder(course), _inside(course, old), _inside(course, new))
    except CannotMove as reason:
        raise Trouble(str(reason)) from None
    for path in move.paths.values():
        if (course / path).exists() and path not in move.paths:
            raise Trouble(f"{shown(course / path)} is there already.")
    for before, after in move.paths.items():
        click.echo(f"{shown(course / before)} → {click.style(shown(course / after), fg='green')}")
    if not dry_run:
        _carry_out(course, move)
    files = len(move.edits)
    click.echo(
        f"{move.links} link{'' if move.links == 1 else 's'} in {files} "
        f"file{'' if files == 1 else 's'} {'would follow' if dry_run else 'followed'}."
    )


def _carry_out(course: Path, move: Move) -> None:
    """Rename, by way of names nobody has, then write; folders that became empty go."""
    aside = {old: course / f"{new}.moving" for old, new in move.paths.items() if old != new}
    for old, between in aside.items():
        between.parent.mkdir(parents=True, exist_ok=True)
        (course / old).rename(between)
    for old, between in aside.items():
        between.rename(course / move.paths[old])
    for path, data in move.edits.items():
        (course / path).write_bytes(data)
    for folder in {above for old in aside for above in (course / old).parents}:
        if course in folder.parents and folder.exists() and not any(folder.rglob("*")):
            shutil.rmtree(folder)


def _inside(course: Path, path: Path) -> str:
    """A path relative to the course. Raises Trouble for one outside of it."""
    try:
        return path.absolute().resolve().relative_to(course.resolve()).as_posix()
    except ValueError:
        raise Trouble(f"{path} lies outside of the course {shown(course)}.") from None


def _refuse_links(course: Path, *paths: Path) -> None:
    for path in paths:
        whole = path.absolute()
        for each in (whole, *whole.parents):
            if each == course.absolute():
                break
            if each.is_symlink():
                raise Trouble(f"{each.name} is a symbolic link; put a copy in its place first.")
