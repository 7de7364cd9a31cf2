"""The `mooc` command. Each command imports what it needs when it runs: `check` stays quick."""

from __future__ import annotations

import sys
from typing import Any

import click

from mooc.cli.check import check
from mooc.cli.diff import diff
from mooc.cli.fmt import fmt
from mooc.cli.ids import ids
from mooc.cli.mv import mv
from mooc.cli.new import new
from mooc.cli.people import users
from mooc.cli.preview import preview
from mooc.cli.publish import publish
from mooc.cli.releases import releases, rollback
from mooc.cli.run import run, worker
from mooc.cli.schema import schema
from mooc.cli.translate import translate
from mooc.cli.upkeep import doctor, migrate, settings

SECTIONS = {
    "A site": (run, worker, migrate, doctor, settings),
    "Writing courses": (new, preview, ids, fmt, mv, schema),
    "Courses": (check, diff, translate, publish, releases, rollback),
    "People": (users,),
}


class Sections(click.Group):
    """A group whose help lists its commands under headings."""

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, commands in SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl(
                    [(str(each.name), each.get_short_help_str(60)) for each in commands],
                    col_max=12,
                )


@click.group(cls=Sections, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mooc", message="mooc %(version)s")
def mooc() -> None:
    """Open courses from Markdown in git: a site with lessons, quizzes, exams and certificates.

    `mooc run` starts everything on this machine. Settings come from MOOC_… variables or the TOML
    file named by MOOC_CONFIG; `mooc settings` lists them.
    """


for commands in SECTIONS.values():
    for command in commands:
        mooc.add_command(command)


def main(arguments: list[str] | None = None) -> Any:
    """Run the command. What goes wrong in a known way is one sentence and exit code 2."""
    from mooc.cli.trouble import Trouble

    try:
        return mooc.main(args=arguments, prog_name="mooc")
    except Trouble as trouble:
        click.secho(f"mooc: {trouble}", err=True, fg="red" if sys.stderr.isatty() else None)
        sys.exit(2)
