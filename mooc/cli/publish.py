"""`mooc publish`: make the courses of a commit live, or say what that would change."""

from __future__ import annotations

import getpass
import socket
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from mooc.cli.trouble import Trouble

if TYPE_CHECKING:
    from flask import Flask

    from mooc.catalog.actions import Report
    from mooc.content.roots import Found, Site


@click.command(short_help="Publish the courses of a commit.")
@click.option("--ref", default=None, help="Commit, tag or branch; HEAD when not given.")
@click.option("--course", "course_id", default=None, help="Only the course with this id or folder.")
@click.option("--worktree", is_flag=True, help="Publish the files as they are, committed or not.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")
@click.option("--fetch", is_flag=True, help="Fetch the repositories of MOOC_FETCH first.")
def publish(
    ref: str | None, course_id: str | None, worktree: bool, dry_run: bool, fetch: bool
) -> None:
    """Check the courses in MOOC_COURSES at a commit and make them live.

    A course with errors keeps its last good release, and the others go on. Exits with 1 when
    any course was kept back.
    """
    from mooc.cli.check import echo_problem
    from mooc.cli.roots import read_roots
    from mooc.cli.trouble import ready_app
    from mooc.content.roots import site

    app = ready_app()
    if fetch:
        _fetch(app)
    found = site(read_roots(app.extensions["mooc.settings"].roots, ref, worktree=worktree))
    done = _plans(app, found, course_id) if dry_run else publish_here(app, found, course_id)
    for course, report in done:
        _echo(course, report, dry_run=dry_run)
    for problem in found.problems:
        echo_problem(problem)
    if not done:
        raise Trouble("No such course there." if course_id else "There is no course to publish.")
    if course_id is None and ref is None and not dry_run:
        for name in close_missing(app, found):
            click.echo(f"{click.style(name, bold=True)} is closed: its folder is gone")
    kept = bool(found.problems) or any(report.outcome == "kept" for _course, report in done)
    sys.exit(1 if kept else 0)


def close_missing(app: Flask, found: Site) -> list[str]:
    """Close the courses whose folders were deleted from the content roots; their ids."""
    from mooc.catalog import retirement
    from mooc.db import db, utcnow

    if not found.whole or not found.courses:
        return []
    roots = [name.rstrip("/") for name in app.extensions["mooc.settings"].roots]
    present = {course.id for course in found.courses}
    with app.app_context():
        closed = retirement.close_missing(present, found.places, roots, now=utcnow())
        db.session.commit()
    return closed


OUTCOMES = {
    "published": ("is live now", "would be published", "green"),
    "unchanged": ("is live already", "is live already", None),
    "kept": (
        "has errors; its last good release stays live",
        "has errors; its last good release would stay live",
        "red",
    ),
}


def _echo(course: Found, report: Report, *, dry_run: bool) -> None:
    from mooc.cli.check import echo_problem
    from mooc.cli.diff import echo_changes

    done, would, colour = OUTCOMES[report.outcome]
    name = click.style(report.course_id or course.name, bold=True)
    tail = f": {report.changes.headline()}" if report.changes else ""
    click.echo(f"{name} {click.style(would if dry_run else done, fg=colour)}{tail}")
    if dry_run and report.changes:
        echo_changes(report.changes, course.shown)
    for problem in report.problems:
        echo_problem(replace(problem, path=course.shown(problem.path)))


def publish_here(
    app: Flask, found: Site, course_id: str | None = None
) -> list[tuple[Found, Report]]:
    """Publish in the name of whoever runs this command. Raises Trouble when another one does."""
    from mooc.errors import Conflict
    from mooc.web.publishing import publish_all

    holder = f"mooc publish, run by {_me()} on {socket.gethostname()}"
    try:
        return publish_all(app, found, course_id, holder=holder, say=Progress())
    except Conflict as error:
        raise Trouble(busy(error)) from error


def busy(error: Exception) -> str:
    """Who publishes at the moment, and since when."""
    params = getattr(error, "params", {})
    if not params.get("holder"):
        return "Another publish took over; look at what is live and run this again."
    since = params["since"].strftime("%H:%M:%S")
    return f"Another publish is at work since {since} UTC: {params['holder']}. Try again later."


class Progress:
    """Says what is being done, once it takes longer than a moment."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def __call__(self, words: str) -> None:
        if time.monotonic() - self.began > 1.5:
            click.secho(f"… {words}", err=True, dim=True)


def _plans(app: Flask, found: Site, course_id: str | None) -> list[tuple[Found, Report]]:
    from mooc.web.publishing import plan_all

    return [(course, plan.report) for course, plan in plan_all(app, found, course_id)]


def _fetch(app: Flask) -> None:
    from mooc.errors import MoocError
    from mooc.web.fetching import fetch_all
    from mooc.web.i18n import sentence

    settings = app.extensions["mooc.settings"]
    if not settings.fetch:
        raise Trouble("MOOC_FETCH names no repository to fetch.")
    with app.app_context():
        try:
            for address, commit in fetch_all(settings):
                click.echo(f"{address} is at {commit.id[:12]}", err=True)
        except MoocError as error:
            raise Trouble(sentence(error)) from error


def _me() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"
