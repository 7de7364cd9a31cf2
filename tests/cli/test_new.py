"""`mooc new`: what it makes passes the check, is listed, and never replaces anything."""

from __future__ import annotations

import re
from datetime import date

import pytest

from mooc.cli.new import TYPES
from mooc.content import scaffold
from mooc.content.loader import load
from mooc.content.naming import slug, unused
from mooc.content.questions import TYPES as COMPILED
from mooc.content.schema import CourseHeader, LessonHeader, QuizHeader
from mooc.content.source import Folder
from tests.cli.command import Desk
from tests.content.trees import LESSON, QUIZ, loaded

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("language", scaffold.LANGUAGES)
def test_a_new_course_passes_the_strictest_check(empty: Desk, language: str) -> None:
    empty.done("new", "course", "demo", "--title", 'Law: a "demo" #1', "--language", language)
    assert "no problems" in empty.done("check", "--strict")
    course = load(Folder(empty.path("courses/demo")), TODAY).course
    assert course is not None
    assert (course.id, course.title, course.language) == ("demo", 'Law: a "demo" #1', language)
    assert {q.type for q in course.questions()} >= {
        "single", "multiple", "true-false", "numeric", "text",
    }  # fmt: skip


@pytest.mark.parametrize("language", scaffold.LANGUAGES)
def test_the_headers_of_a_new_course_show_every_key(language: str) -> None:
    files = scaffold.course("demo", "Demo", language)
    for path, schema in (
        ("course.md", CourseHeader),
        ("writing/how-a-lesson-is-made.md", LessonHeader),
        ("writing/check-yourself.md", QuizHeader),
    ):
        header = files[path].decode().split("---\n")[1]
        shown = set(re.findall(r"^(?:# )?([a-z_]+):", header, re.MULTILINE))
        assert set(schema.model_fields) <= shown, path


def test_a_language_without_texts_of_its_own_begins_in_english(empty: Desk) -> None:
    empty.done("new", "course", "demo", "--language", "pt-BR")
    assert "language: pt-BR" in empty.read("courses/demo/course.md")
    assert "no problems" in empty.done("check", "--strict")


@pytest.mark.parametrize("kind", scaffold.KINDS)
def test_a_new_file_passes_the_check_and_stands_in_the_outline(desk: Desk, kind: str) -> None:
    desk.done("new", kind, "courses/demo/more/next-one.md", "--title", "Next: [one]")
    assert "no problems" in desk.done("check")
    listed = "   - [Next: \\[one\\]](more/next-one.md)\n" in desk.read("courses/demo/course.md")
    assert listed == (kind != "pool")


def test_a_new_lesson_stands_before_the_quiz_that_closes_its_module(desk: Desk) -> None:
    desk.done("new", "lesson", "courses/demo/writing/third", "--title", "Third")
    before, _, after = desk.read("courses/demo/course.md").partition(
        "   - [Third](writing/third.md)\n"
    )
    assert before.endswith("how-a-question-is-made.md)\n")
    assert after.startswith("   - [Check yourself]")


def test_a_new_file_can_be_put_into_a_module(desk: Desk) -> None:
    desk.done("new", "quiz", "courses/demo/writing/third", "--module", "exam")
    assert desk.read("courses/demo/course.md").endswith(
        "exam.md)\n   - [Third](writing/third.md)\n"
    )
    refused = desk.mooc("new", "lesson", "courses/demo/fourth", "--module", "exams")
    assert refused.code == 2
    assert "writing, exam" in refused.err
    assert not desk.path("courses/demo/fourth.md").exists()


def test_a_new_file_leaves_the_rest_of_the_outline_as_it_was(desk: Desk) -> None:
    old = "\ufeff" + desk.read("courses/demo/course.md").rstrip("\n").replace("\n", "\r\n")
    desk.write("courses/demo/course.md", old)
    desk.done("new", "exam", "courses/demo/last.md")
    assert desk.read("courses/demo/course.md") == old + "\r\n   - [Last](last.md)\r\n"


def test_nothing_is_ever_overwritten(desk: Desk) -> None:
    text = desk.read("courses/demo/exam.md")
    for arguments in (("course", "demo"), ("exam", "courses/demo/exam.md")):
        done = desk.mooc("new", *arguments)
        assert (done.code, "is there already" in done.err) == (2, True), arguments
    assert desk.read("courses/demo/exam.md") == text


def test_a_file_outside_of_a_course_is_refused(desk: Desk) -> None:
    assert "not part of a course" in desk.mooc("new", "lesson", "elsewhere.md").err
    assert "cannot be an id" in desk.mooc("new", "course", "No id").err


