"""Every problem of a course, without a database, and every code with its explanation."""

from __future__ import annotations

from datetime import date

from mooc.content.codes import CODES, Code
from mooc.content.loader import load
from mooc.content.markdown import unseen
from mooc.content.memory import Memory
from mooc.content.model import Problem
from mooc.content.source import Tree

__all__ = ["CODES", "Code", "check"]


def check(tree: Tree, today: date, memory: Memory | None = None) -> list[Problem]:
    """All problems in a tree, in order of file, line and column. Dates are judged by `today`.

    With a `memory` of an earlier check only files that changed are read again.
    """
    with unseen():
        return list(load(tree, today, memory).problems)
