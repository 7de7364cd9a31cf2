"""A course as a whole: its order, its identity, and what survives a move."""

# ruff: noqa: E501 (tables of examples read best one a line)

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from mooc.content.drawing import matching
from mooc.content.loader import load
from mooc.content.model import Course, Draw, Fixed, Lesson, Quiz
from mooc.content.source import find_courses
from tests.content.trees import BASE, LESSON, OPTIONS, QUIZ, TODAY, Memory, codes, lesson, loaded

COURSES = Path(__file__).parents[2] / "courses"
ADAPTER = TypeAdapter(Course)


def course(**changes: str) -> Course:
    found = loaded(**changes)
    assert found.course is not None, found.problems
    return found.course


def test_a_course_is_read_in_the_order_of_its_outline() -> None:
    sample = course()
    assert [item.id for item in sample.items] == ["one", "quiz"]
    assert sample.modules[0].items == ("one", "quiz")
    assert sample.outcomes_html == ("See.",)
    assert sample.about_html == "<p>About it.</p>"
    assert sample.pass_mark == 70


def test_what_an_exam_does_when_its_header_says_nothing() -> None:
    exam = course(
        quiz=QUIZ.replace("kind: quiz\nattempts: 2", "kind: exam") + "- Draw 1 from [P](pool.md)\n"
    ).by_id["quiz"]
    plain = course(quiz=QUIZ.replace("attempts: 2\n", "") + "- Draw 1 from [P](pool.md)\n").by_id[
        "quiz"
    ]
    assert isinstance(exam, Quiz)
    assert isinstance(plain, Quiz)
    assert (exam.exam, exam.attempts) == (True, 2)
    assert (plain.exam, plain.attempts) == (False, None)


def test_a_quiz_keeps_its_settings() -> None:
    header = (
        "---\nid: quiz\ntitle: Quiz\nkind: exam\nattempts: unlimited\nwait: 8h\ntime_limit: 40m\npass_mark: 60%\n"
        "keep: last\nshuffle: both\nfeedback: never\nhint_cost: 10\npledge: yes\nrequired: no\nweight: 3\n---\n\n"
    )
    found = course(
        quiz=header + "Read well.\n\n- Draw 1 from [P](pool.md) where tag novelty and level apply\n"
    ).by_id["quiz"]
    assert isinstance(found, Quiz)
    assert (found.attempts, found.wait, found.time_limit, found.pass_mark) == (
        None,
        28_800,
        2_400,
        60,
    )
    assert (found.keep, found.shuffle, found.feedback, found.hint_cost) == (
        "last",
        "both",
        "never",
        10,
    )
    assert (found.pledge, found.required, found.weight) == (True, False, 3)
    assert found.entries == (Draw(1, "basics", ("novelty",), ("apply",)),)
    assert found.intro_html == "<p>Read well.</p>"


def test_draws_match_all_tags_and_one_of_the_levels() -> None:
    pool = course().pools[0]
    assert [q.id for (q,) in matching(Draw(1, "basics"), pool)] == ["base", "other", "third"]
    assert [q.id for (q,) in matching(Draw(1, "basics", ("novelty",)), pool)] == ["other", "third"]
    assert [q.id for (q,) in matching(Draw(1, "basics", ("novelty",), ("apply",)), pool)] == [
        "third"
    ]


@pytest.mark.parametrize(
    "where", ["tag a and tag b", "level a and level b", "tag a or b", "colour red"]
)
def test_a_draw_names_one_tag_and_one_level_at_most(where: str) -> None:
    found = loaded(quiz=QUIZ + f"- Draw 1 from [P](pool.md) where {where}\n")
    assert codes(found) == ["E230"]


def test_fixed_questions_may_stand_beside_draw_lines() -> None:
    fixed = f"### Own\n\n<!-- question: own; source: TRIPS 1 -->\n\n{OPTIONS}"
    found = course(quiz=QUIZ + "- Draw 1 from [P](pool.md)\n\n" + fixed).by_id["quiz"]
    assert isinstance(found, Quiz)
    assert [type(entry) for entry in found.entries] == [Draw, Fixed]
    assert found.size == 2


