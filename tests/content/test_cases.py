"""Cases: a text and its questions, in graded files as a unit, in lessons as prose and practice."""

from __future__ import annotations

from mooc.content.model import Course, Fixed, Lesson, Question, Quiz
from tests.content.trees import LESSON, OPTIONS, POOL, QUIZ, codes, loaded

ONE = f"#### Is it a work?\n\n<!-- question: cake-work; source: BC 2 -->\n\n{OPTIONS}\n"
TWO = f"#### Is it copied?\n\n<!-- question: cake-copy; source: BC 9 -->\n\n{OPTIONS}\n"
CASE = f"### The *cake*\n\n<!-- case: cake -->\n\nA baker writes a poem.\n\n{ONE}{TWO}"
ALONE = f"### Alone\n\n<!-- question: alone; source: BC 2 -->\n\n{OPTIONS}\n"


def course(**files: str) -> Course:
    found = loaded(**files)
    assert found.course is not None, found.problems
    return found.course


def asked(quiz: object) -> list[Question]:
    assert isinstance(quiz, Quiz)
    return [entry.question for entry in quiz.entries if isinstance(entry, Fixed)]


def test_the_questions_of_a_case_know_its_text() -> None:
    first, second, alone = asked(course(quiz=QUIZ + CASE + ALONE).by_id["quiz"])
    assert [first.id, second.id, alone.id] == ["cake-work", "cake-copy", "alone"]
    assert first.case is second.case
    assert first.case is not None
    assert first.case.id == "cake"
    assert first.case.title_html == "The <em>cake</em>"
    assert first.case.html == "<p>A baker writes a poem.</p>"
    assert alone.case is None


def test_another_text_of_a_case_is_another_text_of_its_questions_and_regrades_nothing() -> None:
    before = asked(course(quiz=QUIZ + CASE).by_id["quiz"])[0]
    after = asked(course(quiz=QUIZ + CASE.replace("poem", "song")).by_id["quiz"])[0]
    assert before.text_hash != after.text_hash
    assert before.scoring_hash == after.scoring_hash


def test_in_a_lesson_a_case_is_prose_with_practice_below() -> None:
    lesson = course(one=LESSON + CASE.replace("###", "##")).by_id["one"]
    assert isinstance(lesson, Lesson)
    assert [block.kind for block in lesson.blocks] == ["prose", "practice", "practice"]
    assert "A baker writes a poem." in lesson.blocks[0].html  # type: ignore[union-attr]
    assert {question.case for question in lesson.questions} == {None}
    assert [section.title for section in lesson.sections] == ["The cake"]


def test_one_id_is_one_case() -> None:
    again = f"### The pie\n\n<!-- case: cake -->\n\nA pie.\n\n{ONE.replace('cake-', 'pie-')}"
    found = loaded(quiz=QUIZ + CASE + again)
    assert [(problem.code, problem.line) for problem in found.problems] == [("Q160", 36)]


def test_a_heading_of_the_level_of_the_case_ends_it() -> None:
    quiz = course(quiz=QUIZ + CASE + "### And now\n\nMore text.\n").by_id["quiz"]
    assert isinstance(quiz, Quiz)
    assert "More text." in quiz.intro_html


def pool(draw: str) -> list[str]:
    """What the check says of a draw from a pool of one case of two questions and one question."""
    basics = POOL + CASE.replace("###", "##") + ALONE.replace("###", "##")
    return codes(loaded(pool=basics, quiz=QUIZ.replace("attempts: 2", "attempts: 1") + draw))


def test_draws_that_cases_cannot_add_up_to_are_refused() -> None:
    assert pool("- Draw 3 from [Pool](pool.md)\n") == []
    assert pool("- Draw 2 from [Pool](pool.md)\n") == []
    assert pool("- Draw 4 from [Pool](pool.md)\n") == ["Q121"]
    assert pool("- Draw 2 from [Pool](pool.md)\n- Draw 1 from [Pool](pool.md)\n") == []
    assert pool("- Draw 1 from [Pool](pool.md)\n- Draw 1 from [Pool](pool.md)\n") == [
        "Q121",
        "Q121",
    ], "only one of the questions stands alone"


def test_questions_of_cases_that_are_too_large_do_not_count_for_retakes() -> None:
    basics = POOL + CASE.replace("###", "##") + ALONE.replace("###", "##")
    found = loaded(pool=basics, quiz=QUIZ + "- Draw 1 from [Pool](pool.md)\n")
    assert [problem.message for problem in found.problems] == [
        "2 attempts at 1 need 2 questions; 1 fit"
    ]
