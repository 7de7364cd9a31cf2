"""`mooc fmt`: course files in the one way in which everybody writes them."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mooc.cli.check import chosen_courses, default_folder, shown

if TYPE_CHECKING:
    from mooc.content.source import Folder


@click.command(short_help="Put course files into their canonical form.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; exit 1 if anything would change."
)
@click.option("--diff", "show", is_flag=True, help="Write nothing; show what would change.")
def fmt(paths: tuple[Path, ...], only_check: bool, show: bool) -> None:
    """Write the Markdown in PATHS as this project does (without any, MOOC_COURSES or courses/).

    Keys in the order of the guide, a blank line between blocks, hyphens before items, even tables
    and comments, no spaces at line ends. Lines stay where you broke them. What a course says never
    changes: a file for which that is not certain is left as it is, and named.
    """
    from mooc.content.source import Folder

    changed = refused = 0
    for folder, only in dict(chosen_courses(paths or (default_folder(),))).items():
        tree = Folder(folder)
        edits, reasons = _formatted(tree, folder, only)
        changed += len(edits)
        refused += len(reasons)
        for path, reason in sorted(reasons.items()):
            click.secho(f"{shown(folder / path)} left as it is: {reason}", fg="yellow")
        for path, data in sorted(edits.items()):
            _show(shown(folder / path), tree.read(path), data, show=show, writes=not only_check)
            if not (only_check or show):
                (folder / path).write_bytes(data)
    verb = "would change" if only_check or show else "changed"
    left = f", {refused} left as they are" if refused else ""
    click.echo(f"{changed or 'No'} file{'' if changed == 1 else 's'} {verb}{left}.")
    sys.exit(1 if only_check and changed else 0)


def _show(path: str, before: bytes, after: bytes, *, show: bool, writes: bool) -> None:
    if not show:
        click.echo(f"{path} {'formatted' if writes else 'would change'}")
        return
    old, new = (
        data.decode("utf-8", "replace").splitlines(keepends=True) for data in (before, after)
    )
    for line in difflib.unified_diff(old, new, path, path):
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[0])
        click.secho(line.rstrip("\r\n"), fg=colour)


def _formatted(
    tree: Folder, folder: Path, only: list[Path]
) -> tuple[dict[str, bytes], dict[str, str]]:
    """Files as they should be written, and files left alone with the reason why."""
    from mooc.content.canonical import canonical
    from mooc.content.rewriting import still_fresh
    from mooc.content.survey import is_text

    edits: dict[str, bytes] = {}
    reasons: dict[str, str] = {}
    for path in tree.paths():
        if not is_text(path) or (only and (folder / path).resolve() not in only):
            continue
        before = tree.read(path)
        after = canonical(path, before)
        if after.refused:
            reasons[path] = after.refused
        elif after.data != before:
            edits[path] = after.data
    for path in _guilty(tree, edits):
        reasons[path] = "the course would say something else"
        del edits[path]
    return still_fresh(tree, edits), reasons


def _guilty(tree: Folder, edits: dict[str, bytes]) -> list[str]:
    """The edits after which the course would not compile to the same."""
    from datetime import UTC, datetime

    from mooc.content.loader import load
    from mooc.content.rewriting import Changed, same, still_fresh

    today = datetime.now(UTC).date()
    before = load(tree, today) if edits else None

    def kept(some: dict[str, bytes]) -> bool:
        return before is None or same(before, load(Changed(tree, still_fresh(tree, some)), today))

    if kept(edits):
        return []
    return [path for path, data in edits.items() if not kept({path: data})] or list(edits)
