"""`mooc ids`: what it prints and writes, and how it knows which questions were recorded."""

from __future__ import annotations

import subprocess

from tests.cli.command import Desk

LESSON = "courses/demo/writing/how-a-lesson-is-made.md"
QUESTION = "\n### Is it so?\n\n- [x] Yes\n- [ ] No\n  > Why.\n"


def git(desk: Desk, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *who, *arguments], cwd=desk.folder, check=True, capture_output=True)


def test_a_new_course_lacks_nothing(desk: Desk) -> None:
    assert desk.done("ids") == "Nothing is missing.\n"


def test_a_dry_run_says_what_is_missing_and_writes_nothing(desk: Desk) -> None:
    text = desk.read(LESSON) + QUESTION
    desk.write(LESSON, text)
    out = desk.done("ids", "--dry-run", "--fresh")
    line = text[: text.index("### Is it so?")].count("\n") + 1
    assert f"{LESSON}:{line}: question " in out
    assert out.endswith("3 would be added.\n")
    assert desk.read(LESSON) == text


def test_only_the_files_named_are_touched(desk: Desk) -> None:
    desk.write(LESSON, desk.read(LESSON) + QUESTION)
    assert desk.done("ids", "courses/demo/exam.md") == "Nothing is missing.\n"
    assert desk.done("ids", LESSON).endswith("3 added.\n")
    assert "no problems" in desk.done("check", "--strict")


def test_committed_questions_keep_what_answers_know_and_new_ones_get_letters(desk: Desk) -> None:
    marked = QUESTION.replace("so?\n", "so?\n\n<!-- question: so -->\n")
    desk.write(LESSON, desk.read(LESSON) + marked)
    git(desk, "init")
    git(desk, "add", ".")
    assert "a\n" in desk.done("ids", "--dry-run")  # nothing is committed yet
    git(desk, "commit", "-m", "One")
    desk.write(LESSON, desk.read(LESSON) + QUESTION.replace("so?", "so again?"))
    desk.done("ids")
    committed, new = desk.read(LESSON).split("### Is it so?")[1].split("### Is it so again?")
    assert committed.count("<!-- t-") == 2
    assert "- [x] Yes <!-- a -->\n- [ ] No <!-- b -->\n" in new


def test_outside_of_git_every_question_may_have_been_answered(desk: Desk) -> None:
    marked = QUESTION.replace("so?\n", "so?\n\n<!-- question: so -->\n")
    desk.write(LESSON, desk.read(LESSON) + marked)
    assert desk.done("ids", "--dry-run").count(" t-") == 2
    assert desk.done("ids", "--dry-run", "--fresh").count(" t-") == 0


def test_a_translation_that_was_up_to_date_stays_so(desk: Desk) -> None:
    desk.write(LESSON, desk.read(LESSON) + QUESTION)
    translation = LESSON.replace(".md", ".ru.md")
    desk.write(translation, desk.read(LESSON))
    desk.done("translate", "--mark")
    marked = desk.read(translation)
    assert "source: " in marked
    desk.done("ids", LESSON)
    followed = desk.read(translation)
    assert followed != marked, "its mark follows the source"
    desk.done("translate", "--mark")
    assert desk.read(translation) == followed, "marking it anew finds it marked already"
