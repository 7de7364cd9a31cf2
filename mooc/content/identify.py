"""Ids and keys that are missing in a file: what to add, and where. Those there are never touched.

Recorded answers name options by key. An option without one is known by its words, so the key that
keeps the meaning of answers is the one made of these words; `a`, `b`, `c` are for new questions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase

from markdown_it.token import Token

from mooc.content import marker, naming, patch, tokens
from mooc.content.blocks import inline_of, inside, line_of, plain, siblings
from mooc.content.patch import Piece
from mooc.content.questions.choice import TRUE_FALSE
from mooc.content.questions.folding import fold
from mooc.content.reading import File, read
from mooc.content.source import Tree
from mooc.content.survey import Block, is_translation, question_at, question_end

CHOSEN = ("single", "multiple", "survey")


@dataclass(frozen=True)
class Added:
    """One id or key: on which line (from 1) it belongs, what it is for, and the text to put in."""

    line: int
    what: str  # question, option, module, term
    id: str
    piece: Piece


@dataclass
class Option:
    """An option of a list; `end` is the inline token that holds its text."""

    words: str
    key: str
    end: Token


@dataclass
class Question:
    """A question, or a heading that should be one, with its options. `id` is empty if missing."""

    id: str
    heading: Block
    note: Token | None
    title: str
    kind: str
    options: list[Option] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """What is taken in the course, and the questions that answers may be recorded of already.

    `recorded` None: nobody knows, so each one may be.
    """

    questions: set[str]
    recorded: frozenset[str] | None = frozenset()


def course(tree: Tree, known: Known) -> Iterator[tuple[str, list[Added], bytes]]:
    """(path, what it lacks, the file with it) for each file of a course that lacks something."""
    paths = frozenset(tree.paths())
    made: dict[str, bytes] = {}
    for path in sorted(paths, key=lambda path: (is_translation(path, paths), path)):
        if not path.endswith(".md"):
            continue
        try:
            data = tree.read(path)
            if is_translation(path, paths):
                source = path.rsplit(".", 2)[0] + ".md"
                added = translated(path, data, made.get(source) or tree.read(source))
            else:
                added = missing(path, data, known)
        except UnicodeDecodeError:  # the check has a code for that
            continue
        if added:
            made[path] = patch.insert(data, [each.piece for each in added])
            yield path, added, made[path]


def missing(path: str, data: bytes, known: Known) -> list[Added]:
    """What a file lacks. New ids are noted in `known.questions`."""
    file = read(path, data, [])
    blocks = siblings(tokens.parse(file))
    if path == "course.md":
        return list(_modules(blocks, file))
    if path == "glossary.md":
        return list(_terms(blocks, file))
    found: list[Added] = []
    for question in questions(blocks, file):
        identity = question.id
        if not identity:
            identity = naming.unused(naming.slug(question.title), known.questions, "question")
            found.append(_marked(question, identity, file))
        fresh = known.recorded is not None and identity not in known.recorded
        found += _keys(question, fresh, file)
    return found


def translated(path: str, data: bytes, source: bytes) -> list[Added]:
    """What a translation lacks of the ids and keys of its source, question by question."""
    file, original = read(path, data, []), read("source", source, [])
    blocks, others = siblings(tokens.parse(file)), siblings(tokens.parse(original))
    keys = {q.id: [option.key for option in q.options] for q in questions(others, original) if q.id}
    found: list[Added] = []
    for question in questions(blocks, file):
        theirs = keys.get(question.id, [])
        if len(theirs) == len(question.options):
            found += [
                _key(option, key, file)
                for option, key in zip(question.options, theirs, strict=True)
                if key and not option.key
            ]
    return found


def questions(blocks: Sequence[Block], file: File) -> Iterator[Question]:
    """The questions of a file, and the headings above options that lack a marker."""
    graded = file.header is not None and "\nkind:" in "\n" + file.header
    for at, block in enumerate(blocks):
        if block[0].type != "heading_open":
            continue
        inline = inline_of(block)
        title = " ".join(plain(inline.children if inline else ()).split())
        if question_at(blocks, at):
            note = blocks[at + 1][0]
            if marker.first_word(note.content) == "case":
                continue
            said = marker.parse(
                note.content, ("question", "type"), File("", ""), line_of(blocks[at + 1]), 1
            )
            body = blocks[at + 2 : question_end(blocks, at)]
            yield Question(
                said.text("question"), block, note, title, said.text("type"), _options(body)
            )
        else:
            body = _until_heading(blocks, at + 1)
            if _asks(body, graded):
                yield Question("", block, None, title, "", _options(body))


def _until_heading(blocks: Sequence[Block], start: int) -> list[Block]:
    end = start
    while end < len(blocks) and blocks[end][0].type not in ("heading_open", "footnote_block_open"):
        end += 1
    return list(blocks[start:end])


def _asks(body: Sequence[Block], graded: bool) -> bool:
    """Whether the blocks under a heading hold answers: options, or in a quiz nothing but code."""
    for block in body:
        if block[0].type != "bullet_list_open":
            continue
        items = inside(block)
        if any("mark" in item[0].meta for item in items):
            return True
        if graded and all(_is_code(inline_of(item)) for item in items):
            return True
    return False


def _is_code(inline: Token | None) -> bool:
    shown = [c for c in (inline.children if inline else None) or [] if c.content.strip()]
    return bool(shown) and shown[0].type == "code_inline"


def _options(body: Sequence[Block]) -> list[Option]:
    found: list[Option] = []
    for block in body:
        for item in inside(block) if block[0].type == "bullet_list_open" else ():
            parts = inside(item)
            inline = inline_of(item)
            if "mark" not in item[0].meta or inline is None or parts[0][0].type != "paragraph_open":
                continue
            notes = [*(inline.children or []), *(part[0] for part in parts[1:])]
            keys = [c.content for c in notes if c.type == "comment" and ":" not in c.content]
            shown = [c for c in inline.children or [] if c.type != "comment"]
            found.append(Option(" ".join(plain(shown).split()), (keys or [""])[-1], inline))
    return found


def _marked(question: Question, identity: str, file: File) -> Added:
    """The marker of a question that has none, or an empty one."""
    if question.note is not None:  # <!-- question: ; … -->
        line = (question.note.map or [0])[0]
        column = file.lines[line].index(":", file.lines[line].index("<!--")) + 1
        return Added(line + 1, "question", identity, (line, column, f" {identity}"))
    end = (question.heading[0].map or [0, 1])[1]
    tight = end < len(file.lines) and file.lines[end].strip()
    text = f"\n<!-- question: {identity} -->\n" + ("\n" if tight else "")
    return Added(line_of(question.heading), "question", identity, (end, 0, text))


def _keys(question: Question, fresh: bool, file: File) -> Iterator[Added]:
    """The keys that options lack: letters for a fresh question, else what they are known as."""
    options = question.options
    words = tuple(fold(option.words) for option in options)
    true_false = any(words in (pair, pair[::-1]) for pair in TRUE_FALSE)
    typed = all(_is_code(option.end) for option in options)
    if question.kind not in CHOSEN and (question.kind or true_false or typed):
        return
    taken = {option.key for option in options if option.key}
    for place, option in enumerate(options):
        if option.key or not option.words:
            continue
        key = _letter(place, taken) if fresh else known_as(option.words)
        if key and key not in taken:  # two options that say the same are for the check to report
            taken.add(key)
            yield _key(option, key, file)


def known_as(words: str) -> str:
    """What an option without a key is known as."""
    return "t-" + hashlib.sha256(fold(words).encode()).hexdigest()[:16]


def _letter(place: int, taken: set[str]) -> str:
    letters = [*ascii_lowercase[place:], *ascii_lowercase[:place]]
    return next((letter for letter in letters if letter not in taken), "")


def _key(option: Option, key: str, file: File) -> Added:
    return _behind(option.end, "option", key, f"<!-- {key} -->", file)


def _behind(token: Token, what: str, identity: str, comment: str, file: File) -> Added:
    """A comment behind the last word of a paragraph."""
    line = (token.map or [0, 1])[1] - 1
    column = len(file.lines[line].rstrip())
    return Added(line + 1, what, identity, (line, column, f" {comment}"))


def _modules(blocks: Sequence[Block], file: File) -> Iterator[Added]:
    within = False
    missing: list[Token] = []
    taken: set[str] = set()
    for block in blocks:
        if block[0].type == "heading_open" and block[0].tag == "h2":
            inline = inline_of(block)
            within = plain(inline.children if inline else ()).strip().lower() == "outline"
        for entry in inside(block) if within and block[0].type == "ordered_list_open" else ():
            parts = inside(entry)
            title = inline_of(parts[0]) if parts and parts[0][0].type == "paragraph_open" else None
            known = _said(title, "module")
            if known:
                taken.add(known)
            elif title is not None:
                missing.append(title)
    for title in missing:
        words = plain([c for c in title.children or [] if c.type != "comment"])
        identity = naming.unused(naming.slug(words), taken, "module")
        yield _behind(title, "module", identity, f"<!-- module: {identity} -->", file)


def _terms(blocks: Sequence[Block], file: File) -> Iterator[Added]:
    missing: list[tuple[Token, str]] = []
    taken: set[str] = set()
    for block in blocks:
        for entry in inside(block) if block[0].type == "bullet_list_open" else ():
            inline = inline_of(entry)
            children = [
                c for c in (inline.children if inline else None) or [] if c.content or c.nesting
            ]
            if inline is None or not children or children[0].type != "strong_open":
                continue
            if known := _said(inline, "term"):
                taken.add(known)
            else:
                end = next(n for n, c in enumerate(children) if c.type == "strong_close")
                missing.append((inline, plain(children[:end])))
    for inline, words in missing:
        identity = naming.unused(naming.slug(words), taken, "term")
        yield _behind(inline, "term", identity, f"<!-- term: {identity} -->", file)


def _said(inline: Token | None, word: str) -> str:
    """The id that a comment of this kind names; anything at all that it says counts."""
    for comment in (inline.children if inline else None) or ():
        if comment.type == "comment" and marker.first_word(comment.content) == word:
            return comment.content.partition(":")[2].partition(";")[0].strip() or "?"
    return ""
