"""Which type a question is: as its author says, or by its shape, in one fixed order."""

from __future__ import annotations

import re
from typing import get_args

from mooc.content.blocks import plain
from mooc.content.model import QuestionType
from mooc.content.questions import choice, numeric, text
from mooc.content.questions.draft import Draft

TYPES: dict[str, QuestionType] = {
    **{name: name for name in get_args(QuestionType)},
    "true/false": "true-false",
    "short text": "text",
}
LATER = ("matching", "ordering", "cloze", "date", "open", "survey", "case")
DATE = re.compile(r"\s*\d{4}-\d\d-\d\d\s*")


def kind_of(found: Draft) -> QuestionType | None:
    """The type: said, or inferred from the shape, in the order that course-format.md gives."""
    original = (found.page.originals or {}).get(found.marker.text("question"))
    said = found.marker.text("type") or (original.type if original else "")
    later = said if said in LATER else _later_shape(found) if not said else ""
    if found.marker.has("vary"):
        later = "parametrised"
    if later:
        found.problem(
            "Q111",
            f"questions of the type {later} are not supported yet",
            "Use options or typed answers for now.",
        )
        return None
    if said and said not in TYPES:
        found.marker.problem(
            "Q110", f"{said!r} is no type of question", f"Use one of {', '.join(TYPES)}.", said
        )
        return None
    if not found.items:
        found.problem(
            "Q104",
            "the question has no answers",
            "Add a list: - [x] for right options, - [ ] for wrong ones.",
        )
        return None
    return TYPES[said] if said else _inferred(found)


def _later_shape(found: Draft) -> str:
    if not found.items:
        shapes = {"table_open": "matching", "ordered_list_open": "ordering"}
        kind = next((shapes[block[0].type] for block in found.stem if block[0].type in shapes), "")
        if not kind and any("[[" in plain(block) for block in found.stem):
            kind = "cloze"
        return kind
    return "date" if all(DATE.fullmatch(item.code or "") for item in found.items) else ""


def _inferred(found: Draft) -> QuestionType:
    kind: QuestionType
    if all(numeric.is_numeric(item) for item in found.items):
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
