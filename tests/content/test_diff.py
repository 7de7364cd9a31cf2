"""What a change of files means: to marks, to learners, or to nobody."""

from __future__ import annotations

import pytest

from mooc.content.changes import Change, Changes, markdown, refusals
from mooc.content.diff import diff
from mooc.content.staleness import blob_id
from tests.content.trees import BASE, LESSON, OPTIONS, QUIZ, loaded

POOL_MD = BASE["pool.md"]
COURSE_MD = BASE["course.md"]


def compared(before: dict[str, str] | None = None, **after: str) -> Changes:
    """The sample course with files changed, compared with itself as it was."""
    old, new = loaded(**(before or {})), loaded(**after)
    assert old.course is not None, old.problems
    assert new.course is not None, new.problems
    files = {**BASE, **{f"{name}.md": text for name, text in after.items()}}
    return diff(old.course, new.course, text=lambda path: files.get(path, ""))


def said(changes: Changes) -> list[tuple[str, str, str]]:
    """(severity, subject, message) of each."""
    return [(change.severity, change.subject, change.message) for change in changes.changes]


def test_the_same_course_has_no_changes() -> None:
    changes = compared()
    assert changes.changes == ()
    assert changes.headline() == "no change in meaning"


def test_a_course_that_was_not_there_is_new() -> None:
    course = loaded().course
    assert course is not None
    assert diff(None, course).headline() == "new course"


def test_another_key_asks_for_a_regrade_at_its_line() -> None:
    changes = compared(pool=POOL_MD.replace(OPTIONS, OPTIONS.replace("[x] Yes", "[~] Yes"), 1)
                       .replace("[ ] No", "[x] No", 1))  # fmt: skip
    (change,) = changes.changes
    assert (change.severity, change.subject) == ("regrade", "question base")
    assert change.details == ("option a: right → neutral: Yes", "option b: wrong → right: No")
    assert POOL_MD.splitlines()[change.line - 1] == "## Base"


def test_the_key_of_a_practice_question_asks_for_no_regrade() -> None:
    question = "## Own\n\n<!-- question: own -->\n\n- [x] Yes <!-- a -->\n- [ ] No <!-- b -->\n"
    other = question.replace("[x]", "[~]").replace("[ ]", "[x]")
    changes = compared({"one": LESSON + question}, one=LESSON + other)
    assert [change.severity for change in changes.changes] == ["learners"]


KEYS = [
    (("## Base", "## Base (2 points)"), "regrade", "counts 2 points instead of 1 point"),
    (("- [ ] No <!-- b -->", "- [ ] Both <!-- c -->\n  > Why.\n- [ ] No <!-- b -->"), "regrade",
     "its key changed"),
    (("- [ ] No <!-- b -->", "- [ ] Never <!-- b -->"), "words", "reworded: option b"),
    (("  > Why.", "  > Because."), "words", "reworded: feedback"),
    (("## Base", "## Basis"), "words", "reworded: title"),
    (("source: TRIPS 15 ", "source: TRIPS 15.1 "), "words", "other sources"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "severity", "message"), KEYS)
def test_each_part_of_a_question_is_told_apart(
    edit: tuple[str, str], severity: str, message: str
) -> None:
    changes = compared(pool=POOL_MD.replace(*edit, 1))
    assert said(changes) == [(severity, "question base", message)]


def test_options_that_came_and_went_are_named() -> None:
    edited = POOL_MD.replace("- [ ] No <!-- b -->", "- [ ] Both <!-- c -->", 1)
    (change,) = compared(pool=edited).changes
    assert change.details == (
        "option c added, wrong: Both",
        "option b removed, was wrong: No",
    )


NUMBER = "## Own\n\n<!-- question: own; type: numeric; source: PCT 22 -->\n\n- [x] `30` months\n"
FIXED = QUIZ + "- Draw 1 from [Pool](pool.md)\n\n" + NUMBER


