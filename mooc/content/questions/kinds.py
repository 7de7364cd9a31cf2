"""Which type a question is: as its author says, or by its shape, in one fixed order."""

from __future__ import annotations

from typing import get_args

from mooc.content.model import QuestionType
from mooc.content.questions import choice, computed, date, numeric, text
from mooc.content.questions.draft import Draft
from mooc.content.questions.shape import said_type

TYPES: dict[str, QuestionType] = {
    **{name: name for name in get_args(QuestionType)},
    "true/false": "true-false",
    "short text": "text",
}
OPTIONS = "Add a list: - [x] for right options, - [ ] for wrong ones."
NEEDS = {
    "matching": "Add a table of two columns, a pair in each row.",
    "ordering": "Add a numbered list in the right order.",
    "cloze": "Add a list of the blanks, below each a list of what belongs into it.",
}


def kind_of(found: Draft) -> QuestionType | None:
    """The type: said, or inferred from the shape, in the order that course-format.md gives."""
    said = said_type(found.marker, found.page)
    if said and said not in TYPES:
        found.marker.problem(
            "Q110", f"{said!r} is no type of question", f"Use one of {', '.join(TYPES)}.", said
        )
        return None
    listed = said not in ("", "matching", "cloze")
    if said != "open" and (not found.answers or (listed and not found.items)):
        found.problem("Q104", "the question has no answers", NEEDS.get(said, OPTIONS))
        return None
    return TYPES[said] if said else _shaped(found) or _inferred(found)


def _shaped(found: Draft) -> QuestionType | None:
    """The types whose answers are no plain list of options."""
    if not found.items:
        return "matching" if found.answers[0].type == "table_open" else "cloze"
    return "ordering" if found.answers[0].type == "ordered_list_open" else None


def _inferred(found: Draft) -> QuestionType:
    kind: QuestionType
    if any(computed.is_formula(item) for item in found.items):
        return computed.infer(found)
    if all(date.is_date(item) for item in found.items):
        kind = "date"
    elif all(numeric.is_numeric(item) for item in found.items):
        kind = "numeric"
    elif all(text.is_text(item) for item in found.items):
        kind = "text"
    else:
        return choice.infer(found)
    if any(item.mark == " " for item in found.items):
        found.problem(
            "W108",
            f"all options are code, so learners will type the answer ({kind})",
            f"Write type: {kind} if that is meant, type: single if they are to choose.",
            found.items[0].line,
            found.items[0].column,
        )
    return kind
