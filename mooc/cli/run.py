"""`mooc run`: migrate, publish, serve and work, on one machine, until Ctrl-C. `mooc worker`."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from mooc.cli.trouble import NEWER, Trouble, make_app, read_settings, ready_app, writable

if TYPE_CHECKING:
    from flask import Flask

    from mooc.web.config import Settings


@click.command(short_help="Start the site and its worker on this machine.")
@click.option("--host", default=None, help="Address to listen on (MOOC_HOST).")
@click.option("--port", type=int, default=None, help="Port to listen on (MOOC_PORT).")
def run(host: str | None, port: int | None) -> None:
    """Migrate the database, publish the courses, then serve pages and run jobs until Ctrl-C."""
    settings = read_settings(host=host, port=port)
    free_port(settings)
    writable(settings)
    share_figures(settings)
    app = make_app(settings)
    prepare(app)
    from mooc.web import logs

    logs.set_up(settings)
    sys.exit(supervise(app))


@click.command(short_help="Run jobs only, beside other web servers.")
def worker() -> None:
    """Run jobs (letters, certificates) until SIGINT or SIGTERM. `mooc run` has one of its own."""
    from mooc.web import logs
    from mooc.web.jobs import Worker

    app = ready_app()
    logs.set_up(app.extensions["mooc.settings"])
    Worker(app).run()


def share_figures(settings: Settings) -> None:
    """Give all processes one folder for their figures; the library looks when it is loaded."""
    folder = settings.var_path / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def free_port(settings: Settings) -> None:
    """Raises Trouble when nothing can listen there."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise Trouble(
                f"Nothing can listen on {where} ({error.strerror}); "
                f"choose another port, for example: MOOC_PORT={settings.port + 1}"
            ) from error


def prepare(app: Flask) -> None:
    """Bring the database up to date, publish what changed, and say what was kept back."""
    from mooc.web import schema

    state = schema.state(app)
    if state == "newer":
        raise Trouble(NEWER)
    if state == "away":
        raise Trouble("The database does not answer; look at MOOC_DATABASE_URL.")
    if state == "behind":
        schema.upgrade(app)
    _publish(app)


def _publish(app: Flask) -> None:
    from dataclasses import replace

    from mooc.cli.check import echo_problem
    from mooc.cli.publish import close_missing, publish_here
    from mooc.cli.roots import read_roots
    from mooc.content.roots import site

    try:
        found = site(read_roots(app.extensions["mooc.settings"].roots))
        done = publish_here(app, found)
    except Trouble as trouble:
        click.echo(f"{trouble} The catalog stays as it is.", err=True)
        return
    for problem in found.problems:
        echo_problem(problem)
    for course, report in done:
        if report.outcome == "kept":
            for problem in report.problems:
                if problem.severity == "error":
                    echo_problem(replace(problem, path=course.shown(problem.path)))
            click.echo(
                f"{course.name} has errors; its last good release, if any, stays live.\n", err=True
            )
    for name in close_missing(app, found):
        click.echo(f"{name} is closed: its folder is gone.")


# -------------------------------------------------------------------------------------- supervision


def supervise(app: Flask) -> int:
    """Run the web server and the worker as children, both from this loaded program; the exit code.

    A worker that dies is started again. When the web server ends, so does everything.
    """
    from mooc.cli.serve import serve
    from mooc.db import db
    from mooc.web.jobs import Worker

    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    with app.app_context():
        from mooc.catalog import queries

        queries.refresh()
        welcome = banner(app)
        db.session.remove()
        db.engine.dispose()  # no connection may be shared with a child
    web = _child(lambda: serve(app, lambda: click.echo(welcome)))
    jobs = _child(lambda: Worker(app).run())
    code: int | None = None
    while not stopping and code is None:
        time.sleep(0.1)
        code = _ended(web)
        if code is None and _ended(jobs) is not None:
            time.sleep(1)
            jobs = _child(lambda: Worker(app).run())
    _stop([web, jobs] if code is None else [jobs])
    return code or 0


def _child(act: Callable[[], None]) -> int:
    """Fork; the child leaves the terminal's group, so that Ctrl-C reaches it only through us."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setpgid(0, 0)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        act()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _ended(pid: int) -> int | None:
    """The exit code of a child that has ended."""
    try:
        done, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return 1
    return os.waitstatus_to_exitcode(status) if done else None


def _stop(pids: list[int], patience: float = 8.0) -> None:
    """End children in good order; whatever has not ended in time is killed."""
    for pid in pids:
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    left = list(pids)
    while left and time.monotonic() < deadline:
        left = [pid for pid in left if _ended(pid) is None]
        time.sleep(0.02)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def banner(app: Flask) -> str:
    """What the operator sees first: the address, the courses, the way to the first admin."""
    from mooc.catalog import queries
    from mooc.cli.people import first_admin_link

    settings: Settings = app.extensions["mooc.settings"]
    courses = list(queries.live().courses.values())
    titles = ", ".join(live.course.title for live in courses[:3])
    more = f" and {len(courses) - 3} more" if len(courses) > 3 else ""
    rows = [("open at", click.style(settings.base_url, fg="blue", bold=True))]
    rows.append(("courses", f"{titles}{more}" if courses else "none yet"))
    if (link := first_admin_link()) is not None:
        rows.append(("first admin", f"{link}\nworks once, within a day"))
    rows.append(("stop", "Ctrl-C"))
    name = click.style(settings.site_name, bold=True)
    lines = ["", f"  {click.style('◆', fg='yellow')} {name}", ""]
    for label, value in rows:
        first, *rest = value.split("\n")
        lines.append(f"    {click.style(label.ljust(12), dim=True)} {first}")
        lines += [f"    {' ' * 12} {click.style(line, dim=True)}" for line in rest]
    return "\n".join([*lines, ""])
