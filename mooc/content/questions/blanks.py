"""The blanks of a text: `[[name]]` in it, and a list that says what belongs into each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from mooc.content.blocks import Finder, inline_of, inside, line_of, plain
from mooc.content.markdown import render
from mooc.content.questions.draft import OPTION_KEY, Block, Draft, Item, item_of

BLANK = re.compile(r"\[\[\s*([^\[\]]{1,60}?)\s*\]\]")
NAME = re.compile(r"(?P<name>.*?)(?:\s*\((?P<weight>[^()]*)\))?")
MOST_WEIGHT = 100
# Characters that course text may not hold stand for a blank while the text becomes HTML.
HOLE = re.compile("\ue000(\\d+)\ue001")


@dataclass
class Entry:
    """What the list says of one blank."""

    name: str
    weight: int
    items: list[Item]
    line: int
    column: int


def find(question: Draft) -> list[Entry]:
    """The blanks in the order of the text, each with what belongs into it. What is off: Q133."""
    listed = {entry.name: entry for entry in _entries(question)}
    found: dict[str, Entry] = {}
    for name, place in _in_text(question):
        if name in found:
            question.problem(
                "Q133", f"the blank {name!r} stands twice in the text", "Rename one.", *place
            )
        elif name not in listed:
            question.problem(
                "Q133",
                f"the list says nothing of the blank {name!r}",
                f"Add - {name} to the list, and its answers in a list below it.",
                *place,
            )
        else:
            found[name] = listed[name]
    for entry in listed.values():
        if entry.name not in found:
            question.problem(
                "Q133",
                f"the text has no blank [[{entry.name}]]",
                "Put it into the text, or delete it from the list.",
                entry.line,
                entry.column,
            )
    return list(found.values())


def _entries(question: Draft) -> Iterator[Entry]:
    seen: set[str] = set()
    for block in inside(question.answers) if question.answers else ():
        entry = _entry(block, question)
        if entry.name in seen:
            question.problem(
                "Q107",
                f"two blanks are called {entry.name!r}",
                "Give each a name of its own.",
                entry.line,
                entry.column,
            )
        if not OPTION_KEY.fullmatch(entry.name):
            question.problem(
                "Q108",
                f"{entry.name!r} cannot be the name of a blank",
                "Use 1 to 60 of a-z, 0-9 and hyphens.",
                entry.line,
                entry.column,
            )
        seen.add(entry.name)
        yield entry


def _entry(block: Block, question: Draft) -> Entry:
    source = question.page.file.lines[line_of(block) - 1]
    line, column = line_of(block), len(source) - len(source.lstrip(" >")) + 1
    inline = inline_of(block[:3])
    said = NAME.fullmatch(" ".join(plain(inline.children if inline else ()).split()))
    name, written = (said["name"], said["weight"]) if said else ("", None)
    weight = int(written) if written and re.fullmatch(r"\d{1,3}", written) else 1
    if written is not None and (str(weight) != written or not 1 <= weight <= MOST_WEIGHT):
        question.problem(
            "Q134",
            f"cannot read the weight ({written})",
            f"Write - {name} (2), with a whole number from 1 to {MOST_WEIGHT}.",
            line,
            source.find("(") + 1,
        )
    lists = [part for part in inside(block) if part[0].type == "bullet_list_open"]
    items = [item_of(each, question.page) for part in lists for each in inside(part)]
    if not items:
        question.problem(
            "Q133",
            f"nothing belongs into the blank {name!r}",
            "Indent a list of answers below its name.",
            line,
            column,
        )
    return Entry(name, weight, items, line, column)


def _in_text(question: Draft) -> Iterator[tuple[str, tuple[int, int]]]:
    for token, children in _texts(question):
        place = Finder(token, question.page.file)
        for child in children:
            for hole in BLANK.finditer(child.content):
                yield hole[1], place(hole[0])


def _texts(question: Draft) -> Iterator[tuple[Token, list[Token]]]:
    """Each paragraph's plain texts; a blank within a link would be a field within a link."""
    for block in question.stem:
        for token in (token for token in block if token.type == "inline"):
            inner, depth = [], 0
            for child in token.children or []:
                depth += child.nesting * (child.type in ("link_open", "link_close"))
                if child.type == "text" and not depth:
                    inner.append(child)
            yield token, inner


def pieces(question: Draft, names: Sequence[str]) -> tuple[str, ...]:
    """The text as sanitised HTML, cut at its blanks: one piece more than there are blanks."""
    for _token, children in _texts(question):
        for child in children:
            child.content = BLANK.sub(
                lambda hole: f"\ue000{names.index(hole[1])}\ue001", child.content
            )
    html = "\n".join(render(block, question.page) for block in question.stem)
    return tuple(HOLE.split(html)[::2])
