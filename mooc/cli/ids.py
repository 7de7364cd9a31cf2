"""`mooc ids`: the ids and keys that are missing in course files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mooc.cli.check import chosen_courses, default_folder, shown

if TYPE_CHECKING:
    from mooc.content.identify import Added


@click.command(short_help="Add the ids and keys that are missing.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would be added.")
@click.option(
    "--fresh", is_flag=True, help="Nothing here was ever answered: short keys throughout."
)
def ids(paths: tuple[Path, ...], dry_run: bool, fresh: bool) -> None:
    """Add what is missing in PATHS: ids of questions, modules and terms, keys of options.

    What is there is never changed. Options of new questions get the keys a, b, c. Those of a
    question in the last commit get the key that recorded answers know them by already, t-…, so
    that no answer changes its meaning. Without git, every question counts as recorded.
    """
    from mooc.content import identify, naming
    from mooc.content.rewriting import still_fresh
    from mooc.content.source import Folder

    count = 0
    for folder, only in dict(chosen_courses(paths or (default_folder(),))).items():
        tree = Folder(folder)
        recorded = frozenset[str]() if fresh else _recorded(folder)
        known = identify.Known(naming.question_ids(tree), recorded)
        edits: dict[str, bytes] = {}
        for path, added, data in identify.course(tree, known):
            if only and (folder / path).resolve() not in only:
                continue
            count += len(added)
            _report(shown(folder / path), added)
            edits[path] = data
        if not dry_run:
            for path, data in still_fresh(tree, edits).items():
                (folder / path).write_bytes(data)
    verb = "would be added" if dry_run else "added"
    click.echo(f"{count} {verb}." if count else "Nothing is missing.")


def _report(path: str, added: list[Added]) -> None:
    for each in added:
        place = click.style(f"{path}:{each.line}:", bold=True)
        click.echo(f"{place} {each.what} {click.style(each.id, fg='green')}")


def _recorded(folder: Path) -> frozenset[str] | None:
    """The questions of the last commit; None outside of git, where nobody can know."""
    from dulwich.errors import NotGitRepository
    from dulwich.repo import Repo

    from mooc.content import naming
    from mooc.content.source import GitTree

    try:
        with Repo.discover(str(folder.resolve())) as repository:
            top = Path(repository.path).resolve()
    except NotGitRepository:
        return None
    try:
        under = folder.resolve().relative_to(top).as_posix()
        return frozenset(naming.question_ids(GitTree(top, "HEAD", "" if under == "." else under)))
    except KeyError:  # no commit yet
        return frozenset()
