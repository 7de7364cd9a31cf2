"""One file as text: decoded, line ends normalised, header cut off, ready to report problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mooc.content.listing import size_problem, text_problems
from mooc.content.model import Problem

MOST_PROBLEMS = 1_000  # a file with more is not course text at all


@dataclass
class File:
    """A text file. `body` keeps the line numbers of the file: header lines are blank in it."""

    path: str
    text: str
    problems: list[Problem] = field(default_factory=list)
    header: str | None = None  # None: the file has none
    body: str = ""
    lines: list[str] = field(default_factory=list)
    broken: bool = False  # an error was reported, so no learner will see this version
    unreadable: bool = False  # its beginning says nothing about the header meant
    translation: bool = False
    _reported: set[Problem] = field(default_factory=set)

    def problem(self, code: str, line: int, column: int, message: str, fix: str = "") -> None:
        """Report something about this file; lines and columns from 1.

        A question gone wrong in a translation stops no publish: learners get the original (W120).
        """
        if self.translation and code[0] == "Q":
            code, message = "W120", f"{message}, so learners are asked the original question"
        source = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        found = Problem(self.path, max(line, 1), max(column, 1), code, message, fix, source)
        if len(self._reported) < MOST_PROBLEMS and found not in self._reported:
            self._reported.add(found)
            self.broken = self.broken or found.severity == "error"
            self.problems.append(found)

    def repeat(self, known: Sequence[Problem]) -> None:
        """Report what was found in the same text before."""
        for problem in known:
            if problem not in self._reported:
                self._reported.add(problem)
                self.broken = self.broken or problem.severity == "error"
                self.problems.append(problem)


def read(path: str, data: bytes, problems: list[Problem]) -> File:
    """The file, even when something is wrong with it: a broken file never hides other problems."""
    refused = size_problem(path, data) or _wide(path, data)
    if refused:
        problems.append(refused)
        data = b""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        problems.append(
            Problem(path, line, column, "E245", "is not UTF-8 text", "Save the file as UTF-8.")
        )
        text = data.decode("utf-8", "replace")
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    unseen = list(text_problems(path, text))[:20]
    problems.extend(unseen)
    if unseen:
        text = "".join(c if c.isprintable() or c in "\n\t" else " " for c in text)
    file = File(path, text, problems, lines=text.split("\n"), unreadable=refused is not None)
    _cut_header(file)
    return file


def _wide(path: str, data: bytes) -> Problem | None:
    """What some editors save as "Unicode" is UTF-16: every second byte of it would be reported."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    return Problem(path, 1, 1, "E245", "is UTF-16, not UTF-8 text", "Save the file as UTF-8.")


def _cut_header(file: File) -> None:
    file.body = file.text
    if not file.lines or file.lines[0].rstrip() != "---":
        return
    for number, line in enumerate(file.lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            file.header = "\n".join(file.lines[1:number])
            file.body = "\n" * (number + 1) + "\n".join(file.lines[number + 1 :])
            return
    file.body = ""
    file.unreadable = True
    file.problem("E102", 1, 1, "the header never ends", "Close it with a line of three hyphens.")
