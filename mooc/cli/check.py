"""`mooc check`: every problem of course files, with its place and its fix. No web, no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mooc.cli.trouble import Trouble

if TYPE_CHECKING:
    from mooc.content.model import Problem
    from mooc.content.roots import Found

COLOURS = {"error": "red", "warning": "yellow"}


@click.command(short_help="Check course files and say what to fix.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github", "gitlab"]),
    default="text",
    help="For people, for programs, or as a git host shows it at the lines of a change.",
)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--no-cache", is_flag=True, help="Read every file anew, and remember nothing.")
def check(paths: tuple[Path, ...], style: str, strict: bool, no_cache: bool) -> None:
    """Check the courses in PATHS (folders or single files; without any, MOOC_COURSES or courses/).

    Several folders are content roots in their order: later ones may hold overlays of the courses
    in earlier ones.

    Reports every problem as path:line:col: CODE message, with the line itself and how to fix it.
    Exits with 1 when there is an error.
    """
    from mooc.cli.remembered import unhurried
    from mooc.content.roots import Root, site
    from mooc.content.source import Folder

    chosen = _roots(paths or _default())
    whole = site([Root(str(folder), Folder(folder)) for folder in chosen])
    found = [replace(each, path=shown(Path(each.path))) for each in whole.problems]
    with unhurried():
        for course in whole.courses:
            only = chosen[Path(course.sources[0].root)]
            for problem in _problems(course, no_cache=no_cache):
                place = Path(course.shown(problem.path))
                if not only or place.resolve() in only:
                    found.append(replace(problem, path=shown(place)))
    REPORTS[style](found, len(whole.courses))
    failing = [problem for problem in found if strict or problem.severity == "error"]
    sys.exit(1 if failing else 0)


def _problems(course: Found, *, no_cache: bool) -> list[Problem]:
    from mooc.cli.remembered import remembered
    from mooc.content.check import check as problems_of

    today = datetime.now(UTC).date()
    if no_cache:
        return problems_of(course.tree, today)
    names = [(str(Path(each.root).resolve()), each.folder) for each in course.sources]
    with remembered(repr(names)) as memory:
        return problems_of(course.tree, today, memory)


def _default() -> tuple[Path, ...]:
    """The content roots that MOOC_COURSES names, or courses/."""
    import os

    from mooc.content.roots import names

    return tuple(map(Path, names(os.environ.get("MOOC_COURSES", "")) or ["courses"]))


def default_folder() -> Path:
    """Where courses are when nobody says: the first content root."""
    return _default()[0]


def _roots(paths: tuple[Path, ...]) -> dict[Path, list[Path]]:
    """Content roots and courses, each with the single files to report on (none: all of it)."""
    chosen: dict[Path, list[Path]] = {}
    for path in paths:
        if path.is_dir() and _has_overlays(path):
            chosen.setdefault(path, [])
            continue
        for folder, only in chosen_courses((path,)):
            chosen.setdefault(folder, []).extend(only)
    return chosen


def _has_overlays(path: Path) -> bool:
    from mooc.content.layers import HEADER
    from mooc.content.source import Folder

    return bool(Folder(path).folders_with(HEADER))


def chosen_courses(paths: tuple[Path, ...]) -> Iterator[tuple[Path, list[Path]]]:
    """Course folders, each with the single files to report on (none: all of it)."""
    chosen: dict[Path, list[Path]] = {}
    for path in paths:
        if not path.exists():
            raise Trouble(f"There is no {path}.")
        folders = _course_folders(path) if path.is_dir() else [course_around(path)]
        if not folders:
            raise Trouble(f"There is no course in {path}: no folder below it holds a course.md.")
        for folder in folders:
            only = chosen.setdefault(folder, [])
            if path.is_file():
                only.append(path.resolve())
    yield from chosen.items()


def _course_folders(path: Path) -> list[Path]:
    from mooc.content.source import Folder

    inside = [path / name for name in Folder(path).course_folders()]
    if inside or (path.parent == path):
        return inside
    return [folder for folder in path.resolve().parents if (folder / "course.md").exists()][:1]


def course_around(path: Path) -> Path:
    """The course folder that a file is (or will be) in. Raises Trouble."""
    for folder in path.resolve().parents:
        if (folder / "course.md").exists():
            return folder
    raise Trouble(f"{path} is not part of a course: no folder above it holds a course.md.")


def shown(path: Path) -> str:
    """A path as people write it: from the folder they are in."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


# ------------------------------------------------------------------------------------------ reports


def report_text(problems: list[Problem], courses: int) -> None:
    """Problems as `path:line:col: CODE message`, the line with a caret, the fix, and a summary."""
    for problem in problems:
        echo_problem(problem)
    click.echo(summary(problems, courses))


def echo_problem(problem: Problem) -> None:
    """One problem, for people."""
    place = f"{problem.path}:{problem.line}:{problem.column}:"
    code = click.style(problem.code, fg=COLOURS[problem.severity], bold=True)
    click.echo(f"{click.style(place, bold=True)} {code} {problem.message}")
    if problem.source.strip():
        line = problem.source.rstrip().replace("\t", " ")
        start = max(0, problem.column - 60)
        gutter = click.style("  | ", dim=True)
        click.echo(f"{gutter}{'…' if start else ''}{line[start : start + 100]}")
        caret = " " * (problem.column - 1 - start + bool(start)) + "^"
        click.echo(f"{gutter}{click.style(caret, fg=COLOURS[problem.severity])}")
    if problem.fix:
        click.echo(f"  {click.style('fix:', fg='green')} {problem.fix}")


def summary(problems: list[Problem], courses: int) -> str:
    """The closing line."""
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    parts = [_count(errors, "error"), _count(warnings, "warning")]
    checked = _count(courses, "course")
    if not problems:
        return click.style(f"{checked} checked: no problems.", fg="green")
    colour = "red" if errors else "yellow"
    return click.style(f"{checked} checked: {' and '.join(parts)}.", fg=colour)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def report_json(problems: list[Problem], _courses: int) -> None:
    """A list of objects, one for each problem."""
    rows = [{**asdict(problem), "severity": problem.severity} for problem in problems]
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1))


def report_github(problems: list[Problem], courses: int) -> None:
    """Workflow commands that annotate the lines of a pull request."""
    for problem in problems:
        words = f"{problem.message}. {problem.fix}".replace("..", ".").strip()
        escaped = words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        path = problem.path.replace("%", "%25").replace(",", "%2C").replace(":", "%3A")
        place = f"file={path},line={problem.line},col={problem.column},title={problem.code}"
        click.echo(f"::{problem.severity} {place}::{escaped}")
    click.echo(summary(problems, courses))


def report_gitlab(problems: list[Problem], _courses: int) -> None:
    """A code quality report: marks at the lines of a merge request."""
    from collections import Counter
    from hashlib import sha256

    seen: Counter[tuple[str, ...]] = Counter()
    rows = []
    for problem in problems:
        # By the line's text, not its number: a problem that only moved is the same problem.
        same = (problem.path, problem.code, problem.message, problem.source)
        seen[same] += 1
        words = f"{problem.code} {problem.message}. {problem.fix}".replace("..", ".").strip()
        rows.append(
            {
                "description": words,
                "check_name": problem.code,
                "fingerprint": sha256(repr((same, seen[same])).encode()).hexdigest(),
                "severity": "major" if problem.severity == "error" else "minor",
                "location": {"path": problem.path, "lines": {"begin": problem.line}},
            }
        )
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1))


REPORTS = {
    "text": report_text,
    "json": report_json,
    "github": report_github,
    "gitlab": report_gitlab,
}
