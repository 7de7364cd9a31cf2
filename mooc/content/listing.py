"""Which paths and texts a tree may hold; the rest is refused by name."""

from __future__ import annotations

import re
import stat
import unicodedata
from collections.abc import Iterator

from dulwich.objects import S_ISGITLINK

from mooc.content.model import Problem

MAX_FILES = 10_000
MAX_DEPTH = 20
MAX_TEXT = 512 * 1024
MAX_MEDIA = 20 * 1024 * 1024
DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}
# What a reviewer cannot see: controls, bidi embeddings, overrides and isolates, private use (which
# the web layer relies on never to meet, since it marks places in pages with it).
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069"
    "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)
# A hidden character, or what may name one: most texts hold neither.
UNUSUAL = re.compile(f"{HIDDEN.pattern}|&#")
REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,6})|([0-9]{1,7}));", re.IGNORECASE)


def text_problems(path: str, text: str) -> Iterator[Problem]:
    """Hidden characters in a decoded text, plain or as `&#…;`, each named with its place."""
    if not UNUSUAL.search(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        found = [(match.start(), match[0]) for match in HIDDEN.finditer(line)]
        for match in REFERENCE.finditer(line):
            point = int(match[1], 16) if match[1] else int(match[2])
            if point <= 0x10FFFF and HIDDEN.match(chr(point)):
                found.append((match.start(), chr(point)))
        for start, character in found:
            yield hidden_problem(path, number, start + 1, character, line)


def hidden_problem(path: str, line: int, column: int, character: str, source: str) -> Problem:
    """What to say about a hidden character."""
    return Problem(
        path,
        line,
        column,
        "E247",
        f"{_named(character)} is not allowed in course text",
        "Delete it: it can hide from a reviewer what a learner will read.",
        _shown(source),
    )


class Listing:
    """Paths that passed the rules for names, and the problems of those that did not."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.known: frozenset[str] = frozenset()
        self.problems: list[Problem] = []
        self._folded: dict[str, str] = {}

    def add(self, path: str, mode: int, size: int) -> bool:
        """Accept a path, or say why not."""
        problem = _kind_problem(path, mode) or _name_problem(path) or _size_problem(path, size)
        folded = unicodedata.normalize("NFC", path).casefold()
        if problem is None and folded in self._folded:
            problem = Problem(
                path,
                1,
                1,
                "E243",
                f"differs from {_shown(self._folded[folded])} only in letter case or accents",
                "Rename one of them: some computers take both for one file.",
            )
        if problem is not None:
            self.problems.append(problem)
            return False
        self._folded[folded] = path
        self.paths.append(path)
        return True

    def finish(self) -> None:
        """Sort, and refuse what is beyond the number of files."""
        self.paths.sort()
        if len(self.paths) > MAX_FILES:
            self.problems.append(
                Problem(
                    self.paths[MAX_FILES],
                    1,
                    1,
                    "E244",
                    f"more than {MAX_FILES:,} files",
                    "Split the course, or keep what learners do not see elsewhere.",
                )
            )
            del self.paths[MAX_FILES:]
        self.problems.sort()
        self.known = frozenset(self.paths)


def _kind_problem(path: str, mode: int) -> Problem | None:
    if stat.S_ISLNK(mode):
        return Problem(
            _shown(path), 1, 1, "E240", "is a symbolic link", "Put a copy of the file in its place."
        )
    if S_ISGITLINK(mode):
        return Problem(
            _shown(path), 1, 1, "E241", "is a git submodule", "Copy the files into this repository."
        )
    if not stat.S_ISREG(mode):
        return Problem(_shown(path), 1, 1, "E242", "is not a regular file", "Delete it.")
    return None


def _name_problem(path: str) -> Problem | None:
    def refuse(why: str) -> Problem:
        return Problem(_shown(path), 1, 1, "E242", why, "Rename the file.")

    parts = path.split("/")
    for character in path:
        if HIDDEN.match(character) or character in "\t\n":
            return refuse(f"has {_named(character)} in its name")
        if "\ud800" <= character <= "\udfff":
            return refuse("has a name that is not UTF-8")
    if path.startswith("/") or "\\" in path or ":" in path:
        return refuse("has a name with \\ or :, or an absolute one")
    if any(part in ("", ".", "..") for part in parts):
        return refuse("has . or .. in its path")
    if any(part.split(".")[0].casefold() in DEVICES for part in parts):
        return refuse("has a name that Windows keeps for a device")
    if len(parts) > MAX_DEPTH:
        return refuse(f"lies deeper than {MAX_DEPTH} folders")
    return None


def _size_problem(path: str, size: int) -> Problem | None:
    limit = MAX_TEXT if path.endswith(".md") else MAX_MEDIA
    if size <= limit:
        return None
    return Problem(
        path,
        1,
        1,
        "E246",
        f"holds {size:,} bytes; the limit is {limit:,}",
        "Split it." if path.endswith(".md") else "Compress it, or leave it out.",
    )


def size_problem(path: str, data: bytes) -> Problem | None:
    """Whether a file is over its limit: 512 KiB for text, 20 MiB for all else."""
    return _size_problem(path, len(data))


def _named(character: str) -> str:
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'a control character').lower()})"


def _shown(text: str) -> str:
    """A name or line with everything invisible made visible, so that a report cannot lie."""
    return "".join(c if c.isprintable() or c == "\t" else f"\\u{ord(c):04x}" for c in text)
