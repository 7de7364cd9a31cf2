"""`mooc releases` and `mooc rollback`: what was published, and going back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mooc.cli.trouble import Trouble

if TYPE_CHECKING:
    from mooc.catalog.history import Published


@click.command(short_help="List what was published, and when.")
@click.argument("course", default="")
@click.option("--limit", default=20, show_default=True, help="At most so many of each course.")
def releases(course: str, limit: int) -> None:
    """The releases of a COURSE, or of all, newest first, with what each of them changed."""
    from rich.console import Console
    from rich.table import Table

    from mooc.catalog import history
    from mooc.catalog.queries import refresh
    from mooc.cli.trouble import ready_app

    with ready_app().app_context():
        names = [course] if course else sorted(refresh().courses)
        if not names:
            raise Trouble("Nothing was published yet; run: mooc publish")
        for name in names:
            listed = history.releases(name, limit)
            if not listed:
                raise Trouble(f"No release of a course “{name}”.")
            table = Table(title=name, title_justify="left", box=None, pad_edge=False)
            for heading in ("", "no.", "published (UTC)", "commit", "by", "what changed"):
                table.add_column(heading, overflow="fold")
            for each in listed:
                changed = history.changes_of(each).headline()
                mark = "live" if each.live else ""
                at = f"{each.at:%Y-%m-%d %H:%M}"
                table.add_row(mark, str(each.number), at, each.revision[:12], each.by, changed)
            Console().print(table)


@click.command(short_help="Make an older release of a course live again.")
@click.argument("course")
@click.argument("release", type=int, required=False)
@click.option("--yes", is_flag=True, help="Do not ask.")
def rollback(course: str, release: int | None, yes: bool) -> None:
    """Make RELEASE of a COURSE live (a number of `mooc releases`; without it, the one before).

    Attempts in progress stay on the questions they began with. The next publish makes the newest
    state of the files live again, so mend them too.
    """
    from mooc.catalog import actions, history, queries
    from mooc.cli.trouble import ready_app
    from mooc.db import db, utcnow
    from mooc.errors import NotFound

    with ready_app().app_context():
        listed = history.releases(course, 1)
        if not listed:
            raise Trouble(f"No release of a course “{course}”.")
        try:
            target = history.release(course, release) if release else history.before_live(course)
        except NotFound as error:
            number = f" {release}" if release else " before the live one"
            raise Trouble(f"The course {course} has no release{number}.") from error
        if target.live:
            raise Trouble(f"Release {target.number} of {course} is live already.")
        live = queries.refresh().courses[course].release_id
        click.echo(_described(target, history.between(live, target.release_id).headline()))
        db.session.rollback()
        if not yes and not click.confirm("Make it live?"):
            raise Trouble("Nothing was changed.")
        actions.roll_back(course, target.release_id, now=utcnow(), actor_id=None)
        db.session.commit()
        click.echo(f"Release {target.number} of {course} is live now.")


def _described(target: Published, changed: str) -> str:
    commit = target.revision[:12]
    return f"Release {target.number} of {target.at:%Y-%m-%d %H:%M} UTC, commit {commit}: {changed}."
