"""`mooc schema`: what headers may hold, for editors."""

from __future__ import annotations

import json

import click


@click.command(short_help="Print the schema of headers, for editors.")
@click.argument(
    "kind",
    required=False,
    default="",
    type=click.Choice(["", "course", "lesson", "quiz", "pool", "translation"]),
    metavar="[course|lesson|quiz|pool|translation]",
)
def schema(kind: str) -> None:
    """Print the JSON Schema (draft 2020-12) of a kind of header; without a kind, of all of them.

    An editor that reads it completes keys, explains them, and underlines mistakes.
    """
    from mooc.content.header_schema import schema as made

    click.echo(json.dumps(made(kind), ensure_ascii=False, indent=2))
