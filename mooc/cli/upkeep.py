"""`mooc migrate`, `mooc settings`, and `mooc doctor`: what is missing and what mends it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from mooc.cli.trouble import NEWER, Trouble, make_app, read_settings, writable

if TYPE_CHECKING:
    from flask import Flask

    from mooc.web.config import Settings


@click.command(short_help="Bring the database up to date.")
def migrate() -> None:
    """Create or change the tables so that they fit this version. Safe to run again."""
    from mooc.web import schema

    app = make_app(read_settings())
    state = schema.state(app)
    if state == "newer":
        raise Trouble(NEWER)
    if state == "away":
        raise Trouble("The database does not answer; look at MOOC_DATABASE_URL.")
    if state == "behind":
        schema.upgrade(app)
    click.echo("The database is up to date.")


@click.command(short_help="List all settings and their values.")
def settings() -> None:
    """Every setting: its environment name, its type, its value now, and what it does."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from mooc.web.config import listing

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("name", no_wrap=True, style="bold")
    for heading in ("takes", "value", "help"):
        table.add_column(heading, overflow="fold")
    for row in listing(read_settings()):
        table.add_row(*row)
    Console().print(table)


class Finding(NamedTuple):
    """One thing looked at. `fix` is the line that mends it; empty when all is well."""

    what: str
    state: str
    fix: str = ""


@click.command(short_help="Say what is missing and the line that fixes it.")
@click.option("--rebuild-progress", is_flag=True, help="Compute stored progress from the facts.")
def doctor(rebuild_progress: bool) -> None:
    """Look at everything a site needs. Exits with 1 when something must be mended."""
    if rebuild_progress:
        _rebuild_progress()
    found = list(examine())
    for finding in found:
        mark = click.style("✗", fg="red") if finding.fix else click.style("✓", fg="green")
        click.echo(f"{mark} {finding.what.ljust(14)} {finding.state}")
        if finding.fix:
            click.echo(f"  {click.style('fix:', fg='green')} {finding.fix}")
    broken = sum(bool(finding.fix) for finding in found)
    click.echo(f"\n{'All is well.' if not broken else f'{broken} to mend.'}")
    sys.exit(1 if broken else 0)


def _rebuild_progress() -> None:
    from mooc.cli.trouble import ready_app
    from mooc.db import db
    from mooc.learning import queries
    from mooc.learning.models import Enrollment

    with ready_app().app_context():
        for enrollment_id in queries.check_packed():
            enrollment = db.session.get_one(Enrollment, enrollment_id)
            enrollment.packed = queries.rebuilt(enrollment)
            enrollment.rev += 1
            click.echo(f"Enrollment {enrollment_id} was computed anew.")
        db.session.commit()


def examine() -> Iterator[Finding]:
    """All findings, in the order in which to mend them."""
    current = read_settings()
    yield _python()
    yield _pango()
    yield _fonts()
    yield _git()
    try:
        writable(current)
    except Trouble as trouble:
        yield Finding("var folder", str(trouble), f"mkdir -p {current.var_path}")
        return
    yield Finding("var folder", str(current.var_path))
    yield _roots(current)
    app = make_app(current)
    migrated = _database(app)
    yield migrated
    if not migrated.fix:
        yield from _site(app, current)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", version, "" if sys.version_info >= (3, 11) else "make setup")


def _pango() -> Finding:
    try:
        import weasyprint  # noqa: F401 - its import loads Pango
    except OSError:
        line = "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        return Finding("Pango", "not found; certificates cannot be printed", f"sudo {line}")
    return Finding("Pango", "found")


def _fonts() -> Finding:
    folder = Path(__file__).resolve().parents[2] / "static" / "fonts"
    wanted = (folder / "fonts.css", folder / "print" / "fonts.json")
    missing = [path.name for path in wanted if not path.exists()]
    if missing:
        return Finding("fonts", f"not cut yet ({', '.join(missing)})", "make setup")
    return Finding("fonts", f"{len(list(folder.rglob('*.*')))} files")


def _git() -> Finding:
    if shutil.which("git") is None:
        return Finding("git", "not found", "sudo apt-get install -y git")
    return Finding("git", "found")


def _roots(current: Settings) -> Finding:
    """Every content root can be read, and what they say of each other fits."""
    from mooc.cli.roots import read_roots
    from mooc.content.roots import site

    try:
        found = site(read_roots(current.roots))
    except Trouble as trouble:
        return Finding("content roots", str(trouble), "MOOC_COURSES=courses")
    if found.problems:
        first = found.problems[0]
        return Finding("content roots", f"{first.path}: {first.message}", "mooc check")
    return Finding("content roots", ", ".join(current.roots))


def _database(app: Flask) -> Finding:
    from mooc.db import db
    from mooc.web import schema

    with app.app_context():
        name = db.engine.url.render_as_string(hide_password=True)
    state = schema.state(app)
    fix = {
        "current": "",
        "behind": "mooc migrate",
        "newer": "git pull",
        "away": "mooc settings  # look at MOOC_DATABASE_URL",
    }[state]
    return Finding("database", f"{name} ({state})", fix)


def _site(app: Flask, current: Settings) -> Iterator[Finding]:
    from mooc.accounts.queries import admin_exists
    from mooc.catalog.queries import refresh
    from mooc.learning.queries import check_packed
    from mooc.web.jobs import worker_alive

    with app.app_context():
        courses = refresh().courses
        names = ", ".join(courses) or "none live"
        yield Finding("courses", names, "" if courses else "mooc publish")
        if missing := _missing_media(current):
            yield Finding(
                "media",
                f"{missing} files missing",
                f"restore {current.var_path / 'media'} from a backup",
            )
        else:
            yield Finding("media", "complete")
        if admin_exists():
            yield Finding("admin", "there is one")
        else:
            yield Finding("admin", "nobody yet", "mooc users link")
        if wrong := check_packed():
            state = f"differs from the facts in enrollments {wrong[:10]}"
            yield Finding("progress", state, "mooc doctor --rebuild-progress")
        else:
            yield Finding("progress", "equals the facts")
    alive = worker_alive(current)
    yield Finding("worker", "alive" if alive else "not running", "" if alive else "mooc worker")
    if current.production and not current.smtp_host:
        yield Finding("mail", "letters only go to files", "MOOC_SMTP_HOST=smtp.example.org")


def _missing_media(current: Settings) -> int:
    from mooc.catalog.queries import live

    folder = current.var_path / "media"
    return sum(
        not (folder / f"{media.hash}.{media.extension}").exists()
        for course in live().courses.values()
        for media in course.course.media
    )
