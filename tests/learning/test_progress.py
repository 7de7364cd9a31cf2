"""What is done, what is missing, and the course grade."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from mooc.learning.packing import states, with_completion, with_practice, with_score
from mooc.learning.progress import (
    ItemState,
    Requirement,
    Requirements,
    course_grade,
    progress,
)

LESSON = Requirement("lesson", "lesson", "A lesson", required=True)
EXTRA = Requirement("extra", "lesson", "More to read", required=False)
QUIZ = Requirement("quiz", "quiz", "A quiz", required=True, weight=1, pass_mark=60)
EXAM = Requirement("exam", "exam", "The exam", required=True, weight=3, pass_mark=70)
AGREED = Requirements(70, (LESSON, EXTRA, QUIZ, EXAM))
LIVE = dict.fromkeys(("lesson", "extra", "quiz", "exam"))

READ = {"lesson": ItemState(complete=True)}


def scored(percent: int) -> ItemState:
    return ItemState(score=Fraction(percent, 100), attempts=1)


def test_at_the_start_everything_required_is_missing() -> None:
    found = progress(AGREED, {}, LIVE)
    assert (found.done, found.total, found.grade) == (0, 3, 0)
    assert [m.reason for m in found.missing] == ["lesson", "quiz", "quiz", "course grade"]


def test_a_failed_quiz_does_not_complete_the_course() -> None:
    found = progress(AGREED, {**READ, "quiz": scored(59), "exam": scored(100)}, LIVE)
    assert not found.passed
    assert [(m.item, m.reason, m.needed) for m in found.missing] == [("quiz", "pass mark", 60)]


def test_everything_done_passes_without_what_is_optional() -> None:
    found = progress(AGREED, {**READ, "quiz": scored(60), "exam": scored(74)}, LIVE)
    assert found.passed
    assert (found.done, found.total) == (3, 3)


def test_the_course_grade_is_weighted() -> None:
    assert course_grade(AGREED, {"quiz": scored(100), "exam": scored(60)}) == Fraction(7, 10)


def test_each_item_passed_but_the_course_grade_too_low_is_said() -> None:
    strict = Requirements(80, (LESSON, QUIZ, EXAM))
    found = progress(strict, {**READ, "quiz": scored(60), "exam": scored(70)}, LIVE)
    assert [(m.item, m.reason) for m in found.missing] == [("", "course grade")]


def test_an_optional_quiz_never_taken_has_no_say() -> None:
    optional = Requirement("quiz", "quiz", "A quiz", required=False, weight=1)
    assert course_grade(Requirements(70, (optional, EXAM)), {"exam": scored(80)}) == Fraction(4, 5)


def test_removed_material_is_no_longer_required() -> None:
    gone = {item: None for item in LIVE if item != "quiz"}
    assert progress(AGREED, {**READ, "exam": scored(70)}, gone).passed


def test_a_quiz_without_pass_mark_needs_one_closed_attempt() -> None:
    plain = Requirement("quiz", "quiz", "A quiz", required=True, weight=0)
    agreed = Requirements(0, (plain,))
    assert not progress(agreed, {}, {"quiz": None}).passed
    assert progress(agreed, {"quiz": scored(0)}, {"quiz": None}).passed


def test_requirements_survive_json_and_their_hash_tells_them_apart() -> None:
    assert Requirements.from_json(AGREED.to_json()) == AGREED
    assert AGREED.hash != Requirements(71, AGREED.items).hash


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.sampled_from("xyz"))))
def test_packing_keeps_what_was_written_last(writes: list[tuple[str, bool, str]]) -> None:
    packed: dict[str, dict[str, object]] = {}
    ticked: dict[str, bool] = {}
    for item, done, question in writes:
        packed = with_completion(packed, item, done=done)
        packed = with_practice(packed, item, question)
        ticked[item] = done
    found = states(packed)
    assert {item: found[item].complete for item in ticked} == ticked


def test_a_packed_score_is_exact() -> None:
    packed = with_score({}, "quiz", 2, Fraction(1, 3))
    assert states(packed) == {"quiz": ItemState(score=Fraction(1, 3), attempts=2)}
