"""W and L: what stops no publish but should be looked at."""

from __future__ import annotations

from mooc.content.codes.code import Code
from mooc.content.codes.questions import GOOD, OPTIONS, question
from mooc.content.codes.structure import LINKS, OUTLINE, TOP, WHOLE

LONG = "Yes, always, under each and every law there is"
MANY = "".join(f"### Q{n}\n\n<!-- question: q{n} -->\n\n{OPTIONS}\n" for n in range(1, 4))
LAST = "### Q4\n\n<!-- question: q4 -->\n\n"
SWAPPED = "- [ ] No <!-- b -->\n  > Why.\n- [x] Yes <!-- a -->\n"

WRITING = {
    "L101": Code(
        "Review date passed",
        "Law changes; the text must be read again.",
        "---\nid: one\ntitle: One\nreview_by: 2020-01-01\n---\n",
        "---\nid: one\ntitle: One\nreview_by: 2099-01-01\n---\n",
    ),
    "L102": Code(
        "Law of the future",
        "`law_as_of` is the day whose law the text describes.",
        "---\nid: one\ntitle: One\nlaw_as_of: 2099-01-01\n---\n",
        "---\nid: one\ntitle: One\nlaw_as_of: 2020-01-01\n---\n",
    ),
    "L103": Code(
        "Review due before the law described",
        "Two dates were exchanged.",
        "---\nid: one\ntitle: One\nlaw_as_of: 2026-01-01\nreview_by: 2026-01-01\n---\n",
        "---\nid: one\ntitle: One\nlaw_as_of: 2026-01-01\nreview_by: 2099-01-01\n---\n",
    ),
    "W101": Code(
        "The right option is the longest",
        "Learners who know nothing choose the longest option.",
        question(OPTIONS.replace("Yes", LONG) + "- [ ] Perhaps <!-- c -->\n  > Why.\n"),
        question(OPTIONS + "- [ ] Perhaps <!-- c -->\n  > Why.\n"),
    ),
    "W102": Code(
        "The right option is always in the same place",
        "Learners notice, above all where options are not shuffled.",
        MANY + LAST + OPTIONS,
        MANY + LAST + SWAPPED,
    ),
    "W103": Code(
        "All of the above",
        "Options may be shuffled, and half knowledge is enough to answer.",
        question(OPTIONS + "- [ ] All of the above <!-- c -->\n  > Why.\n"),
        GOOD,
    ),
    "W104": Code(
        "Negation that is easy to miss",
        "Learners who know the answer fail by reading quickly.",
        question("Which of these is not protected?\n\n" + OPTIONS),
        question("Which of these is **not** protected?\n\n" + OPTIONS),
    ),
    "W105": Code(
        "Wrong option without feedback",
        "A wrong answer is the best moment to learn.",
        question("- [x] Yes <!-- a -->\n- [ ] No <!-- b -->\n"),
        GOOD,
    ),
    "W106": Code(
        "Two options that say the same",
        "Neither can be right, or both must be.",
        question(OPTIONS + "- [ ] no <!-- c -->\n  > Why.\n"),
        question(OPTIONS + "- [ ] Perhaps <!-- c -->\n  > Why.\n"),
    ),
    "W107": Code(
        "Pool that repeats itself",
        "The pool should hold draws times attempts; unlimited counts as three.",
        "- Draw 2 from [Pool](pool.md)\n",
        "- Draw 1 from [Pool](pool.md)\n",
        "quiz",
    ),
    "W108": Code(
        "Options that look like typed answers",
        "When every option is code, learners type the answer. Say so, or say single.",
        question("- [x] `A61F` <!-- a -->\n- [ ] `A61B` <!-- b -->\n  > Why.\n"),
        question(
            "- [x] `A61F` <!-- a -->\n- [ ] `A61B` <!-- b -->\n  > Why.\n",
            "question: own; type: single",
        ),
    ),
    "W109": Code(
        "Options without keys",
        "Without a key an option is known by its text, and a corrected typo makes a new option.",
        question("- [x] Yes\n- [ ] No\n  > Why.\n"),
        GOOD,
    ),
    "W110": Code(
        "Neutral option, and no type",
        "With [~] one cannot see whether one or several options are right.",
        question(OPTIONS + "- [~] Perhaps <!-- c -->\n"),
        question(OPTIONS + "- [~] Perhaps <!-- c -->\n", "question: own; type: single"),
    ),
    "W111": Code(
        "Comment that looks like a marker",
        "A misspelt marker is a plain comment, and what it says does not happen.",
        "<!-- qestion: own -->\n",
        "<!-- a remark -->\n",
    ),
    "W112": Code(
        "No learning outcomes",
        "The course page says what one can do afterwards.",
        TOP.replace("## Learning outcomes\n\n- See.\n\n", "") + OUTLINE + LINKS,
        WHOLE,
        "course",
    ),
}
