"""A file or folder of a course under another path: what moves along, and which links follow."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from mooc.content import tokens
from mooc.content.listing import Listing
from mooc.content.patch import LINES
from mooc.content.reading import read
from mooc.content.rewriting import still_fresh
from mooc.content.source import Tree
from mooc.content.survey import LISTS, TRANSLATION, is_text, is_translation

LANGUAGE = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"
# Code and comments first, so that what looks like a link in them stays as it is.
LINK = re.compile(
    r"(?P<skip>\\.|(?<!`)(`+)(?!`).*?(?<!`)\2(?!`)|<!--.*?-->)"
    r"|(?<=\])(?P<open>\(\s*)(?:<(?P<angle>[^<>\n]*)>|(?P<plain>(?:\\.|[^\s()<>\\]|\([^\s()]*\))+))",
    re.DOTALL,
)
DEFINITION = re.compile(
    r"(?P<open>^[ >]*\[(?!\^)[^\]\n]+\]:[ \t]*)(?:<(?P<angle>[^<>\n]*)>|(?P<plain>\S+))",
    re.MULTILINE,
)
COVER = re.compile(
    r"""^(?P<open>cover:[ \t]*)(?P<quote>["']?)(?P<plain>[^"'\n]*?)(?P=quote)[ \t]*$""",
    re.MULTILINE,
)


Follow = Callable[[re.Match[str]], str]


class CannotMove(Exception):
    """Why something stays where it is, as a sentence."""


@dataclass(frozen=True)
class Move:
    """Old paths and new ones; files to be written anew, by new path; how many links follow."""

    paths: Mapping[str, str]
    edits: Mapping[str, bytes]
    links: int


def moved(tree: Tree, old: str, new: str) -> Move:
    """What it takes to give `old` the path `new`, both within the course. Raises CannotMove."""
    known = frozenset(tree.paths())
    old, new = posixpath.normpath(old), posixpath.normpath(new)
    if new == ".." or new.startswith(("../", "/")):
        raise CannotMove(f"{new} lies outside of the course.")
    folder = any(path.startswith(old + "/") for path in known)
    if not folder and old not in known:
        raise CannotMove(f"There is no {old} in the course.")
    if any(path.startswith(new + "/") for path in known) and (not folder or new != old):
        new = posixpath.join(new, posixpath.basename(old))  # into that folder
    paths = _inside(known, old, new) if folder else _together(known, old, new)
    _refuse(known, paths)
    edits: dict[str, bytes] = {}
    count = 0
    for path in sorted(known):
        if path.endswith(".md"):
            data, links = _relinked(path, tree.read(path), known, paths)
            count += links
            if links:
                edits[paths.get(path, path)] = data
    return Move(paths, still_fresh(tree, edits, paths), count)


def _inside(known: frozenset[str], old: str, new: str) -> dict[str, str]:
    if new.startswith(old + "/"):
        raise CannotMove(f"{old} cannot be moved into itself.")
    return {path: new + path[len(old) :] for path in sorted(known) if path.startswith(old + "/")}


def _together(known: frozenset[str], old: str, new: str) -> dict[str, str]:
    """A file with its translations, transcripts and captions."""
    if is_translation(old, known):
        raise CannotMove(f"{old} is a translation; move its source, and it follows.")
    stem, end = posixpath.splitext(old)
    new_stem, new_end = posixpath.splitext(new)
    if new_end != end:
        raise CannotMove(f"{posixpath.basename(new)} should end with {end or 'nothing'} too.")
    ends = [re.escape(end)] if end == ".md" else [re.escape(end), r"\.vtt", r"\.transcript\.md"]
    along = re.compile(rf"(?:\.{LANGUAGE})?(?:{'|'.join(ends)})|\.transcript\.{LANGUAGE}\.md")
    # What belongs to x.svg may belong to x.png as well; then it stays with both, unmoved.
    alone = end == ".md" or not any(
        path != old
        and posixpath.splitext(path)[0] == stem
        and not along.fullmatch(path[len(stem) :])
        for path in known
    )
    return {
        path: new_stem + path[len(stem) :]
        for path in sorted(known)
        if path == old
        or (alone and path.startswith(stem + ".") and along.fullmatch(path[len(stem) :]))
    }


def _refuse(known: frozenset[str], paths: Mapping[str, str]) -> None:
    """Raise for a move that would change what a file is, or would hit another one."""
    if all(old == new for old, new in paths.items()):
        raise CannotMove("It is there already.")
    after = [paths.get(path, path) for path in sorted(known)]
    for old, new in paths.items():
        if new != old and new in known and new not in paths:
            raise CannotMove(f"{new} is there already.")
        fixed = {"course.md", *LISTS}
        if (_source(old) in fixed or _source(new) in fixed) and old != new:
            raise CannotMove(f"{', '.join(sorted(fixed))} have a fixed place.")
        before = (is_text(old), is_translation(old, known))
        if (is_text(new), is_translation(new, frozenset(after))) != before:
            raise CannotMove(f"{new} would be another kind of file by its name.")
    listing = Listing()
    for path in after:
        listing.add(path, 0o100644, 0)
    if listing.problems:
        problem = listing.problems[0]
        raise CannotMove(f"{problem.path} {problem.message}.")


def _source(path: str) -> str:
    found = TRANSLATION.fullmatch(path)
    return f"{found['source']}.md" if found else path


# ------------------------------------------------------------------------------------------- links


def _relinked(
    path: str, data: bytes, known: frozenset[str], paths: Mapping[str, str]
) -> tuple[bytes, int]:
    """The file with links that follow the move, and how many do. Raises CannotMove."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return data, 0
    count = 0

    def follow(found: re.Match[str]) -> str:
        nonlocal count
        groups = found.groupdict()
        raw = groups.get("angle") if groups.get("angle") is not None else groups.get("plain")
        if groups.get("skip") or raw is None:
            return found[0]
        after = _address(raw, path, known, paths)
        if after == raw:
            return found[0]
        count += 1
        if (mark := groups.get("quote")) is not None:
            return f"{groups['open']}{mark}{after}{mark}"
        angle = groups.get("angle") is not None or re.search(r"[\s()]", after)
        return f"{groups['open']}<{after}>" if angle else f"{groups['open']}{after}"

    changed = _rewritten(path, text, follow)
    _prove(path, text, changed, known, paths)
    return changed.encode("utf-8"), count


def _address(raw: str, path: str, known: frozenset[str], paths: Mapping[str, str]) -> str:
    """What a link in a file has to say after the move."""
    target, rest = _target(raw, path)
    if target not in known:
        return raw
    here, there = paths.get(path, path), paths.get(target, target)
    if here == path and there == target:
        return raw
    if (
        posixpath.normpath(
            posixpath.join(posixpath.dirname(here), unquote(raw[: len(raw) - len(rest)]))
        )
        == there
    ):
        return raw
    relative = posixpath.relpath(there, posixpath.dirname(here) or ".")
    return (quote(relative, safe="/()") if "%" in raw else relative) + rest


def _target(raw: str, path: str) -> tuple[str, str]:
    """The path that an address in a file names ("" for none), and its `?…#…`."""
    try:
        parts = urlsplit(raw)
    except ValueError:
        return "", ""
    found = re.search(r"[?#]", raw)
    bare = raw[: found.start()] if found else raw
    if parts.scheme or not bare or raw.startswith(("/", "\\")):
        return "", ""
    named = re.sub(r"\\(.)", r"\1", unquote(bare))
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), named)), raw[len(bare) :]


def _rewritten(path: str, text: str, follow: Follow) -> str:
    """The text with `follow` applied to each link, and in the header of a course to its cover."""
    file = read(path, text.encode("utf-8"), [])
    lines = LINES.findall(text)
    found = [token for token in tokens.parse(file) if token.map]
    code = {n for t in found if t.type in ("fence", "code_block") for n in range(*(t.map or ()))}
    words = {tuple(t.map or ()) for t in found if t.type == "inline"}
    used = {n for start, end in words for n in range(start, end)} | code
    head = len(lines) - len(LINES.findall(file.body.lstrip("\n"))) if file.header is not None else 0
    for start, end in sorted(words, reverse=True):
        lines[start:end] = [LINK.sub(follow, "".join(lines[start:end])), *[""] * (end - start - 1)]
    for n, line in enumerate(lines):
        if n < head and _source(path) == "course.md":
            lines[n] = COVER.sub(follow, line)
        elif n >= head and n not in used:
            lines[n] = DEFINITION.sub(follow, line)
    return "".join(lines)


def _prove(
    path: str, before: str, after: str, known: frozenset[str], paths: Mapping[str, str]
) -> None:
    """Every link has to lead to the same file as before, wherever that is now."""
    new = frozenset(paths.get(each, each) for each in known)
    old_targets = [(paths.get(t, t), rest) for t, rest in _targets(path, before, known)]
    if old_targets != list(_targets(paths.get(path, path), after, new)):
        raise CannotMove(f"A link in {path} cannot be followed; write its address plainly.")


def _targets(path: str, text: str, known: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Where the links and pictures of a file lead, in order; addresses elsewhere as they are."""
    file = read(path, text.encode("utf-8"), [])
    for token in tokens.parse(file):
        for child in token.children or ():
            raw = str(child.attrs.get("href") or child.attrs.get("src") or "")
            if child.type in ("link_open", "image"):
                target, rest = _target(raw, path)
                yield (target, rest) if target in known else (raw, "")
