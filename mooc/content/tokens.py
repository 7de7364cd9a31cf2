"""Markdown as tokens: parsed once a file, measured, freed of HTML, every problem with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from mooc.content.blocks import Finder
from mooc.content.reading import File

MAX_NESTING = 8
MAX_ROWS = 2_000
MAX_COLUMNS = 50
MAX_PARAGRAPH = 20_000
MAX_BRACKETS = 32
MAX_TOKENS = 60_000

COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
ALERT = re.compile(r"\[!([A-Za-z]+)\]([^\n]*)(?:\n|$)")
ALERTS = ("note", "tip", "important", "warning", "caution", "example")
UNDEFINED_NOTE = re.compile(r"\[\^[^\]\s]+\]")
MARK = re.compile(r"\[([ xX~])\](?:[ \t\n]+|$)")
DELIMITER_ROW = re.compile(r"^[ >]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-*:?[ \t]*)*$")
OPENING = {"blockquote_open", "bullet_list_open", "ordered_list_open"}
CLOSING = {"blockquote_close", "bullet_list_close", "ordered_list_close"}

# What to write instead, for the HTML people reach for.
INSTEAD = {
    "a": "[text](address)", "b": "**text**", "strong": "**text**", "i": "*text*", "em": "*text*",
    "br": "a backslash at the end of the line", "code": "`text`", "pre": "a fenced code block",
    "del": "~~text~~", "s": "~~text~~", "strike": "~~text~~", "hr": "a line of three hyphens",
    "img": "![what it shows](file)", "picture": "![what it shows](file)",
    "figure": '![what it shows](file "caption") in a paragraph of its own',
    "table": "a Markdown table", "ul": "a list", "ol": "a list", "li": "a list",
    "p": "a blank line", "blockquote": "> text", "sup": "a footnote: [^1]",
    "div": "an alert: > [!NOTE]",
    "details": "an alert: > [!EXAMPLE]", **{f"h{n}": "#" * n + " heading" for n in range(1, 7)},
}  # fmt: skip


def parse(file: File) -> list[Token]:
    """The tokens of a file's body: comments are tokens of type `comment`, other HTML is reported.

    Options of task lists carry `meta["mark"]` on their `list_item_open`: " ", "x" or "~".
    """
    body = _without_huge_tables(file)
    env: dict[str, Any] = {"file": file}
    try:
        tokens = _parser().parse(body, env)
    except RecursionError:
        file.problem("E302", 1, 1, "is nested too deeply to be read", "Make it flatter.")
        return []
    return _without_html(tokens, file)


def _parser() -> MarkdownIt:
    # The parser drops what is beyond its own limit without a word, so ours, measured, is smaller.
    options = {"html": True, "maxNesting": 60}
    md = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    md.use(footnote_plugin, inline=False)
    # Every address is judged, and reported, by links.py; the parser would leave bad ones as text.
    md.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    md.core.ruler.after("block", "measure", _measure)
    return md


def _without_huge_tables(file: File) -> str:
    """The body without tables wider than the limit: they cost the parser seconds."""
    if "|" not in file.body:
        return file.body
    lines = file.body.split("\n")
    for number, line in enumerate(lines):
        if line.count("|") > MAX_COLUMNS and (
            len(line) > MAX_PARAGRAPH or DELIMITER_ROW.match(line)
        ):
            file.problem(
                "E303",
                number + 1,
                1,
                f"a table of more than {MAX_COLUMNS} columns",
                "Split the table.",
            )
            lines[number] = ""
    return "\n".join(lines)


def _measure(state: StateCore) -> None:
    """Between blocks and inlines: refuse what is too deep or too long, and read task-list marks."""
    file: File = state.env["file"]
    depth = rows = line = 0
    if len(state.tokens) > MAX_TOKENS:
        file.problem("E304", 1, 1, "is too long for one file", "Split it into several.")
        state.tokens.clear()
    for index, token in enumerate(state.tokens):
        line = token.map[0] + 1 if token.map else line
        if token.type in OPENING:
            depth += 1
            if depth == MAX_NESTING + 1:
                file.problem(
                    "E302",
                    line,
                    1,
                    f"is nested deeper than {MAX_NESTING} levels",
                    "Make it flatter.",
                )
        elif token.type in CLOSING:
            depth -= 1
        elif token.type == "table_open":
            rows = 0
        elif token.type == "tr_open":
            rows += 1
            if rows == MAX_ROWS + 1:
                file.problem(
                    "E303", line, 1, f"a table of more than {MAX_ROWS:,} rows", "Split the table."
                )
        elif token.type == "inline":
            _measure_inline(token, line, file)
            _read_mark(state.tokens, index)
            _read_alert(state.tokens, index, line, file)


def _measure_inline(token: Token, line: int, file: File) -> None:
    if len(token.content) > MAX_PARAGRAPH:
        file.problem(
            "E304", line, 1, f"a paragraph of more than {MAX_PARAGRAPH:,} characters", "Split it."
        )
        token.content = ""
        return
    depth = 0
    for character in token.content:
        depth = depth + 1 if character == "[" else max(depth - 1, 0) if character == "]" else depth
        if depth > MAX_BRACKETS:
            file.problem(
                "E302",
                line,
                1,
                f"more than {MAX_BRACKETS} brackets in one another",
                "Make it flatter.",
            )
            token.content = ""
            return


def _read_mark(tokens: Sequence[Token], index: int) -> None:
    """Move `[x] ` from the text of an item to its token; empty and `[~]` items too."""
    if index < 2 or tokens[index - 2].type != "list_item_open":
        return
    item, token = tokens[index - 2], tokens[index]
    if found := MARK.match(token.content):
        item.meta = {**item.meta, "mark": found[1].lower()}
        token.content = token.content[found.end() :]


def _read_alert(tokens: Sequence[Token], index: int, line: int, file: File) -> None:
    """Move `[!NOTE]` from the text of a quotation to `meta["alert"]` of its token."""
    if index < 2 or tokens[index - 2].type != "blockquote_open":
        return
    token = tokens[index]
    found = ALERT.match(token.content)
    if found is None:
        return
    kind = found[1].lower()
    column = max(file.lines[line - 1].find("[!") + 1, 1)
    if kind not in ALERTS:
        names = ", ".join(name.upper() for name in ALERTS)
        file.problem("E307", line, column, f"[!{found[1]}] is no alert", f"Use one of {names}.")
    elif found[2].strip():
        file.problem(
            "E307",
            line,
            column,
            "text beside an alert's name makes it a plain quotation",
            "Start the text on the next line, with > before it.",
        )
    else:
        tokens[index - 2].meta = {"alert": kind}
        token.content = token.content[found.end() :]
        if not token.content:
            tokens[index - 1].hidden = tokens[index + 1].hidden = True


def _without_html(tokens: list[Token], file: File) -> list[Token]:
    kept: list[Token] = []
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        if token.type == "html_block":
            kept.extend(_comments_of(token, line, file))
            continue
        if token.type == "inline":
            place = Finder(token, file)
            token.children = [
                c for child in token.children or [] for c in _inline_html(child, place, file)
            ]
            _measure_emphasis(token, line, file)
            _find_undefined_notes(token, file)
        kept.append(token)
    return kept


def _comments_of(block: Token, line: int, file: File) -> Iterator[Token]:
    """The comments of an HTML block as tokens; whatever else it holds is an error."""
    content, at = block.content, 0
    for found in COMMENT.finditer(content):
        _html_rest(content[at : found.start()], line + content[:at].count("\n"), file, after=at > 0)
        start = line - 1 + content[: found.start()].count("\n")
        yield Token(
            "comment",
            "",
            0,
            content=_comment_text(found),
            level=block.level,
            block=True,
            map=[start, start + 1 + found[0].count("\n")],
        )
        at = found.end()
    _html_rest(content[at:], line + content[:at].count("\n"), file, after=at > 0)


def _html_rest(rest: str, line: int, file: File, *, after: bool) -> None:
    stripped = rest.strip()
    if not stripped:
        return
    line += rest[: len(rest) - len(rest.lstrip())].count("\n")
    column = max(file.lines[line - 1].find(stripped.split("\n")[0]) + 1, 1)
    if stripped.startswith("<!--"):
        file.problem("E306", line, column, "a comment that never ends", "Close it with -->.")
    elif after and not stripped.startswith("<"):
        file.problem(
            "E306",
            line,
            column,
            "text after a comment on one line is taken for HTML",
            "Put the text on the next line.",
        )
    else:
        _refuse_html(stripped, line, column, file)


def _inline_html(child: Token, place: Finder, file: File) -> Iterator[Token]:
    if child.type != "html_inline":
        yield child
        return
    line, column = place(child.content)
    if found := COMMENT.fullmatch(child.content):
        yield Token("comment", "", 0, content=_comment_text(found), meta={"place": (line, column)})
    elif not child.content.startswith("</"):  # the opening tag was reported already
        _refuse_html(child.content, line, column, file)


def _refuse_html(html: str, line: int, column: int, file: File) -> None:
    name = re.match(r"</?([a-zA-Z][\w-]*)", html)
    tag = name[1].lower() if name else ""
    what = f"<{tag}> is HTML" if tag else "HTML"
    fix = (
        f"Write {INSTEAD[tag]}."
        if tag in INSTEAD
        else "Write Markdown; for a literal < put the text in `…`."
    )
    file.problem("E301", line, column, f"{what}, which course text may not hold", fix)


def _comment_text(found: re.Match[str]) -> str:
    return found[1].replace("--\\>", "-->").strip()


def _measure_emphasis(token: Token, line: int, file: File) -> None:
    depth = 0
    for child in token.children or []:
        depth += child.nesting
        if depth > MAX_NESTING:
            file.problem(
                "E302", line, 1, f"is nested deeper than {MAX_NESTING} levels", "Make it flatter."
            )
            token.children = []
            return


def _find_undefined_notes(token: Token, file: File) -> None:
    place = Finder(token, file)
    for child in token.children or []:
        for found in UNDEFINED_NOTE.finditer(child.content) if child.type == "text" else ():
            file.problem(
                "E308",
                *place(found[0]),
                f"the footnote {found[0]} is not defined",
                f"Add a paragraph that begins {found[0]}: and holds its text.",
            )
