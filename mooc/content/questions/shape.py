"""Where in a question its answers stand: a list, a numbered list, or a table."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from mooc.content.blocks import inline_of, inside, line_of, plain
from mooc.content.markdown import Page
from mooc.content.marker import Marker

Block = list[Token]

# What holds the answers of a type that is named; all others have a list of answers.
HOLDERS = {
    "matching": ("table_open",),
    "open": ("table_open",),
    "ordering": ("ordered_list_open",),
    **dict.fromkeys(("numeric", "text", "short text", "date", "cloze"), ("bullet_list_open",)),
}


def said_type(marker: Marker, page: Page) -> str:
    """The type that the author names; of a translated question, its original's."""
    original = (page.originals or {}).get(marker.text("question"))
    return marker.text("type") or (original.type if original else "")


def answers_at(body: Sequence[Block], said: str, page: Page) -> int:
    """Which block holds the answers. The number of blocks if none does."""
    for block in body:
        if block[0].type == "heading_open":
            page.file.problem(
                "Q106",
                line_of(block),
                1,
                "a heading of a lower level inside a question",
                "Give it the level of the question's heading, or a higher one.",
            )
    if said in ("matching", "ordering", "cloze", "open"):
        return _last(body, HOLDERS[said])
    lists = [at for at, block in enumerate(body) if is_answers(block)]
    if len(lists) > 1:
        page.file.problem(
            "Q106",
            line_of(body[lists[0]]),
            1,
            "the question has two lists of answers",
            "Make them one list; indent feedback (>) by two spaces under its option.",
        )
    if lists:
        return lists[-1]
    if said:
        return _last(body, HOLDERS.get(said, ()))
    return _by_shape(body)


def _last(body: Sequence[Block], types: Sequence[str]) -> int:
    found = [at for at, block in enumerate(body) if block[0].type in types]
    return found[-1] if found else len(body)


def _by_shape(body: Sequence[Block]) -> int:
    """The answers of a question of no named type that has no list of options: cloze first."""
    if any("[[" in plain(block) for block in body):
        nested = [at for at, block in enumerate(body) if _is_nested(block)]
        if nested:
            return nested[-1]
    table = _last(body, ("table_open",))
    return table if table < len(body) else _last(body, ("ordered_list_open",))


def _is_nested(block: Block) -> bool:
    return block[0].type == "bullet_list_open" and any(
        token.type == "bullet_list_open" for token in block[1:]
    )


def is_flat(block: Block) -> bool:
    """Whether its items are answers: in a cloze they are blanks, each with answers of its own."""
    lists = ("bullet_list_open", "ordered_list_open")
    if not block or block[0].type not in lists:
        return False
    return is_answers(block) or not _is_nested(block)


def is_answers(block: Block) -> bool:
    """Whether it is a list of options, or of answers to type."""
    if block[0].type != "bullet_list_open":
        return False
    items = inside(block)
    if any("mark" in item[0].meta for item in items):
        return True
    firsts = [
        next((c for c in (i.children or []) if c.content.strip()), None)
        if (i := inline_of(item))
        else None
        for item in items
    ]
    return all(first is not None and first.type == "code_inline" for first in firsts)
