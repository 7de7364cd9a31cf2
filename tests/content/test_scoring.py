"""What answers are worth."""

# ruff: noqa: E501 (tables of examples read best one a line)

from __future__ import annotations

from fractions import Fraction

import pytest

from mooc.content.model import Question
from mooc.content.questions import Answer, read, score
from mooc.errors import Invalid
from tests.content.trees import lesson, question

SEVERAL = "- [x] A <!-- a -->\n- [x] B <!-- b -->\n- [ ] C <!-- c -->\n  > No.\n- [ ] D <!-- d -->\n  > No.\n"
NEUTRAL = SEVERAL.replace("- [ ] D <!-- d -->\n  > No.\n", "- [~] D <!-- d -->\n")
ALL_NEUTRAL = "- [~] A <!-- a -->\n- [~] B <!-- b -->\n"


def credit(asked: Question, answer: Answer) -> Fraction:
    return score(asked, answer).credit


@pytest.mark.parametrize(
    ("way", "chosen", "expected"),
    [
        ("net", "ab", 1), ("net", "a", "1/2"), ("net", "abc", "1/2"), ("net", "ac", 0),
        ("net", "cd", 0), ("net", "abcd", 0), ("net", "c", 0),
        ("all", "ab", 1), ("all", "a", 0), ("all", "abc", 0),
        ("each", "ab", 1), ("each", "a", "3/4"), ("each", "abc", "3/4"), ("each", "cd", 0),
        ("each", "ac", "1/2"),
    ],
)  # fmt: skip
def test_multiple_questions_give_credit_net_all_or_each(
    way: str, chosen: str, expected: object
) -> None:
    assert credit(question(SEVERAL, f"credit: {way}"), list(chosen)) == Fraction(str(expected))


@pytest.mark.parametrize("way", ["net", "all", "each"])
def test_a_neutral_option_changes_nothing(way: str) -> None:
    asked = question(NEUTRAL, f"type: multiple; credit: {way}")
    for chosen in ("ab", "a", "abc", "ac"):
        assert credit(asked, list(chosen)) == credit(asked, [*chosen, "d"])


@pytest.mark.parametrize("way", ["net", "all", "each"])
def test_when_only_neutral_options_are_left_every_answer_has_full_marks(way: str) -> None:
    asked = question(ALL_NEUTRAL, f"type: multiple; credit: {way}")
    assert credit(asked, ["a"]) == credit(asked, ["b"]) == 1


@pytest.mark.parametrize("way", ["net", "all", "each"])
def test_a_wrong_option_stays_wrong_when_every_right_one_became_neutral(way: str) -> None:
    asked = question(
        "- [~] A <!-- a -->\n- [ ] B <!-- b -->\n  > No.\n", f"type: multiple; credit: {way}"
    )
    assert credit(asked, ["a"]) == 1
    assert credit(asked, ["a", "b"]) == 0


def test_a_single_question_is_right_or_wrong() -> None:
    asked = question("- [x] A <!-- a -->\n- [ ] B <!-- b -->\n  > No.\n")
    assert asked.type == "single"
    assert credit(asked, ["a"]) == 1
    assert score(asked, ["b"]).credit == 0
    assert score(asked, ["b"]).feedback == ("b",)
    assert score(asked, ["b"]).feedback_html == ("<p>No.</p>",)


def test_a_share_gives_a_wrong_option_part_of_the_points_and_is_not_shown() -> None:
    asked = question("- [x] A <!-- a -->\n- [ ] B <!-- b -->\n  > **50%** Nearly.\n")
    assert score(asked, ["b"]).credit == Fraction(1, 2)
    assert score(asked, ["b"]).feedback_html == ("<p>Nearly.</p>",)


def test_a_neutral_option_of_a_single_question_is_accepted() -> None:
    asked = question(
        "- [x] A <!-- a -->\n- [~] B <!-- b -->\n- [ ] C <!-- c -->\n  > No.\n", "type: single"
    )
    assert [credit(asked, [key]) for key in "abc"] == [1, 1, 0]


@pytest.mark.parametrize(
    "pair", [("True", "False"), ("Верно", "Неверно"), ("Vrai", "Faux"), ("صحيح", "خطأ")]
)
def test_true_and_false_are_known_in_several_languages(pair: tuple[str, str]) -> None:
    asked = question(f"- [ ] {pair[0]}\n  > No.\n- [x] {pair[1]}\n")
    assert asked.type == "true-false"
    assert credit(asked, ["false"]) == 1
    assert credit(asked, ["true"]) == 0


