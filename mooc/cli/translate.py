"""`mooc translate`: which translations are missing or stale, and marking those that are not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mooc.cli.trouble import Trouble

if TYPE_CHECKING:
    from mooc.content.translations import State

COLOURS = {"fresh": "green", "stale": "yellow", "unmarked": "yellow", "missing": "red"}


@click.command(short_help="See how translations stand, and mark them as up to date.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--status", is_flag=True, help="List each file: fresh, stale, unmarked or missing.")
@click.option(
    "--mark", is_flag=True, help="Note in each translation from which version it was made."
)
@click.option(
    "--language", "languages", multiple=True, help="With --status: a language, even a new one."
)
def translate(
    paths: tuple[Path, ...], status: bool, mark: bool, languages: tuple[str, ...]
) -> None:
    """See how the translations in PATHS stand (courses or files; without any, MOOC_COURSES).

    A translation is a file name.<language>.md beside name.md. --mark writes the line source: into
    its header, git's id of the file it was made from, so that it is known when that was changed:
    run it on a translation that you have just brought up to date.
    """
    from mooc.cli.check import chosen_courses, default_folder

    if status == mark:
        raise Trouble("Say what to do: --status, or --mark.")
    for folder, only in dict(chosen_courses(paths or (default_folder(),))).items():
        if mark:
            _mark(folder, only)
        else:
            _report(folder, only, languages)


def _mark(folder: Path, only: list[Path]) -> None:
    from mooc.cli.check import shown
    from mooc.content.source import Folder
    from mooc.content.staleness import marked
    from mooc.content.translations import sources

    tree = Folder(folder)
    known = [row for row in sources(tree) if not only or (folder / row[0]).resolve() in only]
    if len(known) < len(only):
        raise Trouble("One of these files is no translation: those are name.<language>.md.")
    changed = 0
    for path, _language, source in known:
        before = tree.read(path)
        try:
            after = marked(before, tree.read(source))
        except ValueError as error:
            raise Trouble(
                f"{shown(folder / path)}: {error}. Close it with three hyphens."
            ) from None
        if after != before:
            (folder / path).write_bytes(after)
            click.echo(f"{shown(folder / path)} marked")
            changed += 1
    click.echo(f"{shown(folder)}: {changed} of {len(known)} translations marked anew.")


def _report(folder: Path, only: list[Path], languages: tuple[str, ...]) -> None:
    from mooc.cli.check import shown
    from mooc.content.source import Folder
    from mooc.content.translations import standing

    rows = standing(Folder(folder), languages)
    rows = {path: row for path, row in rows.items() if not only or _asked(folder, path, only)}
    click.secho(shown(folder), bold=True)
    spoken = list(next(iter(rows.values()), {}))
    if not spoken:
        click.echo("  There is no translation yet. To begin, copy name.md to name.<language>.md.")
        return
    width = max(len(path) for path in rows)
    click.secho(_row("", [(language, None) for language in spoken], width), dim=True)
    for path, row in rows.items():
        click.echo(_row(path, [(row[name], COLOURS[row[name]]) for name in spoken], width))
    for language in spoken:
        click.echo(_sum(language, [row[language] for row in rows.values()]))


def _asked(folder: Path, path: str, only: list[Path]) -> bool:
    """Whether a source, or a translation of it, is among the files named."""
    stem = path.removesuffix(".md")
    files = {file.relative_to(folder.resolve()).as_posix() for file in only}
    return any(file == path or file.startswith(stem + ".") for file in files)


def _row(path: str, cells: list[tuple[str, str | None]], width: int) -> str:
    words = (click.style(f"{text:<10}", fg=colour) for text, colour in cells)
    return f"  {path:<{width}}  {''.join(words)}".rstrip()


def _sum(language: str, states: list[State]) -> str:
    counted = {state: states.count(state) for state in COLOURS if state in states}
    parts = ", ".join(f"{number} {state}" for state, number in counted.items())
    return f"  {language}: {parts} of {len(states)} files."