def test_the_key_of_any_other_type_is_told_too() -> None:
    changes = compared({"quiz": FIXED}, quiz=FIXED.replace("`30`", "`31`"))
    (change,) = changes.changes
    assert change.severity == "regrade"
    assert any("31" in detail and "added" in detail for detail in change.details)
    assert any("30" in detail and "removed" in detail for detail in change.details)


def test_another_type_under_an_old_id_is_refused_with_a_way_out() -> None:
    changes = compared(pool=POOL_MD.replace(OPTIONS, "- [x] `30`\n", 1))
    (problem,) = refusals(changes)
    assert (problem.code, problem.severity, problem.path) == ("Q201", "error", "pool.md")
    assert "question base was single and is" in problem.message
    assert "<!-- question: base-2 -->" in problem.fix
    assert POOL_MD.splitlines()[problem.line - 1] == "## Base"


def test_a_second_right_option_is_refused_with_the_neutral_mark_as_a_way_out() -> None:
    changes = compared(pool=POOL_MD.replace("[ ] No", "[x] No", 1))
    (problem,) = refusals(changes)
    assert problem.message == "question base was single and is multiple now"
    assert "[~]" in problem.fix


def test_a_question_of_another_id_and_the_same_words_is_known_again() -> None:
    changes = compared(pool=POOL_MD.replace("question: base;", "question: basis;"))
    assert said(changes) == [
        ("learners", "question basis", "had the id base: for us it is another question now"),
    ]


def test_new_and_retired_questions_are_named() -> None:
    more = POOL_MD + f"\n## More\n\n<!-- question: more; source: TRIPS 18 -->\n\n{OPTIONS}"
    assert said(compared(pool=more)) == [
        ("learners", "pool basics", "4 questions instead of 3"),
        ("learners", "question more", "new in pool basics"),
    ]
    assert ("learners", "question more", "retired from pool basics; what was recorded stays") in (
        said(compared({"pool": more}))
    )


def test_a_setting_is_named_with_both_values_and_its_line() -> None:
    changes = compared(quiz=BASE["quiz.md"].replace("attempts: 2", "pass_mark: 60\nattempts: 3"))
    assert said(changes) == [
        ("learners", "quiz quiz", "pass_mark: none → 60; for those who enroll from now on"),
        ("learners", "quiz quiz", "attempts: 2 → 3"),
    ]
    assert [change.line for change in changes.changes] == [5, 6]


def test_the_settings_of_the_course_are_compared() -> None:
    changes = compared(course=COURSE_MD.replace("summary:", "pass_mark: 80\nsummary:"))
    assert said(changes) == [("learners", "course", "pass_mark: 70 → 80")]


def test_a_draw_is_told_with_its_filters() -> None:
    quiz = BASE["quiz.md"].replace("Draw 1 from [Pool](pool.md)",
                                   "Draw 1 from [Pool](pool.md) where tag novelty")  # fmt: skip
    assert said(compared(quiz=quiz)) == [
        ("learners", "quiz quiz", "draws 1 from pool basics where tag novelty"),
        ("learners", "quiz quiz", "no longer draws 1 from pool basics"),
    ]


def test_a_lesson_that_is_edited_says_how_many_words() -> None:
    changes = compared(one=LESSON + "Text and more words.\n")
    assert said(changes) == [("words", "lesson one", "text changed: 4 words in, 1 out")]


TWO = COURSE_MD.replace("   - [One](one.md)\n", "   - [One](one.md)\n   - [Two](two.md)\n")
SWAPPED = COURSE_MD.replace("   - [One](one.md)\n", "   - [Two](two.md)\n   - [One](one.md)\n")
TWO_MD = "---\nid: two\ntitle: Two\n---\n\nText.\n"


