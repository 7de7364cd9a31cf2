"""The words for a course's level."""

from __future__ import annotations

from mooc.web.i18n import _l

LEVELS = {
    "introductory": _l("Introductory"),
    "intermediate": _l("Intermediate"),
    "advanced": _l("Advanced"),
}


def level_name(level: str) -> str:
    """A level in the reader's language."""
    return str(LEVELS.get(level, level))
