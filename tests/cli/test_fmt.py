"""`mooc fmt`: what it prints, writes and refuses."""

from __future__ import annotations

from tests.cli.command import Desk

LESSON = "courses/demo/writing/how-a-lesson-is-made.md"


def test_a_new_course_is_formatted_already(desk: Desk) -> None:
    assert desk.done("fmt", "--check") == "No files would change.\n"


def test_an_untidy_file_is_put_right_and_says_the_same(desk: Desk) -> None:
    tidy = desk.read(LESSON)
    desk.write(
        LESSON,
        tidy.replace("\n- short", "\n*   short")
        .replace("\n- a rule", "\n*   a rule")
        .replace("\n\n## ", "\n\n\n##  ")
        + "\n\n",
    )
    checked = desk.mooc("fmt", "--check")
    assert (checked.code, checked.out) == (1, f"{LESSON} would change\n1 file would change.\n")
    shown = desk.done("fmt", "--diff", LESSON)
    assert "\n-*   short sentences are read to the end;\n" in shown
    assert "\n+- short sentences are read to the end;\n" in shown
    assert desk.read(LESSON) != tidy
    assert desk.done("fmt") == f"{LESSON} formatted\n1 file changed.\n"
    assert desk.read(LESSON) == tidy


def test_a_file_that_cannot_be_formatted_is_named_and_left(desk: Desk) -> None:
    text = desk.read(LESSON).replace("\n- ", "\n*   ") + "\n```\nnever closed\n"
    desk.write(LESSON, text)
    done = desk.done("fmt")
    assert f"{LESSON} left as it is: it holds a code block that never ends\n" in done
    assert done.endswith("No files changed, 1 left as they are.\n")
    assert desk.read(LESSON) == text


def test_a_translation_that_is_up_to_date_stays_so(desk: Desk) -> None:
    desk.write(LESSON.replace(".md", ".ru.md"), "---\ntitle: Как устроен урок\n---\n\nТекст.\n")
    desk.write(LESSON, desk.read(LESSON).replace("\n- ", "\n* "))
    desk.done("translate", "--mark")
    before = desk.mooc("check").out
    assert "W12" not in before
    assert "2 files changed" in desk.done("fmt")
    assert desk.mooc("check").out == before
