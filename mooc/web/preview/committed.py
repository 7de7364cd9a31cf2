"""What the last commit says of a course: does a change of a question change its scoring?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from dulwich.errors import NotGitRepository
from dulwich.repo import Repo

from mooc.content.loader import load
from mooc.content.model import Question
from mooc.content.source import GitTree

Change = Literal["", "new", "scoring", "text"]


@dataclass(frozen=True)
class Committed:
    """The questions of the last commit: id → hash of how it is scored, hash of its text."""

    revision: str
    hashes: Mapping[str, tuple[str, str]] = field(repr=False)

    def change(self, question: Question) -> Change:
        """What is new in a question, the gravest first."""
        if question.id not in self.hashes:
            return "new"
        scoring, text = self.hashes[question.id]
        if scoring != question.scoring_hash:
            return "scoring"
        return "" if text == question.text_hash else "text"


def committed(folder: Path, known: Committed | None) -> Committed | None:
    """The course in the last commit; what is known already if that is still the last one.

    None where there is no git, no commit, or no such course in it.
    """
    try:
        with Repo.discover(str(folder)) as repo:
            root, revision = Path(repo.path).resolve(), repo.head().decode()
        if known is not None and known.revision == revision:
            return known
        under = folder.resolve().relative_to(root).as_posix()
        tree = GitTree(root, revision, "" if under == "." else under)
        course = load(tree, datetime.now(UTC).date()).partial
    except (NotGitRepository, KeyError, OSError, ValueError):
        return None
    if course is None:
        return None
    hashes = {each.id: (each.scoring_hash, each.text_hash) for each in course.questions()}
    return Committed(revision, hashes)