def test_new_retired_and_reordered_lessons_are_told() -> None:
    two = {"course": TWO, "two": TWO_MD}
    assert ("learners", "lesson two", "new; required of those who enroll from now on") in (
        said(compared(**two))
    )
    gone = said(compared(two))
    assert gone == [
        ("learners", "lesson two", "retired: nobody needs it any more, what was recorded stays"),
    ]
    assert said(compared(two, course=SWAPPED, two=TWO_MD)) == [
        ("learners", "outline", "another order of lessons and quizzes"),
    ]


def test_a_lesson_with_an_alias_was_renamed() -> None:
    renamed = TWO_MD.replace("id: two", "id: second\naliases: two")
    changes = compared({"course": TWO, "two": TWO_MD}, course=TWO, two=renamed)
    assert said(changes) == [
        ("learners", "lesson second", "had the id two; its old address leads here"),
    ]


def test_a_file_that_moved_is_the_same_lesson() -> None:
    before, after = {"course": TWO, "two": TWO_MD}, TWO.replace("two.md", "deux.md")
    changes = compared(before, course=after, deux=TWO_MD)
    assert said(changes) == [
        ("words", "lesson two", "moved here from two.md; its address stays"),
    ]


def test_keys_of_private_files_are_not_told() -> None:
    old = loaded().course
    new = loaded(
        pool=POOL_MD.replace("[x] Yes", "[~] Yes", 1).replace("[ ] No", "[x] No", 1)
    ).course
    assert old
    assert new
    (change,) = diff(old, new, private=lambda path: path == "pool.md").changes
    assert (change.message, change.details) == ("its key changed", ())


def test_a_translation_that_grew_stale_is_told() -> None:
    fresh = blob_id(BASE["one.md"].encode())[:12]
    russian = {"one.ru.md": f"---\nid: one\ntitle: Один\nsource: {fresh}\n---\n\nТекст.\n"}
    changes = compared(russian, one=LESSON + "Other text.\n", **russian)
    assert ("learners", "lesson one", "the translation into ru is older than its source now") in (
        said(changes)
    )


def test_a_question_reworded_in_another_language_is_told() -> None:
    fresh = blob_id(POOL_MD.encode())[:12]
    pool = (
        f"---\nid: basics\nsource: {fresh}\n---\n\n## Основа\n\n<!-- question: base -->\n\n"
        "- [x] Да <!-- a -->\n- [ ] Нет <!-- b -->\n  > Вот почему.\n"
    )
    changes = compared({"pool.ru.md": pool}, **{"pool.ru.md": pool.replace("Да", "Именно")})
    assert said(changes) == [("words", "question base", "reworded: in ru")]


def test_the_comment_begins_with_the_sum_and_folds_each_file() -> None:
    changes = compared(
        pool=POOL_MD.replace("## Base", "## Base (2 points)"), one=LESSON + "Text, more.\n"
    )
    text = markdown([changes])
    lines = text.splitlines()
    assert lines[0] == "### What changes for learners"
    assert lines[2] == "**Sample** (`sample`): 1 to regrade, 1 of wording only"
    assert text.count("<details>") == text.count("</details>") == 2
    assert text.index("pool.md") < text.index("one.md")


def test_words_of_a_course_can_do_nothing_in_a_comment() -> None:
    hostile = "<b>@all</b> [x](https://evil.example) `c`\n# big"
    change = Change("a.md", 1, "lesson one", "changed", "words", hostile)
    text = markdown([Changes("sample", hostile, False, (change,))])
    assert "<b>" not in text
    assert "@all" not in text
    assert "](https" not in text.replace("\\]", "")
    assert "\n# " not in text


def test_a_comment_is_never_longer_than_a_host_takes() -> None:
    many = tuple(
        Change(f"{n}.md", 1, "lesson one", "changed", "words", "x" * 200) for n in range(1000)
    )
    text = markdown([Changes("sample", "Sample", False, many)])
    assert len(text) < 65_000
    assert "mooc diff" in text
    assert "1000 of wording only" in text