def test_ids_of_new_files_are_free(desk: Desk) -> None:
    desk.done("new", "lesson", "courses/demo/a/exam-day.md")
    desk.done("new", "lesson", "courses/demo/b/exam-day.md")
    desk.done("new", "lesson", "courses/demo/b/progress.md")
    found = [desk.read(f"courses/demo/{p}.md").split("\n")[1] for p in ("b/exam-day", "b/progress")]
    assert found == ["id: exam-day-2", "id: progress-lesson"]
    assert "no problems" in desk.done("check")


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("language", scaffold.LANGUAGES)
def test_there_is_a_beginning_for_every_type_of_question(kind: str, language: str) -> None:
    text = scaffold.question(kind, "own-one", language)
    assert text.startswith("### ")
    assert text.endswith("\n")
    assert re.search(r"<!-- (question|case): own-one\b", text)


@pytest.mark.parametrize("kind", sorted(set(COMPILED.values())))
@pytest.mark.parametrize("language", scaffold.LANGUAGES)
@pytest.mark.parametrize("where", ["lesson", "quiz"])
def test_the_beginning_of_a_question_is_a_question_of_its_type(
    kind: str, language: str, where: str
) -> None:
    text = scaffold.question(kind, "own-one", language, level=2)
    files = {"one": LESSON + text} if where == "lesson" else {"quiz": QUIZ + text}
    course = (
        f"---\nid: sample\ntitle: Sample\nlanguage: {language}\nsummary: A sample.\n---\n\n"
        "## Learning outcomes\n\n- See.\n\n## Outline\n\n1. Part <!-- module: part -->\n"
        "   - [One](one.md)\n   - [Quiz](quiz.md)\n"
    )  # fmt: skip
    found = loaded(course=course, **files)
    assert found.course is not None, found.problems
    assert found.problems == ()
    made = next(q for q in found.course.questions() if q.id == "own-one")
    assert made.type == kind


@pytest.mark.parametrize("kind", ["single", "multiple", "true-false", "numeric", "text"])
def test_a_question_is_added_to_the_end_of_a_file(desk: Desk, kind: str) -> None:
    for path in ("writing/how-a-lesson-is-made", "writing/check-yourself", "pools/writing"):
        before = desk.read(f"courses/demo/{path}.md")
        desk.done("new", "question", f"courses/demo/{path}.md", kind, "--title", "Quite new?")
        after = desk.read(f"courses/demo/{path}.md")
        assert after.startswith(before + "\n#")
        assert after.endswith(">\n" if after.endswith(">\n") else ".\n")
    assert "no problems" in desk.done("check")


def test_a_question_gets_a_level_an_id_and_a_title(desk: Desk) -> None:
    desk.done(
        "new", "question", "courses/demo/pools/writing.md", "multiple", "--title", "Кто автор?"
    )
    added = desk.read("courses/demo/pools/writing.md").split("\n\n## ")[-1]
    assert added.startswith("Кто автор? (2 points)\n\n<!-- question: avtor; type: multiple; ")
    desk.done("new", "question", "courses/demo/exam.md", "single", "--id", "of-my-own")
    assert "<!-- question: of-my-own; " in desk.read("courses/demo/exam.md")
    again = desk.mooc("new", "question", "courses/demo/exam.md", "single", "--id", "of-my-own")
    assert "used in this course already" in again.err


def test_every_help_page_has_a_sentence_and_says_what_its_options_do(empty: Desk) -> None:
    for name in ("course", "lesson", "quiz", "exam", "pool", "question"):
        text = empty.done("new", name, "--help")
        assert re.search(r"\n\n  [A-Z][^.]+\.\n", text), text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What is a work?", "work"),
        ("Который из этих знаков?", "kotoryi-etikh-znakov"),
        ("Straße, rue", "strasse-rue"),
        ("The", "the"),
        ("Berne Convention, art. 5(2)", "berne-convention-art-5-2"),
        ("L'œuvre d’été", "loeuvre-dete"),
        ("发明", ""),
        ("x" * 90, "x" * 40),
    ],
)
def test_an_id_is_made_of_words(text: str, words: str) -> None:
    assert slug(text) == words


def test_an_id_is_used_once() -> None:
    taken = {"work"}
    assert [unused("work", taken, "q"), unused("work", taken, "q")] == ["work-2", "work-3"]
    assert [unused("", taken, "term"), unused("b", taken, "term")] == ["term", "term-b"]
