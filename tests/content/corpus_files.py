"""Broken and hostile courses with the exact report that authors get, as readable text files.

A file of cases holds many. Each begins with `########## what it shows`, then `=== path` and the
text of a file that replaces or joins those of the sample course (`=== -path` takes one away), and
ends with `=== report`, the text that `mooc check` prints. What cannot be seen is written ⟦U+202E⟧.
`MOOC_GOLDEN=write` writes the reports anew; the diff is then the thing to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from mooc.cli.check import echo_problem, summary
from mooc.content.check import check
from mooc.content.model import Problem
from mooc.content.source import Tree
from tests.content.trees import BASE, TODAY, Memory

FOLDER = Path(__file__).parent / "corpus"
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\u00ad\u034f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f\ue000-\uf8ff]"
)
WRITTEN = re.compile(r"⟦U\+([0-9A-F]{4,6})⟧")


@dataclass
class Case:
    """One broken course and what is said about it."""

    group: str
    name: str
    sections: list[tuple[str, str]]
    report: str

    @property
    def tree(self) -> Memory:
        files: dict[str, str | bytes] = {**BASE}
        for path, text in self.sections:
            if path.startswith("-"):
                del files[path[1:]]
            else:
                files[path] = text
        return Memory(files)


def cases(path: Path) -> Iterator[Case]:
    """The cases of one file."""
    for part in path.read_text(encoding="utf-8").split("########## ")[1:]:
        name, _, body = part.partition("\n")
        sections = [
            (head.strip(), _seen(text))
            for head, _, text in (each.partition("\n") for each in body.split("=== ")[1:])
        ]
        report = next((text for head, text in sections if head == "report"), "")
        files = [each for each in sections if each[0] != "report"]
        yield Case(path.stem, name, files, report.strip("\n"))


def written(found: Sequence[Case]) -> str:
    """Cases as the text of their file."""
    parts = []
    for case in found:
        body = "".join(f"=== {path}\n{_shown(text)}" for path, text in case.sections)
        parts.append(f"########## {case.name}\n{body}=== report\n{_shown(case.report)}\n\n")
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def report(tree: Tree) -> str:
    """What `mooc check` prints of a tree, without colours."""
    return printed(check(tree, TODAY))


def printed(problems: Sequence[Problem]) -> str:
    """Problems as `mooc check` prints them."""
    lines: list[str] = []

    @click.command()
    def tell() -> None:
        for problem in problems:
            echo_problem(problem)
        click.echo(summary(list(problems), 1))

    from click.testing import CliRunner

    lines = CliRunner().invoke(tell).output.split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _shown(text: str) -> str:
    return UNSEEN.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", text)


def _seen(text: str) -> str:
    return WRITTEN.sub(lambda found: chr(int(found[1], 16)), text)