def test_a_lesson_is_prose_and_practice_in_turn() -> None:
    found = lesson(
        f"Before.\n\n### Own\n\n<!-- question: own -->\n\n{OPTIONS}\n## After\n\nText.\n"
    )
    assert found.course is not None
    one = found.course.by_id["one"]
    assert isinstance(one, Lesson)
    assert [block.kind for block in one.blocks] == ["prose", "practice", "prose"]
    assert one.text == "Before. After Text."


def test_moving_a_file_changes_no_id_and_no_hash_of_a_question() -> None:
    moved = {path: text for path, text in BASE.items() if path not in ("pool.md", "one.md")}
    moved["deep/pools/p.md"] = BASE["pool.md"]
    moved["deep/l.md"] = BASE["one.md"]
    moved["quiz.md"] = BASE["quiz.md"].replace("pool.md", "deep/pools/p.md")
    moved["course.md"] = BASE["course.md"].replace("one.md", "deep/l.md")
    after = load(Memory({**moved}), TODAY).course
    before = course()
    assert after is not None
    assert [i.id for i in after.items] == [i.id for i in before.items]
    for name in ("id", "scoring_hash", "text_hash"):
        assert [getattr(q, name) for q in after.questions()] == [
            getattr(q, name) for q in before.questions()
        ]


def test_a_course_survives_being_written_and_read() -> None:
    sample = course(
        one=LESSON + f"![A dot](dot.svg)\n\n## Own\n\n<!-- question: own -->\n\n{OPTIONS}"
    )
    again = ADAPTER.validate_json(ADAPTER.dump_json(sample))
    assert again == sample
    assert all(
        getattr(again, field.name) == getattr(sample, field.name) for field in fields(Course)
    )


def test_the_hash_is_of_the_course_alone() -> None:
    assert course().hash == course().hash == course(**{"unused.svg": "x"}).hash
    assert course().hash != course(one=LESSON + "Other text.\n").hash


def test_only_media_in_use_are_part_of_the_course() -> None:
    found = lesson("![A dot](dot.svg)\n")
    assert found.course is not None
    assert [media.path for media in found.course.media] == ["dot.svg"]
    digest = found.course.media[0].hash
    assert found.media[digest]() == BASE["dot.svg"].encode()
    assert f"/media/{digest}.svg" in found.course.by_id["one"].blocks[0].html  # type: ignore[union-attr]


def test_glossary_sources_and_readmes_are_no_lessons() -> None:
    term = "- **right**: what one may do. <!-- term: right; also: rights -->\n"
    extra = {
        "glossary.md": term,
        "sources.md": "- TRIPS\n",
        "README.md": "x",
        "README.ru.md": "x",
    }
    assert codes(loaded(**extra)) == []


def test_every_file_reports_its_own_problems() -> None:
    found = loaded(one="no header", quiz=QUIZ, pool="---\nid: [\n---\n")
    assert {problem.path for problem in found.problems} == {"one.md", "quiz.md", "pool.md"}
    assert found.course is None


def test_problems_come_in_order_with_their_line_and_a_fix() -> None:
    found = lesson("A <b>x</b> and [y](z.md)\n\n<i>c</i>\n")
    assert list(found.problems) == sorted(found.problems)
    assert found.problems[0].source == "A <b>x</b> and [y](z.md)"
    assert all(problem.fix for problem in found.problems)


@pytest.mark.parametrize(
    "heading", ["Which is **not** free?", "Which is NOT free?", "Which is free?"]
)
def test_a_negation_that_is_stressed_in_the_heading_is_no_problem(heading: str) -> None:
    assert codes(lesson(f"## {heading}\n\n<!-- question: own -->\n\n{OPTIONS}")) == []


def test_a_negation_in_the_heading_is_seen() -> None:
    assert codes(lesson(f"## Which is not free?\n\n<!-- question: own -->\n\n{OPTIONS}")) == [
        "W104"
    ]


def test_warnings_stop_nothing() -> None:
    found = lesson(
        "## Own\n\n<!-- question: own -->\n\n- [x] Yes <!-- a -->\n- [ ] No <!-- b -->\n"
    )
    assert codes(found) == ["W105"]
    assert found.course is not None


@pytest.mark.parametrize("tree", find_courses(COURSES), ids=lambda tree: tree.path.name)
def test_the_courses_of_this_repository_have_no_errors(tree: object) -> None:
    found = load(tree, TODAY)  # type: ignore[arg-type]
    assert [str(problem) for problem in found.problems if problem.severity == "error"] == []
