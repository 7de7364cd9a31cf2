"""Q150 to Q169, W120 to W129: questions of a larger form, which vary, are open, or share a case."""

from __future__ import annotations

from mooc.content.codes.code import Code
from mooc.content.codes.questions import OPTIONS, question

TEXT = "A baker writes a poem on a cake.\n\n"


def case(inside: str, marker: str = "case: baker", text: str = TEXT) -> str:
    """A case as it stands in a file."""
    return f"### The baker\n\n<!-- {marker} -->\n\n{text}{inside}"


ASKED = question(OPTIONS, "question: own; source: TRIPS 15", "#### Is it so?")
CASE = case(ASKED)

FORMS = {
    "Q160": Code(
        "Case without a usable id",
        "A case has an id of its own: 2 to 60 of a-z, 0-9 and hyphens.",
        case(ASKED, "case: The baker"),
        CASE,
        "quiz",
    ),
    "Q161": Code(
        "Case without a text or without questions",
        "A case is a text and the questions below it, whose headings are one level lower.",
        case(ASKED.replace("####", "###")),
        CASE,
        "quiz",
    ),
    "Q162": Code(
        "Something in a case that is no question",
        "Below the first question nothing could say what it belongs to.",
        case(f"{ASKED}\n#### What came of it\n\nNothing.\n"),
        case(f"{ASKED}\n### What came of it\n\nNothing.\n"),
        "quiz",
    ),
}
