"""What can be wrong with a translation: E108, E109, E218, L104, L105, W120, W121."""

from __future__ import annotations

from mooc.content.codes.code import Code

FRESH = "3f2a9c41d07b"  # in examples: the hash of the source as it is
HEAD = "---\nid: one\ntitle: Один\n"
END = f"source: {FRESH}\n---\n\nТекст.\n"
BASE = "## Основа\n\n<!-- question: base -->\n\n- [x] Да <!-- a -->\n"

TRANSLATIONS = {
    "E108": Code(
        "Translation that changes a setting",
        "Settings are the source's alone; in a translation they could only contradict it.",
        HEAD + "minutes: 30\n" + END,
        HEAD + END,
        "translation",
    ),
    "E109": Code(
        "Translation with another id",
        "A lesson is the same in all languages, and is known by one id.",
        HEAD.replace("one", "odin") + END,
        HEAD + END,
        "translation",
    ),
    "E218": Code(
        "Translation into the language of the course",
        "Nobody could tell which of the two files counts.",
        "`name.en.md` beside `name.md` in an English course",
        "`name.fr.md` beside `name.md`",
        "tree",
    ),
    "L104": Code(
        "Translation older than its source",
        "What was changed in the source may be a change of the law. Learners are told.",
        HEAD + END.replace(FRESH, "9d0e5b7718ac"),
        HEAD + END,
        "translation",
    ),
    "L105": Code(
        "Translation that does not say what it was made from",
        "Without the line `source:` nobody is told when the source changes. "
        "`mooc translate --mark` writes it.",
        HEAD + "---\n\nТекст.\n",
        HEAD + END,
        "translation",
    ),
    "W120": Code(
        "Question that is not that of the source",
        "Type, option keys, marks, numbers, hints and explanation must be those of the source; "
        "where they are not, learners are asked the original question.",
        BASE + "- [ ] Нет <!-- c -->\n  > Почему.\n",
        BASE + "- [ ] Нет <!-- b -->\n  > Почему.\n",
        "translation",
    ),
    "W121": Code(
        "Id that the source does not have",
        "A question, module or term of a translation is known by the id it has in the source.",
        BASE.replace("base", "bass") + "- [ ] Нет <!-- b -->\n  > Почему.\n",
        BASE + "- [ ] Нет <!-- b -->\n  > Почему.\n",
        "translation",
    ),
}
