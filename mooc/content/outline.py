"""`course.md` after its header: what the course is about, its outcomes, and its outline."""

from __future__ import annotations

from dataclasses import dataclass

from markdown_it.token import Token

from mooc.content import marker
from mooc.content.blocks import inline_of, inside, line_of, plain
from mooc.content.links import Links
from mooc.content.markdown import Page, render, render_inline
from mooc.content.model import Module
from mooc.content.reading import File
from mooc.content.schema import ID
from mooc.content.survey import Block, Surveyed


@dataclass(frozen=True)
class Landing:
    """The parts of course.md. `items` are paths in teaching order, with the line of each link."""

    about_html: str
    outcomes_html: tuple[str, ...]
    modules: tuple[Module, ...]
    items: tuple[str, ...]


def landing(item: Surveyed, page: Page, known: dict[str, Surveyed]) -> Landing:
    """Read course.md. Items named in the outline must be lessons and quizzes among `known`."""
    parts, outline_line = _parts(item)
    outcomes = _outcomes(parts["learning outcomes"], page)
    modules, items = _outline(parts["outline"], page, known, outline_line)
    return Landing(_about(parts, page), outcomes, modules, items)


def landing_words(
    item: Surveyed, page: Page
) -> tuple[str, tuple[str, ...], dict[str, tuple[str, int]]]:
    """A translation of course.md: about, outcomes, and of modules the titles, with their lines.

    What it leaves out is the source's, as is the order of everything.
    """
    parts, _line = _parts(item)
    outcomes = _outcomes(parts["learning outcomes"], page) if parts["learning outcomes"] else ()
    titles: dict[str, tuple[str, int]] = {}
    for block in parts["outline"]:
        for entry in inside(block) if block[0].type == "ordered_list_open" else ():
            inline = inline_of(entry)
            title = " ".join(plain(inline.children if inline else ()).split())
            if title and (identity := _module_id(inline, page.file)):
                titles[identity] = (title, line_of(entry))
    return _about(parts, page), outcomes, titles


def _parts(item: Surveyed) -> tuple[dict[str, list[Block]], int]:
    """The blocks of each part of course.md, and the line on which the outline starts."""
    parts: dict[str, list[Block]] = {"about": [], "learning outcomes": [], "outline": []}
    part, outline_line = "about", 0
    for block in item.blocks:
        heading = _heading(block)
        if heading is not None and heading in parts and block[0].tag == "h2":
            part = heading
            outline_line = line_of(block) if part == "outline" else outline_line
        elif heading is not None and block[0].tag == "h2":
            part = "about"
            parts[part].append(block)
        elif block[0].type == "footnote_block_open":
            parts["about"].append(block)
        else:
            parts[part].append(block)
    return parts, outline_line


def _about(parts: dict[str, list[Block]], page: Page) -> str:
    return render([token for block in parts["about"] for token in block], page)


def _heading(block: Block) -> str | None:
    inline = inline_of(block) if block[0].type == "heading_open" else None
    return plain(inline.children).strip().lower() if inline else None


def _outcomes(blocks: list[Block], page: Page) -> tuple[str, ...]:
    lists = [b for b in blocks if b[0].type in ("bullet_list_open", "ordered_list_open")]
    found = tuple(
        render_inline(inline_of(entry), page) for block in lists for entry in inside(block)
    )
    if not found:
        page.file.problem(
            "W112",
            1,
            1,
            "the course names no learning outcomes",
            "Add ## Learning outcomes and a list of what one can do afterwards.",
        )
    return found


def additions(
    item: Surveyed, page: Page, known: dict[str, Surveyed], before: Landing
) -> tuple[tuple[Module, ...], tuple[str, ...]]:
    """Modules and items of a course with those that ## Outline of an overlay adds at the end."""
    below: list[Block] | None = None
    for block in item.blocks:
        if block[0].type == "heading_open" and block[0].tag == "h2":
            below = [] if _heading(block) == "outline" else below
        elif below is not None:
            below.append(block)
    if below is None:
        return before.modules, before.items
    return _outline(below, page, known, 1, before)


