"""`mooc new ci` and `mooc new hook`: what watches over courses, on a host and before commits."""

from __future__ import annotations

from pathlib import Path

import click

from mooc.cli.check import shown
from mooc.cli.trouble import Trouble


@click.command("ci", short_help="A check of pull requests on a git host.")
@click.argument("host", type=click.Choice(["github", "gitlab"]))
def new_ci(host: str) -> None:
    """Write what makes a git host check the courses in every pull request.

    HOST is the kind of host, github or gitlab. Problems are shown at the lines they are in, and one
    comment says what the change means to learners.
    """
    from mooc.cli.hook import repository
    from mooc.content import scaffold

    path = repository(Path.cwd()) / scaffold.HOSTS[host]
    if path.exists() or path.is_symlink():
        raise Trouble(f"{shown(path)} is there already; move it away to have it written.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(scaffold.workflow(host), "utf-8")
    click.echo(f"wrote {shown(path)}")
    click.echo("Its first lines say what to set on the host. Then commit and push it.")


@click.command("hook", short_help="A check before each commit here.")
def new_hook() -> None:
    """Write a git hook that checks the courses each commit touches, and refuses a broken one."""
    from mooc.cli.hook import hook_path, repository, script

    path = hook_path(repository(Path.cwd()))
    if path.exists() or path.is_symlink():
        raise Trouble(f"{shown(path)} is there already; move it away to have it written.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script(), "utf-8")
    path.chmod(0o755)
    click.echo(f"wrote {shown(path)}")