@pytest.mark.parametrize("answers", [SEVERAL, "- `1`\n", "- `a`\n"])
@pytest.mark.parametrize("empty", [[], "", {}])
def test_an_empty_answer_scores_nothing_and_counts_as_not_answered(
    answers: str, empty: Answer
) -> None:
    result = score(question(answers), empty)
    assert (result.credit, result.answered) == (0, False)


NUMBERS = [
    # key, typed, credit
    ("`1.41` ± `0.01`", "1.40", 1), ("`1.41` ± `0.01`", "1.42", 1), ("`1.41` ± `0.01`", "1.4201", 0),
    ("`1.41` +- `0.01`", "1,41", 1), ("`12` ± `2%`", "12.24", 1), ("`12` ± `2%`", "12.25", 0),
    ("`-12` ± `2%`", "−11.76", 1), ("`9` to `11`", "9", 1), ("`9` to `11`", "11.0001", 0),
    ("`1000`", "1\u2009000", 1), ("`1000`", "1\u00a0000", 1), ("`1000`", "1\u202f000", 1), ("`1000`", "1,000", 1),
    ("`1000`", "1000.0", 1), ("`1000`", "1'000", 1), ("`1`", "1,000", 1), ("`1000000`", "1.000.000", 1),
    ("`1234.5`", "1,234.5", 1), ("`1234.5`", "1.234,5", 1), ("`1000`", "1e3", 1),
    ("`12` months", "12 months", 1), ("`12` months", "12months", 1), ("`12` months", "12", 1),
    ("`12` months", "12 Months", 1), ("`50` %", "50%", 1), ("`50%`", "50 %", 1), ("`50%`", "50", 1),
    ("`50%` ± `5%`", "54", 1), ("`50%` ± `5%`", "56", 0),
    ("`7`", "٧", 1), ("`7`", "７", 1), ("`3.5`", "٣٫٥", 1), ("`0.5`", ".5", 1), ("`+3`", "3", 1),
    ("`0.1`", "0.10000000000000000000001", 0), ("`0.3`", "0.3", 1),
]  # fmt: skip


@pytest.mark.parametrize(("key", "typed", "expected"), NUMBERS)
def test_numbers_are_understood_as_people_write_them(key: str, typed: str, expected: int) -> None:
    asked = question(f"- {key}\n")
    assert asked.type == "numeric"
    assert credit(asked, read(asked, typed)) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "twelve",
        "12 days",
        "1,2,3",
        "1..2",
        "--1",
        "0x1f",
        "1/2",
        "NaN",
        "inf",
        "1e9999",
        "50%",
        "9" * 200,
        "1 2",
    ],
)
def test_what_is_no_number_is_asked_again(typed: str) -> None:
    asked = question("- `12` months\n")
    for attempt in (lambda: read(asked, typed), lambda: score(asked, typed)):
        with pytest.raises(Invalid) as raised:
            attempt()
        assert raised.value.code == "answer.not_a_number"


def test_a_known_wrong_number_has_its_feedback() -> None:
    asked = question("- `12` months\n- [ ] `6` months\n  > That is for designs.\n", "type: numeric")
    result = score(asked, "6")
    assert (result.credit, result.feedback) == (0, ("6 months",))
    assert result.feedback_html == ("<p>That is for designs.</p>",)


TEXTS = [
    ("`Priority date`", "  priority   DATE ", 1), ("`Straße`", "STRASSE", 1), ("`ﬁling`", "filing", 1),
    ("`é`", "e\u0301", 1), ("`ten`", "tent", 0), ("`/ten|10/`", "10", 1), ("`/ten|10/`", "10 years", 0),
    ("`/ten( years)?/`", "Ten Years", 1), ("`/a.c/`", "abcd", 0),
]  # fmt: skip


@pytest.mark.parametrize(("key", "typed", "expected"), TEXTS)
def test_texts_are_compared_after_folding_or_matched_whole(
    key: str, typed: str, expected: int
) -> None:
    asked = question(f"- {key}\n")
    assert asked.type == "text"
    assert credit(asked, read(asked, typed)) == expected


def test_right_texts_are_tried_before_known_wrong_ones() -> None:
    asked = question("- [ ] `/.*/`\n  > Something else.\n- `right`\n", "type: text")
    assert credit(asked, "right") == 1
    assert score(asked, "wrong").feedback_html == ("<p>Something else.</p>",)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(.*a){20}", "a" * 190, "(x+x+)+y"])
