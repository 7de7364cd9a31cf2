"""The glossary of a course: a list of terms, each with its forms and what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from mooc.content import blocks, header, marker, schema, tokens
from mooc.content.first_use import MOST_PIECES, cut
from mooc.content.markdown import Page, render_inline
from mooc.content.model import Term
from mooc.content.reading import File

TAKEN = frozenset({"main"})  # ids that every page has itself
SHAPE = "Write - **term**: what it means. <!-- term: an-id -->"


@dataclass(frozen=True)
class Entry:
    """One line of a glossary as it is written."""

    id: str
    term: str
    forms: tuple[str, ...]
    never: tuple[str, ...]
    definition: list[Token]
    line: int


def terms(entries: Sequence[Entry], page: Page) -> tuple[Term, ...]:
    """The entries of a file as learners meet them, in its order. The tokens are used up."""
    found = []
    for entry in entries:
        inline = Token("inline", "", 0, children=entry.definition, map=[entry.line - 1, entry.line])
        text = " ".join(blocks.plain(entry.definition).split())
        html = render_inline(inline, page)
        found.append(
            Term(entry.id, entry.term, entry.forms, html, text, page.language, entry.never)
        )
    return tuple(found)


def read(file: File) -> list[Entry]:
    """The entries of a file, everything wrong with them reported."""
    if file.header is not None:
        header.fields(file)
    found: list[Entry] = []
    for block in blocks.siblings(tokens.parse(file)):
        items = blocks.inside(block) if block[0].type == "bullet_list_open" else []
        found += [entry for item in items if (entry := _entry(item, file))]
    _find_doubles(found, file)
    return found


def _entry(item: Sequence[Token], file: File) -> Entry | None:
    inline = blocks.inline_of(item)
    children = [c for c in (inline.children if inline else None) or [] if c.content or c.nesting]
    line = blocks.line_of(item)
    if not children or children[0].type != "strong_open":
        what = "a glossary entry begins with its term in bold"
        file.problem("E217", line, 1, what, SHAPE)
        return None
    notes = [c for c in children if c.type == "comment" and marker.first_word(c.content) == "term"]
    if not notes:
        fix = "End it with <!-- term: an-id -->."
        file.problem("E217", line, 1, "a glossary entry without an id", fix)
        return None
    end = next(at for at, child in enumerate(children) if child.type == "strong_close")
    term = " ".join(blocks.plain(children[:end]).split())
    definition = _definition(inline, end, file, line)
    identity, forms, never = _marker(notes[-1], file)
    every = (term, *forms, *never)
    if not identity or not definition or not _countable(every, notes[-1], file):
        return None
    if len(blocks.siblings(item[1:-1])) > 1:
        file.problem("E217", line, 1, "a glossary entry of more than one paragraph", SHAPE)
    return Entry(identity, term, forms, never, definition, line)


def _definition(inline: Token | None, end: int, file: File, line: int) -> list[Token]:
    """What stands after the term in bold, without the colon or the dash."""
    children = (inline.children if inline else None) or []
    close = next(at for at, child in enumerate(children) if child.type == "strong_close")
    rest = [child for child in children[max(close, end) + 1 :] if child.type != "comment"]
    notes = [child for child in rest if child.type == "footnote_ref"]
    if rest and rest[0].type == "text":
        rest[0].content = rest[0].content.lstrip(" :—–-\u2009\xa0")
    if notes or not blocks.plain(rest).strip():
        what = "holds a footnote" if notes else "does not say what its term means"
        file.problem("E217", line, 1, f"a glossary entry that {what}", SHAPE)
        return []
    return rest


def _marker(note: Token, file: File) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Id, forms, and phrases that are none; an empty id after reporting why it cannot be one."""
    place: header.Place = note.meta["place"]
    found = marker.parse(note.content, ("term", "also", "not"), file, *place)
    identity = found.text("term")
    if not schema.ID.fullmatch(identity) or identity in TAKEN:
        fix = "Use 2 to 60 of a-z, 0-9 and hyphens."
        file.problem("E217", *place, f"{identity!r} cannot be a term's id", fix)
        identity = ""
    return identity, found.several("also"), found.several("not")


def _countable(forms: Sequence[str], note: Token, file: File) -> bool:
    """Whether each form can be found in a text: it begins and ends with a letter or digit."""
    for form in forms:
        if not 1 <= len(cut(form)) <= MOST_PIECES or "".join(cut(form)) != " ".join(form.split()):
            place: header.Place = note.meta["place"]
            what = f"{form!r} cannot be found in a text"
            fix = "A form is a few words that begin and end with a letter or a digit."
            file.problem("E217", *place, what, fix)
            return False
    return True


def _find_doubles(entries: Sequence[Entry], file: File) -> None:
    ids: dict[str, Entry] = {}
    forms: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        if (first := ids.setdefault(entry.id, entry)) is not entry:
            column = max(file.lines[entry.line - 1].find(f"term: {entry.id}") + 7, 1)
            what = f"the term id {entry.id!r} is used in line {first.line} too"
            file.problem("E219", entry.line, column, what, "Give one of them another id.")
        for form in dict.fromkeys((entry.term, *entry.forms)):
            key = cut(form, folded=True)
            first = forms.setdefault(key, entry)
            if first is not entry and first.id != entry.id:
                column = max(file.lines[entry.line - 1].rfind(form) + 1, 1)
                what = f"{form!r} is a form of the term in line {first.line} too"
                fix = "Leave it with the term that readers mean by it."
                file.problem("E216", entry.line, column, what, fix)
