"""What changed between two states of a course, as people speak of it, and how to write it down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mooc.content.model import Problem

# What a change asks of people: refused; marks given may differ now; learners notice; only words.
Severity = Literal["error", "regrade", "learners", "words"]
SEVERITIES: tuple[Severity, ...] = ("error", "regrade", "learners", "words")
Verb = Literal["new", "retired", "changed"]
LONGEST_COMMENT = 60_000  # characters; git hosts take 65,536


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is another now. `line` is 1 where nothing better is known.

    `message` holds no key of a question; `details` may, and stays empty for private files.
    """

    path: str
    line: int
    subject: str  # "question tm-sign", "lesson claims", "course"
    verb: Verb
    severity: Severity
    message: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changed in one course. `first`: there was no such course before."""

    course_id: str
    title: str
    first: bool
    changes: tuple[Change, ...]

    def counted(self) -> dict[Severity, int]:
        """How many changes there are of each severity, the gravest first, none left out."""
        counts = Counter(change.severity for change in self.changes)
        return {severity: counts[severity] for severity in SEVERITIES}

    def by_file(self) -> Iterator[tuple[str, list[Change]]]:
        """The changes of each file, files in order of their gravest change."""
        files: dict[str, list[Change]] = {}
        for change in sorted(self.changes, key=_gravity):
            files.setdefault(change.path, []).append(change)
        yield from files.items()

    def headline(self) -> str:
        """Everything in one line."""
        if self.first:
            return "new course"
        said = [WORDS[name].format(count) for name, count in self.counted().items() if count]
        return ", ".join(said) or "no change in meaning"


WORDS: dict[Severity, str] = {
    "error": "{} refused",
    "regrade": "{} to regrade",
    "learners": "{} that learners notice",
    "words": "{} of wording only",
}


def refusals(changes: Changes) -> list[Problem]:
    """Changes that may not be published: a question of another type under an old id."""
    return [
        _refusal(change.path, change.line, change.subject.partition(" ")[2], change.message)
        for change in changes.changes
        if change.severity == "error"
    ]


def of_another_type(path: str, line: int, question_id: str, old: str, new: str) -> Problem:
    """What to say of a question whose id was of another type before."""
    return _refusal(path, line, question_id, type_words(old, new))


def type_words(old: str, new: str) -> str:
    """The message of a change of type."""
    return f"was {old} and is {new} now"


def _refusal(path: str, line: int, question_id: str, message: str) -> Problem:
    fix = f"Give it a new id, such as <!-- question: {question_id[:57]}-2 -->"
    if message == type_words("single", "multiple"):
        fix += "; or mark the option that is right as well with [~]."
    else:
        fix += "; answers given to the old one stay with it."
    return Problem(path, line, 1, "Q201", f"question {question_id} {message}", fix)


def markdown(courses: list[Changes]) -> str:
    """All courses for a comment under a pull request: the sum first, then a fold for each file."""
    parts = ["### What changes for learners"]
    for changes in courses:
        parts.append(f"**{_plain(changes.title)}** (`{changes.course_id}`): {changes.headline()}")
        for path, found in changes.by_file():
            parts.append(_fold(path, found))
    if not courses:
        parts.append("Nothing in meaning.")
    text = "\n\n".join(parts) + "\n"
    if len(text) <= LONGEST_COMMENT:
        return text
    short = [part for part in parts if not part.startswith("<details>")]
    return "\n\n".join([*short, "Too much to list here: run `mooc diff`."]) + "\n"


MARKS: dict[Severity, str] = {"error": "⛔", "regrade": "⚖️", "learners": "👀", "words": "✏️"}


def _fold(path: str, found: list[Change]) -> str:
    worst = found[0].severity
    rows = []
    for change in found:
        words = _plain(f"{change.subject}: {change.message}")
        rows.append(f"- {MARKS[change.severity]} line {change.line}: {words}")
        rows += [f"  - {_plain(detail)}" for detail in change.details]
    count = f"{len(found)} change{'s' if len(found) > 1 else ''}"
    summary = f"<summary>{MARKS[worst]} {_plain(path)} ({count})</summary>"
    return "\n".join(["<details>", summary, "", *rows, "", "</details>"])


def _plain(text: str) -> str:
    """Words of a course in somebody's comment: no markup, no link, nobody called by name."""
    escaped = "".join(f"\\{c}" if c in "\\`*_[]~#|!" else c for c in " ".join(text.split()))
    escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("@", "@\u2060")


def _gravity(change: Change) -> tuple[int, str, int, str]:
    return SEVERITIES.index(change.severity), change.path, change.line, change.subject
