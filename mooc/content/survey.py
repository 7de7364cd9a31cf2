"""First look at a tree: which file is what, its header, its headings. Links need all of it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, cast

from markdown_it.token import Token

from mooc.content import blocks, glossary, header, layers, marker, schema, tokens
from mooc.content.links import Target
from mooc.content.memory import Memory, key
from mooc.content.model import Problem, Section
from mooc.content.reading import File, read
from mooc.content.schema import CourseHeader, Header
from mooc.content.source import Tree

KINDS = ("quiz", "exam", "pool")
TRANSLATION = re.compile(r"(?P<source>.+)\.(?P<language>[a-z]{2,3}(-[A-Za-z0-9]{2,8})*)\.md")
# What repositories hold for people rather than for learners.
ASIDE = {"readme.md", "license.md", "licence.md", "contributing.md", "changelog.md", "authors.md"}
GLOSSARY = "glossary.md"
LISTS = (GLOSSARY, "sources.md")

Block = list[Token]


@dataclass
class Surveyed:
    """One file, parsed but not yet rendered. `header` is None when it has mistakes."""

    file: File
    kind: str  # course, lesson, quiz, exam, pool, overlay
    header: Header | None
    id: str
    blocks: list[Block] = field(default_factory=list)
    anchors: dict[str, str] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)  # the header as texts
    remembered: bool = False  # `blocks` are not at hand; `afresh` has them


def survey(
    tree: Tree, problems: list[Problem], memory: Memory | None = None
) -> dict[str, Surveyed]:
    """Every file that is part of the course, by path."""
    paths = set(tree.paths())
    found: dict[str, Surveyed] = {}
    for path in sorted(paths):
        if not is_text(path) or is_translation(path, paths):
            continue
        file = read(path, tree.read(path), problems)
        if path in LISTS:
            _check_list(file)
        else:
            found[path] = _surveyed(file) if memory is None else _known(file, memory)
    return found


def _known(file: File, memory: Memory) -> Surveyed:
    """The file as it was surveyed before, if its text is the same. course.md is always read."""
    name = key("survey", file.path, file.text)
    kept = None if file.path == "course.md" else memory.get(name)
    if kept is None:
        before = len(file.problems)
        item = _surveyed(file)
        bare = replace(item, file=File(file.path, ""), blocks=[], remembered=True)
        memory.put(name, (bare, file.problems[before:]))
        return item
    item, problems = kept
    item.file = file
    file.repeat(problems)
    return cast("Surveyed", item)


def afresh(item: Surveyed) -> Surveyed:
    """The same with its blocks, parsed now if they were only remembered."""
    return _surveyed(item.file) if item.remembered else item


def is_text(path: str) -> bool:
    """Whether a file is written for learners: Markdown, and none of those kept for people."""
    name = posixpath.basename(path).lower()
    return path.endswith(".md") and name not in ASIDE and not name.endswith(".transcript.md")


def is_translation(path: str, paths: set[str] | frozenset[str]) -> bool:
    """Whether a file is `name.<language>.md` beside a `name.md`."""
    match = TRANSLATION.fullmatch(path)
    return match is not None and match["source"] + ".md" in paths


def targets(found: dict[str, Surveyed], tree: Tree) -> dict[str, Target]:
    """What each Markdown file is to a link."""
    known: dict[str, Target] = {}
    paths = set(tree.paths())
    terms: dict[str, str] = {}
    if GLOSSARY in paths:
        named = check_entries(read(GLOSSARY, tree.read(GLOSSARY), []))
        terms = {name: name for name in named}
    for path in paths:
        if path == GLOSSARY:
            known[path] = Target("glossary", "glossary", terms)
        elif path in LISTS:
            known[path] = Target("list", path)
        elif path.endswith(".md") and is_translation(path, paths):
            known[path] = Target("translation", path)
    for path, item in found.items():
        anchors = item.anchors
        if item.kind == "course":
            known[path] = Target("course", item.id, anchors)
        elif item.kind == "lesson":
            known[path] = Target("lesson", item.id, anchors)
        else:
            known[path] = Target("pool" if item.kind == "pool" else "quiz", item.id, anchors)
    return known


def _surveyed(file: File) -> Surveyed:
    fields = header.fields(file)
    kind = _place_kind(file) or _kind(file, fields)
    typed = header.read(file, fields, schema.SCHEMAS[kind]) if fields and kind else None
    identity = fields.values.get("id", "") if fields else ""
    item = Surveyed(file, kind or "lesson", typed, identity if isinstance(identity, str) else "")
    item.values = fields.values if fields else {}
    parse(item)
    return item


def parse(item: Surveyed) -> None:
    """The blocks of a file, its headings named, its comments checked."""
    item.blocks = blocks.siblings(tokens.parse(item.file))
    _name_headings(item)
    _check_comments(item)


def _place_kind(file: File) -> str:
    """The kind of the two files that are known by where they stand; empty for all others."""
    if layers.is_header(file.path):
        return "overlay"
    return "course" if file.path == "course.md" else ""


def _kind(file: File, fields: header.Fields | None) -> str:
    said = fields.values.get("kind") if fields else None
    if said is None or fields is None:
        return "lesson"
    if said in KINDS:
        return str(said)
    near = get_close_matches(str(said), KINDS, 1, 0.6)
    fix = f"Did you mean {near[0]}?" if near else "Write quiz, exam or pool; a lesson has no kind."
    file.problem("E107", *fields.place("kind"), f"kind: {said!r} is not known here", fix)
    return ""


def question_at(blocks: Sequence[Block], at: int) -> bool:
    """Whether a question starts here: a heading with a `question:` comment right after it."""
    return _marked(blocks, at, "question")


def case_at(blocks: Sequence[Block], at: int) -> bool:
    """Whether a case starts here: a heading with a `case:` comment right after it."""
    return _marked(blocks, at, "case")


def _marked(blocks: Sequence[Block], at: int, word: str) -> bool:
    return (
        blocks[at][0].type == "heading_open"
        and at + 1 < len(blocks)
        and blocks[at + 1][0].type == "comment"
        and marker.first_word(blocks[at + 1][0].content) == word
    )


def question_end(blocks: Sequence[Block], at: int) -> int:
    """The index after a question's or case's last block: the next heading of its level or above."""
    level = blocks[at][0].tag
    for index in range(at + 1, len(blocks)):
        token = blocks[index][0]
        if token.type == "footnote_block_open" or (
            token.type == "heading_open" and token.tag <= level
        ):
            return index
    return len(blocks)


def _name_headings(item: Surveyed) -> None:
    """Give headings the anchors GitHub gives them, so that links work on the host as well."""
    times: dict[str, int] = {}
    for at, block in enumerate(item.blocks):
        if block[0].type != "heading_open":
            continue
        inline = blocks.inline_of(block)
        title = " ".join(blocks.plain(inline.children if inline else ()).split())
        slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        count = times.get(slug, 0)
        times[slug] = count + 1
        slug = f"{slug}-{count}" if count else slug
        if question_at(item.blocks, at):
            question = marker.parse(
                item.blocks[at + 1][0].content, ("question",), File("", ""), 1, 1
            )
            item.anchors[slug] = "q-" + question.text("question")
            continue
        anchor = "s-" + slug[:200]
        item.anchors[slug] = anchor
        block[0].meta = {"anchor": anchor}
        level = int(block[0].tag[1])
        if level == 1:
            item.file.problem(
                "E305",
                blocks.line_of(block),
                1,
                "a heading of the first level",
                "The title stands in the header; begin headings with ##.",
            )
            block[0].tag = block[-1].tag = "h2"
        elif level <= 3:
            item.sections.append(Section(anchor, title, level))


def _check_comments(item: Surveyed) -> None:
    """Markers that are misspelt (W111), or stand where they mean nothing (E306)."""
    starts = {
        id(item.blocks[at + 1][0])
        for at in range(len(item.blocks))
        if question_at(item.blocks, at) or case_at(item.blocks, at)
    }
    headings = {
        id(item.blocks[at + 1][0])
        for at in range(len(item.blocks) - 1)
        if item.kind == "lesson" and item.blocks[at][0].type == "heading_open"
    }
    for token in (token for block in item.blocks for token in block):
        for comment in [token, *(token.children or [])]:
            if comment.type != "comment":
                continue
            place: header.Place = comment.meta.get("place") or (blocks.line_at(comment), 1)
            near = marker.is_misspelt(comment.content)
            if near:
                item.file.problem(
                    "W111",
                    *place,
                    f"this comment looks like a {near} marker, and is not",
                    f"Did you mean {near}: ?",
                )
            word = marker.first_word(comment.content)
            if word == "only" and id(comment) not in headings:
                item.file.problem(
                    "E306",
                    *place,
                    "a limit to jurisdictions that does not follow a heading",
                    "Put it in a paragraph of its own right under a heading of a lesson.",
                )
            if word in ("question", "case") and id(comment) not in starts:
                item.file.problem(
                    "E306",
                    *place,
                    f"a {word} marker that does not follow a heading",
                    f"Put it in a paragraph of its own right under the {word}'s heading.",
                )


def _check_list(file: File) -> None:
    if file.header is not None:
        header.fields(file)
    check_entries(file)


def check_entries(file: File) -> dict[str, int]:
    """The lines of a glossary's terms, by id; of other lists only the Markdown is checked."""
    if not file.path.startswith("glossary."):
        tokens.parse(file)
        return {}
    lines: dict[str, int] = {}
    for entry in glossary.read(file):
        lines.setdefault(entry.id, entry.line)
    return lines


def course_header(found: dict[str, Surveyed]) -> CourseHeader | None:
    """The course's header, if there is a usable one."""
    item = found.get("course.md")
    return item.header if item and isinstance(item.header, CourseHeader) else None
