"""What authors are told about one kind of problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Where = Literal[
    "course", "lesson", "quiz", "pool", "glossary", "tree", "translation", "overlay", "site"
]


@dataclass(frozen=True, slots=True)
class Code:
    """A code with an example that has the problem and one that has not.

    `where` names the kind of file the examples are from. Those that begin with `---` are whole
    files, all others stand below a header; of `tree` and `site` the examples are descriptions. A
    `translation` is one of a lesson, or, when it stands below a header, one of a pool; an `overlay`
    is a file laid over a course.
    """

    title: str
    why: str
    bad: str
    good: str
    where: Where = "lesson"
