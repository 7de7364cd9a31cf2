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

VARY = "question: own; vary: n integer 2..9"
FORMULA = question("- `= n * 2` years\n", VARY, "### Twice {{n}} years?")

RUBRIC = "| Criterion | Points | Levels |\n|---|---|---|\n| Names the rule | 2 | 1 each |\n"
ESSAY = question(
    f"{RUBRIC}\n> [!NOTE]\n> The rule is that.\n",
    "question: own; type: open; words: 50-150; review: staff",
    "### Which rule is it? (2 points)",
)
SURVEY = question(
    "- [ ] Yes <!-- a -->\n- [ ] No <!-- b -->\n", "question: own; type: survey; choose: several"
)

FORMS = {
    "Q154": Code(
        "Setting of an open question that cannot be read",
        "Write `words: 150-400`, and `review: staff` or `review: peer 3`.",
        ESSAY.replace("50-150", "long"),
        ESSAY,
    ),
    "Q155": Code(
        "Rubric that cannot be marked by",
        "A table of criterion, points and levels, whose points add up to those of the heading.",
        ESSAY.replace("(2 points)", "(3 points)"),
        ESSAY,
    ),
    "Q157": Code(
        "Survey that marks an option, or cannot be chosen from",
        "Nothing in a survey is right: every option has [ ]. `choose:` is `one` or `several`.",
        SURVEY.replace("[ ] Yes", "[x] Yes"),
        SURVEY,
    ),
    "W124": Code(
        "Open question without a model answer",
        "Learners compare their own text with it, and so do those who mark.",
        ESSAY.split("> [!NOTE]")[0],
        ESSAY,
    ),
    "Q150": Code(
        "Variable that cannot be read",
        "Write a name, a type (`date`, `integer`, `decimal`) and a range, smaller end first.",
        question("- `= n * 2`\n", "question: own; vary: n integer 9..2"),
        FORMULA,
    ),
    "Q151": Code(
        "Expression that cannot be read",
        "Numbers, dates, declared variables, + - * / and a few functions; nothing else runs.",
        FORMULA.replace("n * 2", "n ** 2"),
        FORMULA,
    ),
    "Q152": Code(
        "Expression that fails for some value",
        "The check tries the ends and a hundred points of the range; learners would get them too.",
        FORMULA.replace("n * 2", "12 / (n - 2)"),
        FORMULA.replace("n * 2", "round(12 / n, 2)"),
    ),
    "Q153": Code(
        "Name that no variable has",
        "A name between double braces is replaced by a value, so the value must be declared.",
        FORMULA.replace("{{n}}", "{{m}} times {{n}}"),
        FORMULA,
    ),
    "W123": Code(
        "Variable that nothing uses",
        "A value is drawn and never shown; a name may be misspelt.",
        FORMULA.replace("2..9", "2..9, m integer 1..3"),
        FORMULA,
    ),
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
