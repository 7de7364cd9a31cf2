"""Q: questions that could not be asked, or not be marked."""

from __future__ import annotations

from mooc.content.codes.code import Code

OPTIONS = "- [x] Yes <!-- a -->\n- [ ] No <!-- b -->\n  > Why.\n"


def question(answers: str, marker: str = "question: own", heading: str = "### Is it so?") -> str:
    """A question as it stands in a file."""
    return f"{heading}\n\n<!-- {marker} -->\n\n{answers}"


GOOD = question(OPTIONS)
GRADED = question(OPTIONS, "question: own; source: TRIPS 15")
TYPED = question("- `ten years`\n", "question: own; accept: Ten  Years; reject: ten months")
NUMBER = question("- `12` months\n")
TABLE = "| Right | Lasts |\n|---|---|\n| Patent <!-- a --> | 20 years |\n| - | 1 year |\n"
CLOZE = "[[term]]: it lasts [[years]] years.\n\n- term\n  - `term`\n- years\n  - `20`\n"

QUESTIONS = {
    "Q101": Code(
        "Marker that cannot be read",
        "A marker is `key: value; key: value`; values that hold ; | or , are quoted.",
        question(OPTIONS, "question: own; apply"),
        question(OPTIONS, "question: own; level: apply"),
    ),
    "Q102": Code(
        "Unknown key in a marker",
        "A misspelt key would be ignored in silence.",
        question(OPTIONS, "question: own; tag: novelty"),
        question(OPTIONS, "question: own; tags: novelty"),
    ),
    "Q103": Code(
        "Question id of a wrong form",
        "Answers are recorded under it: 2 to 60 of a-z, 0-9 and hyphens.",
        question(OPTIONS, "question: My question"),
        question(OPTIONS, "question: my-question"),
    ),
    "Q104": Code(
        "Question without answers",
        "There is nothing to choose or type.",
        question("Think about it.\n"),
        GOOD,
    ),
    "Q105": Code(
        "No right answer",
        "At least one option has [x] (or [~]), and every option has brackets.",
        question(OPTIONS.replace("[x]", "[ ]").replace("<!-- a -->\n", "<!-- a -->\n  > Why.\n")),
        GOOD,
    ),
    "Q106": Code(
        "Something in the wrong place in a question",
        "The order is: text, hints, answers, explanation. Nothing may follow.",
        question(OPTIONS + "\nMore text.\n"),
        question(OPTIONS + "\n## On\n\nMore text.\n", heading="## Is it so?"),
    ),
    "Q107": Code(
        "Option key used twice",
        "Answers are recorded under the option's key.",
        question(OPTIONS.replace("<!-- b -->", "<!-- a -->")),
        GOOD,
    ),
    "Q108": Code(
        "Option key of a wrong form",
        "Keys are 1 to 60 of a-z, 0-9 and hyphens.",
        question(OPTIONS.replace("<!-- b -->", "<!-- B! -->")),
        GOOD,
    ),
    "Q109": Code(
        "Choice of one option",
        "There is nothing to choose.",
        question("- [x] Yes <!-- a -->\n"),
        GOOD,
    ),
    "Q110": Code(
        "Type that does not fit",
        "A `single` question has one right option; types are named as the documentation does.",
        question(OPTIONS.replace("[ ]", "[x]"), "question: own; type: single"),
        question(OPTIONS.replace("[ ]", "[x]"), "question: own; type: multiple"),
    ),
    "Q112": Code(
        "Points that cannot be read",
        "They stand at the end of the heading: (2 points).",
        question(OPTIONS, heading="### Is it so? (2 ponits)"),
        question(OPTIONS, heading="### Is it so? (2 points)"),
    ),
    "Q113": Code(
        "Setting without a meaning here",
        "`credit` belongs to multiple and ordering questions, `accept` and `reject` to typed ones.",
        question(OPTIONS, "question: own; type: single; credit: net"),
        question(OPTIONS.replace("[ ]", "[x]"), "question: own; credit: all"),
    ),
    "Q114": Code(
        "Share of the points in a wrong place",
        "Feedback to a wrong option of a single question may begin with **50%**.",
        question(OPTIONS.replace("> Why.", "> **150%** Why.")),
        question(OPTIONS.replace("> Why.", "> **50%** Why.")),
    ),
    "Q115": Code(
        "Typed answer that cannot be read",
        "Answers to type stand between backticks, alone or with a tolerance and a unit.",
        question("- about `12`\n", "question: own; type: numeric"),
        NUMBER,
    ),
    "Q116": Code(
        "Range or unit that makes no sense",
        "Ranges go from the smaller number to the larger, and all answers share one unit.",
        question("- `11` to `9`\n"),
        question("- `9` to `11`\n"),
    ),
    "Q117": Code(
        "Answer or pattern that cannot be used",
        "Patterns are RE2, at most 200 characters: no look-around, no back-references.",
        question("- `/(a)\\1/`\n"),
        question("- `/a+/`\n"),
    ),
    "Q118": Code(
        "Example that should be accepted and is not",
        "The check runs the examples in `accept:`.",
        question("- `ten years`\n", "question: own; accept: 10 years"),
        TYPED,
    ),
    "Q119": Code(
        "Example that should be rejected and is not",
        "The check runs the examples in `reject:`.",
        question("- `/ten .*/`\n", "question: own; reject: ten months"),
        TYPED,
    ),
    "Q120": Code(
        "Answer both right and known to be wrong",
        "A learner would be told both.",
        question("- `9` to `11`\n- [ ] `10`\n", "question: own; type: numeric"),
        question("- `9` to `11`\n- [ ] `12`\n", "question: own; type: numeric"),
    ),
    "Q121": Code(
        "Pool smaller than the draw",
        "One attempt never holds a question twice.",
        "- Draw 4 from [Pool](pool.md)\n",
        "- Draw 1 from [Pool](pool.md)\n",
        "quiz",
    ),
    "Q122": Code(
        "Graded question without a source",
        "When the law changes one must find the questions that rest on it.",
        GOOD,
        GRADED,
        "pool",
    ),
    "Q123": Code(
        "True/false question with other options",
        "Its options are True and False, one of them right.",
        question(OPTIONS, "question: own; type: true-false"),
        question("- [x] True\n- [ ] False\n  > Why.\n", "question: own; type: true-false"),
    ),
    "Q124": Code(
        "Hint after the answers",
        "Hints stand before the answers; the explanation after them is a [!NOTE].",
        question(OPTIONS + "\n> [!TIP]\n> Think.\n"),
        question("> [!TIP]\n> Think.\n\n" + OPTIONS),
    ),
    "Q127": Code(
        "Option of more than a paragraph",
        "Options are shown beside a button; what is longer belongs into the question.",
        question("- [x] Yes <!-- a -->\n\n  More.\n- [ ] No <!-- b -->\n  > Why.\n"),
        GOOD,
    ),
    "Q128": Code(
        "Empty option",
        "Learners would see a button without words.",
        question(OPTIONS + "- [ ] <!-- c -->\n  > Why.\n"),
        question(OPTIONS + "- [ ] Perhaps <!-- c -->\n  > Why.\n"),
    ),
    "Q130": Code(
        "Footnote in a question",
        "Questions are shown without the page that would hold the note.",
        question("Is it?[^1]\n\n" + OPTIONS) + "\n[^1]: A note.\n",
        question("Is it? (A note.)\n\n" + OPTIONS),
    ),
    "Q131": Code(
        "Table that cannot be matched",
        "It has two columns, what is asked and what belongs to it, and no empty cell.",
        question("| Right | Lasts | From |\n|---|---|---|\n| Patent | 20 | filing |\n"),
        question(TABLE),
    ),
    "Q132": Code(
        "Brackets in a numbered list",
        "A numbered list is to be put in order; options to choose from stand in a plain list.",
        question("1. [x] File <!-- a -->\n2. Publish <!-- b -->\n"),
        question("1. File <!-- a -->\n2. Publish <!-- b -->\n"),
    ),
    "Q133": Code(
        "Blank without an answer, or answer without a blank",
        "Each [[name]] in the text has its entry in the list, and each entry its blank.",
        question(CLOZE.replace("[[years]] years", "long")),
        question(CLOZE),
    ),
    "Q134": Code(
        "Weight of a blank that cannot be read",
        "It stands after the name: (2), a whole number from 1 to 100.",
        question(CLOZE.replace("- years", "- years (two)")),
        question(CLOZE.replace("- years", "- years (2)")),
    ),
}
