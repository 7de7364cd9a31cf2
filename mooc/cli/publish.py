"""`mooc publish`: make the courses of a commit live."""

from __future__ import annotations

import sys
from collections.abc import Iterator
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
def publish(ref: str | None, course_id: str | None, worktree: bool) -> None:
    """Check the courses in MOOC_COURSES at a commit and make them live.

    A course with errors keeps its last good release, and the others go on. Exits with 1 when
    any course was kept back.
    """
    from mooc.cli.check import echo_problem
    from mooc.cli.roots import read_roots
    from mooc.cli.trouble import ready_app
    from mooc.content.roots import site

    app = ready_app()
    found = site(read_roots(app.extensions["mooc.settings"].roots, ref, worktree=worktree))
    kept = bool(found.problems)
    count = 0
    for course, report in publish_all(app, found, course_id):
        count += 1
        kept |= report.outcome == "kept"
        words, colour = OUTCOMES[report.outcome]
        name = report.course_id or course.name
        click.echo(f"{click.style(name, bold=True)} {click.style(words, fg=colour)}")
        for problem in report.problems:
            echo_problem(replace(problem, path=course.shown(problem.path)))
    for problem in found.problems:
        echo_problem(problem)
    if not count:
        raise Trouble("No such course there." if course_id else "There is no course to publish.")
    sys.exit(1 if kept else 0)


OUTCOMES = {
    "published": ("is live now", "green"),
    "unchanged": ("is live already", None),
    "kept": ("has errors; its last good release stays live", "red"),
}


def publish_all(
    app: Flask, found: Site, course_id: str | None = None
) -> Iterator[tuple[Found, Report]]:
    """Publish each course in a transaction of its own."""
    from mooc.catalog import actions
    from mooc.db import db, utcnow

    for course in found.courses:
        if course_id not in (None, course.name, course.id):
            continue
        now = utcnow()
        with app.app_context():
            report = actions.publish(
                course.tree,
                sources=[source.to_json() for source in course.sources],
                today=now.date(),
                now=now,
                actor_id=None,
                media_folder=app.extensions["mooc.settings"].var_path / "media",
            )
            db.session.commit()
        yield course, report