def test_patterns_cannot_run_away(pattern: str) -> None:
    asked = question(f"- `/{pattern}/`\n")
    score(asked, "a" * 1999 + "!")


def test_an_answer_may_have_two_thousand_characters_and_no_more() -> None:
    asked = question("- `a`\n")
    assert read(asked, "b" * 2000) == "b" * 2000
    with pytest.raises(Invalid, match=r"answer\.too_long"):
        read(asked, "b" * 2001)


def test_keys_that_the_form_never_had_are_refused() -> None:
    single = question("- [x] A <!-- a -->\n- [ ] B <!-- b -->\n  > No.\n")
    with pytest.raises(Invalid, match=r"answer\.unknown_option"):
        read(single, ["z"])
    with pytest.raises(Invalid, match=r"answer\.more_than_one"):
        read(single, ["a", "b"])
    assert read(single, ["b", "", "b"]) == ["b"]


def test_points_stand_in_the_heading_and_leave_the_title() -> None:
    asked = question("- `a`\n", heading="Which *word*? (2.5 points)")
    assert (asked.points, asked.title) == (250, "Which word?")
    assert asked.title_html == "Which <em>word</em>?"
    assert question("- `a`\n").points == 100
    assert question("- `a`\n", heading="Какое слово? (2 балла)").points == 200


@pytest.mark.parametrize(
    "change",
    [
        ("- [x] A <!-- a -->\n- [x] B <!-- b -->", "- [x] B <!-- b -->\n- [x] A <!-- a -->"),
        ("B <!-- b -->", "Bee <!-- b -->"),
        ("> No.", "> Not so."),
    ],
)
def test_order_and_wording_do_not_touch_the_scoring_hash(change: tuple[str, str]) -> None:
    before, after = question(SEVERAL), question(SEVERAL.replace(*change, 1))
    assert before.scoring_hash == after.scoring_hash
    assert before.text_hash != after.text_hash
    assert {o.key for o in before.key.options} == {o.key for o in after.key.options}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (SEVERAL, SEVERAL.replace("[x] B", "[ ] B").replace("<!-- b -->", "<!-- b -->\n  > No.")),
        (SEVERAL, SEVERAL.replace("[ ] C", "[~] C")),
        (SEVERAL, SEVERAL.replace("<!-- c -->", "<!-- e -->")),
        ("- `12` ± `1`\n", "- `12` ± `2`\n"),
        ("- `ten`\n", "- `ten`\n- `10 years`\n"),
        (
            "- [x] A <!-- a -->\n- [ ] B <!-- b -->\n  > No.\n",
            "- [x] A <!-- a -->\n- [ ] B <!-- b -->\n  > **50%** No.\n",
        ),
    ],
)
def test_another_key_is_another_scoring_hash(before: str, after: str) -> None:
    marker = "type: multiple" if before == SEVERAL else ""
    assert question(before, marker).scoring_hash != question(after, marker).scoring_hash


def test_knowing_another_wrong_answer_is_no_change_of_scoring() -> None:
    before = question("- `12`\n", "type: numeric")
    after = question("- `12`\n- [ ] `6`\n  > No.\n", "type: numeric")
    assert before.scoring_hash == after.scoring_hash


def test_other_points_are_another_scoring_hash() -> None:
    assert (
        question("- `a`\n").scoring_hash
        != question("- `a`\n", heading="Is it so? (2 points)").scoring_hash
    )


def test_nothing_of_the_key_is_in_what_learners_see() -> None:
    asked = question(
        "Choose.\n\n> [!TIP]\n> CANARY-hint\n\n- [x] First <!-- a -->\n- [ ] Second <!-- b -->\n  > CANARY-feedback\n\n"
        "> [!NOTE]\n> CANARY-explanation\n"
    )
    assert "CANARY" not in asked.prompt_html + asked.title_html + asked.title
    assert "CANARY-hint" in asked.hints_html[0]
    assert "CANARY-explanation" in asked.explanation_html
    found = lesson(
        "## S\n\nText.\n\n## Is it?\n\n<!-- question: own -->\n\nCANARY\n\n- `CANARY`\n\n## On\n\nMore.\n"
    )
    assert found.course is not None
    one = found.course.by_id["one"]
    assert "CANARY" not in one.text
    assert "More." in one.text
