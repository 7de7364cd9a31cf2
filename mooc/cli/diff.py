"""`mooc diff`: what a change of course files means to learners. With `--live`, beside the site."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from mooc.cli.trouble import Trouble

if TYPE_CHECKING:
    from mooc.content.changes import Changes, Severity
    from mooc.content.model import Course
    from mooc.content.roots import Found

COLOURS = {"error": "red", "regrade": "yellow", "learners": "cyan", "words": None}
LABELS: dict[Severity, str] = {
    "error": "refused",
    "regrade": "regrade",
    "learners": "learners",
    "words": "wording",
}


@click.command(short_help="Say what a change of course files means.")
@click.argument("before", default="")
@click.argument("after", default="")
@click.option("--course", "course_id", default=None, help="Only the course with this id or folder.")
@click.option(
    "--live", is_flag=True, help="Compare with what is live on the site, instead of HEAD."
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="For people, for a comment under a pull request, or for programs.",
)
def diff(before: str, after: str, course_id: str | None, live: bool, style: str) -> None:
    """Compare the courses at two commits, tags or branches: BEFORE (otherwise HEAD) and AFTER
    (otherwise the files as they are).

    Says which keys, points, settings and lessons are others now, and what that asks of people.
    Exits with 1 when the change could not be published.
    """
    if live and after:
        raise Trouble("With --live, name at most one commit: the one to compare with the site.")
    after = before if live else after
    new = _courses(after, course_id)
    old = _live() if live else _compiled(_courses(before or "HEAD", None, missing_ok=True))
    if not new:
        raise Trouble("No such course there." if course_id else "There is no course to compare.")
    found = [(course, _changes(course, old)) for course in new.values()]
    if not course_id:
        gone = sorted(set(old) - {changes.course_id for _course, changes in found})
    else:
        gone = []
    REPORTS[style](found, gone)
    refused = any(changes.counted()["error"] for _course, changes in found)
    sys.exit(1 if refused else 0)


def _courses(ref: str, course_id: str | None, *, missing_ok: bool = False) -> dict[str, Found]:
    """The courses at a commit (empty: the working tree), by id or folder."""
    from mooc.cli.roots import read_roots
    from mooc.content.roots import names, site

    roots = names(os.environ.get("MOOC_COURSES", "")) or ["courses"]
    try:
        whole = site(read_roots(roots, ref or None, worktree=not ref))
    except Trouble:
        # A branch may be the first to hold courses at all: then everything is new.
        if missing_ok and _is_commit(roots[0], ref):
            return {}
        raise
    return {
        course.id or course.name: course
        for course in whole.courses
        if course_id in (None, course.id, course.name)
    }


def _is_commit(root: str, ref: str) -> bool:
    from dulwich.errors import NotGitRepository
    from dulwich.repo import Repo

    from mooc.content.source import commit_at

    try:
        with Repo.discover(root) as repository:
            commit_at(repository, ref)
    except (NotGitRepository, KeyError, ValueError):
        return False
    return True


def _compiled(found: dict[str, Found]) -> dict[str, Course]:
    """The courses that can be compiled. One that could not be was never live."""
    courses = {name: _load(course) for name, course in found.items()}
    return {name: course for name, course in courses.items() if course is not None}


def _load(found: Found) -> Course | None:
    from mooc.content.loader import load

    return load(found.tree, datetime.now(UTC).date()).course


def _live() -> dict[str, Course]:
    from mooc.catalog.queries import refresh
    from mooc.cli.trouble import ready_app

    with ready_app().app_context():
        return {name: live.course for name, live in refresh().courses.items()}


def _changes(found: Found, old: dict[str, Course]) -> Changes:
    from mooc.content.diff import diff as compare
    from mooc.content.layers import is_overlay
    from mooc.content.source import texts

    course = _load(found)
    if course is None:
        raise Trouble(f"{found.name} has errors; run mooc check first.")
    was = old.get(course.id) or next((old[one] for one in course.aliases if one in old), None)
    return compare(was, course, text=texts(found.tree), private=is_overlay)


# ------------------------------------------------------------------------------------------ reports


def report_text(found: list[tuple[Found, Changes]], gone: list[str]) -> None:
    """Each course: one line for the sum, then each change at its place."""
    for course, changes in found:
        click.echo(f"{click.style(changes.course_id, bold=True)}: {changes.headline()}")
        echo_changes(changes, course.shown)
    for name in gone:
        click.echo(
            f"{click.style(name, bold=True)}: is not there any more; what is live stays live"
        )


def echo_changes(changes: Changes, shown: Callable[[str], str]) -> None:
    """Each change at its place, files with the gravest first."""
    for path, several in changes.by_file():
        for change in several:
            label = click.style(LABELS[change.severity].ljust(8), fg=COLOURS[change.severity])
            place = click.style(f"{shown(path)}:{change.line}", bold=True)
            click.echo(f"  {label} {place} {change.subject}: {change.message}")
            for detail in change.details:
                click.echo(f"           {detail}")


def report_markdown(found: list[tuple[Found, Changes]], gone: list[str]) -> None:
    """One comment for a pull request."""
    from mooc.content.changes import markdown

    told = [_placed(course, changes) for course, changes in found]
    click.echo(markdown([each for each in told if each.changes or each.first]), nl=False)
    for name in gone:
        click.echo(f"\n`{name}` is not there any more; what is live stays live.")


def report_json(found: list[tuple[Found, Changes]], _gone: list[str]) -> None:
    """A list of courses, each with the list of its changes."""
    told = [
        {**asdict(_placed(course, changes)), "counts": changes.counted()}
        for course, changes in found
    ]
    click.echo(json.dumps(told, ensure_ascii=False, indent=1))


def _placed(course: Found, changes: Changes) -> Changes:
    """The changes with whole paths."""
    moved = tuple(replace(change, path=course.shown(change.path)) for change in changes.changes)
    return replace(changes, changes=moved)


REPORTS = {"text": report_text, "markdown": report_markdown, "json": report_json}