def _outline(
    blocks: list[Block],
    page: Page,
    known: dict[str, Surveyed],
    line: int,
    before: Landing | None = None,
) -> tuple[tuple[Module, ...], tuple[str, ...]]:
    file = page.file
    lists = [block for block in blocks if block[0].type == "ordered_list_open"]
    for block in blocks:
        if block[0].type not in ("ordered_list_open", "comment"):
            file.problem(
                "E211",
                line_of(block),
                1,
                "something in the outline that is no module",
                "An outline is one numbered list of modules, each with a list of links.",
            )
    if not lists:
        file.problem(
            "E210",
            line or 1,
            1,
            "the course has no outline",
            "Add ## Outline and a numbered list of modules with links to lessons.",
        )
    modules: list[Module] = list(before.modules) if before else []
    items: list[str] = list(before.items) if before else []
    for entry in (entry for block in lists for entry in inside(block)):
        module = _module(entry, page, known, items)
        if module is None:
            continue
        if module.id in {other.id for other in modules}:
            file.problem(
                "E202",
                line_of(entry),
                1,
                f"two modules have the id {module.id!r}",
                "Give one of them another id.",
            )
        modules.append(module)
    return tuple(modules), tuple(items)


def _module(
    entry: Block, page: Page, known: dict[str, Surveyed], items: list[str]
) -> Module | None:
    file, line = page.file, line_of(entry)
    parts = inside(entry)
    inline = inline_of(parts[0]) if parts and parts[0][0].type == "paragraph_open" else None
    title = " ".join(plain(inline.children if inline else ()).split())
    identity = _module_id(inline, file)
    listed: list[str] = []
    for part in parts[1:]:
        if part[0].type not in ("bullet_list_open", "ordered_list_open"):
            if part[0].type != "comment":
                file.problem(
                    "E211",
                    line_of(part),
                    1,
                    "text in a module",
                    "A module is a title and a list of links.",
                )
            continue
        listed += [item for link in inside(part) if (item := _item(link, page, known, items))]
    if not title or not ID.fullmatch(identity):
        file.problem(
            "E215",
            line,
            1,
            "a module needs a title and an id",
            "Write 1. Title <!-- module: an-id -->.",
        )
        return None
    if not listed:
        file.problem(
            "E211",
            line,
            1,
            f"the module {title!r} lists nothing",
            "Put a list of links to lessons under it, indented.",
        )
    return Module(identity, title, tuple(listed))


def _module_id(inline: Token | None, file: File) -> str:
    for comment in (inline.children if inline else None) or ():
        if comment.type == "comment" and marker.first_word(comment.content) == "module":
            line, column = comment.meta["place"]
            return marker.parse(comment.content, ("module",), file, line, column).text("module")
    return ""


def _item(entry: Block, page: Page, known: dict[str, Surveyed], items: list[str]) -> str:
    """The id of the lesson or quiz that one outline line links to; "" after reporting why not."""
    inline, line = inline_of(entry), line_of(entry)
    links = [c for c in (inline.children if inline else None) or () if c.type == "link_open"]
    source = page.file.lines[line - 1]
    column = len(source) - len(source.lstrip()) + 1
    if len(links) != 1:
        page.file.problem(
            "E211",
            line,
            column,
            "an outline line is one link",
            "Write - [Title](folder/lesson.md).",
        )
        return ""
    href = str(links[0].attrs.get("href", ""))
    path = page.links.file(page.file, href)
    column = max(source.find(href) + 1, 1)
    found = known.get(path)
    if found is None or found.kind not in ("lesson", "quiz", "exam"):
        if found is None and path not in page.links.targets:
            _missing(page.file, page.links, path, line, column)
        else:
            page.file.problem(
                "E212",
                line,
                column,
                f"{path} is no lesson or quiz",
                "Outlines list lessons, quizzes and exams.",
            )
        return ""
    if path in items:
        page.file.problem(
            "E214", line, column, f"{path} is listed twice", "Delete one of the lines."
        )
        return ""
    items.append(path)
    return found.id


def _missing(file: File, links: Links, path: str, line: int, column: int) -> None:
    file.problem("E220", line, column, f"there is no file {path}", links.nearest(file, path))
