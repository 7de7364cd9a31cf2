"""Every code the check reports, once: stable, explained, with a bad and a good example."""

from __future__ import annotations

from mooc.content.codes.code import Code
from mooc.content.codes.forms import FORMS
from mooc.content.codes.headers import HEADERS
from mooc.content.codes.markdown import MARKDOWN
from mooc.content.codes.publishing import PUBLISHING
from mooc.content.codes.questions import QUESTIONS
from mooc.content.codes.roots import ROOTS
from mooc.content.codes.structure import STRUCTURE
from mooc.content.codes.translations import TRANSLATIONS
from mooc.content.codes.tree import TREE
from mooc.content.codes.writing import WRITING

__all__ = ["CODES", "Code"]

CODES: dict[str, Code] = dict(
    sorted(
        {
            **HEADERS,
            **STRUCTURE,
            **ROOTS,
            **TREE,
            **MARKDOWN,
            **QUESTIONS,
            **FORMS,
            **PUBLISHING,
            **TRANSLATIONS,
            **WRITING,
        }.items()
    )
)
