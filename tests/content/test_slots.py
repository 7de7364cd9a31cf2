"""Dates, pairs, orders and blanks: how they are read, what answers are worth, what stays the same."""

# ruff: noqa: E501 (tables of examples read best one a line)

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given as cases
from hypothesis import strategies as st

from mooc.content.model import Cloze, Dates, Numbers, Pairs, Question, Steps
from mooc.content.questions import Answer, given, read, score, shown_order
from mooc.content.questions.wording import difference, with_wordings
from mooc.errors import Invalid
from tests.content.trees import lesson, question

TABLE = (
    "| Made | Right |\n|---|---|\n| A *novel* <!-- novel --> | Copyright |\n"
    "| A song <!-- song --> | copyright |\n| A valve <!-- valve --> | A patent |\n| - | A mark |\n"
)
LIST = "1. File <!-- a -->\n   > First.\n2. Search <!-- b -->\n3. Publish <!-- c -->\n4. Grant <!-- d -->\n"
TEXT = (
    "It lasts [[years]] years from **[[start]]**, says a [[text]], since [[day]].\n\n"
    "- years (2)\n  - `20`\n  - [ ] `10`\n    > A mark.\n"
    "- start\n  - [x] filing <!-- f -->\n  - [ ] grant <!-- g -->\n    > Later.\n"
    "- text\n  - `treaty`\n- day\n  - `1995-01-01`\n"
)
CLOZE = question(TEXT)
MATCH = question(TABLE)
ORDER = question(LIST)


def places(letters: str) -> dict[str, str]:
    """An order such as "bacd" as an answer."""
    return {letter: str(at) for at, letter in enumerate(letters, 1)}


# ----------------------------------------------------------------------------------------- dates

DATES = [
    # key, typed, credit
    ("`2026-03-01`", "2026-03-01", 1), ("`2026-03-01`", "2026-3-1", 1), ("`2026-03-01`", "01.03.2026", 1),
    ("`2026-03-01`", "1.3.2026", 1), ("`2026-03-01`", "1 March 2026", 1), ("`2026-03-01`", "1st march, 2026", 1),
    ("`2026-03-01`", "March 1, 2026", 1), ("`2026-03-01`", "1 Mar. 2026", 1), ("`2026-03-01`", "1 марта 2026", 1),
    ("`2026-03-01`", "1 марта 2026 г.", 1), ("`2026-03-01`", "01.03.2026 г.", 1), ("`2026-03-01`", "1 МАРТА 2026 года", 1),
    ("`2026-03-01`", "١ March ٢٠٢٦", 1), ("`2026-03-01`", " 2026-03-01 ", 1), ("`2026-03-01`", "2 March 2026", 0),
    ("`2026-03-01` ± `3` days", "4 March 2026", 1), ("`2026-03-01` ± `3` days", "2026-02-26", 1),
    ("`2026-03-01` +- `3` days", "2026-02-25", 0), ("`2026-03-01` ± `1` day", "2026-03-02", 1),
    ("`2026-03-01` to `2026-03-05`", "2026-03-05", 1), ("`2026-03-01` to `2026-03-05`", "2026-03-06", 0),
    ("`2026-03-01 to 2026-03-05`", "2026-03-03", 1), ("`2024-02-29`", "29 февраля 2024", 1),
]  # fmt: skip


@pytest.mark.parametrize(("key", "typed", "expected"), DATES)
def test_dates_are_understood_as_people_write_them(key: str, typed: str, expected: int) -> None:
    asked = question(f"- {key}\n")
    assert asked.type == "date"
    assert score(asked, read(asked, typed)).credit == expected


@pytest.mark.parametrize(
    "typed", ["tomorrow", "3/1/2026", "2026-02-30", "29.02.2025", "1 Mai 2026", "March 2026", "2026", "0000-01-01", "9" * 300]
)  # fmt: skip
def test_what_is_no_date_is_asked_again(typed: str) -> None:
    asked = question("- `2026-03-01`\n")
    for attempt in (read, score):
        with pytest.raises(Invalid) as raised:
            attempt(asked, typed)
        assert raised.value.code == "answer.not_a_date"


def test_a_known_wrong_date_has_its_feedback_and_right_ones_go_first() -> None:
    asked = question(
        "- [ ] `2026-01-01` to `2026-12-31`\n  > Not then.\n- `2026-03-01`\n", "type: date"
    )
    assert score(asked, "1 March 2026").credit == 1
    assert score(asked, "2 March 2026").feedback_html == ("<p>Not then.</p>",)


# ------------------------------------------------------------------------------------------ pairs


def test_a_table_of_two_columns_is_a_matching_question() -> None:
    key = MATCH.key
    assert isinstance(key, Pairs)
    assert [(pair.key, pair.html) for pair in key.pairs] == [
        ("novel", "A <em>novel</em>"),
        ("song", "A song"),
        ("valve", "A valve"),
    ]
    assert [target.html for target in key.targets] == ["Copyright", "A patent", "A mark"], (
        "the same text is one option"
    )
    assert key.heads_html == ("Made", "Right")
    assert key.pairs[0].target == key.pairs[1].target
    assert "table" not in MATCH.prompt_html


@pytest.mark.parametrize(
    ("answer", "credit", "states"),
    [
        ({"novel": 0, "song": 0, "valve": 1}, 1, "right right right"),
        ({"novel": 0, "song": 1, "valve": 1}, "2/3", "right wrong right"),
        ({"novel": 0}, "1/3", "right empty empty"),
        ({"novel": 2, "song": 2, "valve": 2}, 0, "wrong wrong wrong"),
    ],
)
def test_each_pair_is_worth_the_same(answer: dict[str, int], credit: object, states: str) -> None:
    assert isinstance(MATCH.key, Pairs)
    given_ = {left: MATCH.key.targets[at].key for left, at in answer.items()}
    result = score(MATCH, given_)
    assert result.credit == Fraction(str(credit))
    assert " ".join(part.state for part in result.parts) == states


# ------------------------------------------------------------------------------------------ order


@pytest.mark.parametrize(
    ("order", "pairs", "exact"),
    [("abcd", 1, 1), ("dabc", "2/3", 0), ("bacd", "1/3", 0), ("dcba", 0, 0), ("cdab", "2/3", 0), ("acbd", 0, 0)],
)  # fmt: skip
def test_an_order_counts_by_neighbours_or_as_a_whole(order: str, pairs: object, exact: int) -> None:
    assert ORDER.type == "ordering"
    assert score(ORDER, places(order)).credit == Fraction(str(pairs))
    assert score(question(LIST, "credit: exact"), places(order)).credit == exact


def test_an_order_that_is_not_whole_counts_for_what_is_there() -> None:
    assert score(ORDER, {"a": "1", "b": "2"}).credit == Fraction(1, 3)
    assert read(ORDER, {"b": "2"}) == {"b": "2"}
    assert [part.state for part in score(ORDER, {"b": "1"}).parts] == [
        "empty",
        "wrong",
        "empty",
        "empty",
    ]


def test_a_place_given_twice_is_asked_again_and_counts_for_neither() -> None:
    twice = {"a": "1", "b": "2", "c": "2", "d": "4"}
    with pytest.raises(Invalid, match=r"answer\.position_twice"):
        read(ORDER, twice)
    assert score(ORDER, twice).credit == 0
    assert [part.state for part in score(ORDER, twice).parts] == [
        "right",
        "wrong",
        "wrong",
        "right",
    ]


def test_the_feedback_of_an_item_is_for_those_who_put_it_elsewhere() -> None:
    assert score(ORDER, places("bacd")).parts[0].feedback_html == "<p>First.</p>"
    assert score(ORDER, places("abcd")).parts[0].feedback_html == ""


@cases(st.integers())
def test_items_are_never_shown_in_the_right_order(seed: int) -> None:
    assert shown_order(ORDER, Random(seed), shuffle=False) != ("a", "b", "c", "d")


def test_of_two_items_the_order_shown_says_nothing() -> None:
    two = question("1. File <!-- a -->\n2. Publish <!-- b -->\n")
    shown = [shown_order(two, Random(seed), shuffle=True) for seed in range(200)]
    assert 60 < shown.count(("a", "b")) < 140


# ------------------------------------------------------------------------------------------ blanks


def test_a_text_with_blanks_is_cut_at_them() -> None:
    key = CLOZE.key
    assert isinstance(key, Cloze)
    assert key.parts == (
        "<p>It lasts ",
        " years from <strong>",
        "</strong>, says a ",
        ", since ",
        ".</p>",
    )
    assert [(blank.name, blank.weight, blank.key.kind) for blank in key.blanks] == [
        ("years", 2, "numbers"), ("start", 1, "choices"), ("text", 1, "texts"), ("day", 1, "dates"),
    ]  # fmt: skip
    assert CLOZE.prompt_html == ""


@pytest.mark.parametrize(
    ("answer", "credit"),
    [
        ({"years": "20", "start": "f", "text": "Treaty", "day": "1 Jan 1995"}, 1),
        ({"years": "20,0"}, "2/5"), ({"start": "f"}, "1/5"), ({"years": "10", "start": "g"}, 0),
        ({"years": "twenty", "start": "f", "day": "long ago"}, "1/5"),
    ],
)  # fmt: skip
def test_blanks_count_by_their_weight_and_a_slip_costs_one_alone(
    answer: Answer, credit: object
) -> None:
    assert score(CLOZE, answer).credit == Fraction(str(credit))


def test_a_blank_that_cannot_be_read_is_asked_again() -> None:
    for slip, code in (
        ({"years": "twenty"}, "answer.not_a_number"),
        ({"day": "then"}, "answer.not_a_date"),
    ):
        with pytest.raises(Invalid) as raised:
            read(CLOZE, slip)
        assert raised.value.code == code


def test_each_blank_has_the_feedback_of_its_known_wrong_answer() -> None:
    parts = {part.slot: part for part in score(CLOZE, {"years": "10", "start": "g"}).parts}
    assert (parts["years"].state, parts["years"].feedback_html) == ("wrong", "<p>A mark.</p>")
    assert (parts["start"].state, parts["start"].feedback_html) == ("wrong", "<p>Later.</p>")
    assert parts["text"].state == "empty"


def test_blanks_can_stand_in_lists_and_tables() -> None:
    found = question(
        "- It lasts [[years]]\n\n| a |\n|---|\n| [[day]] |\n\n- years\n  - `20` years\n- day\n  - `1995-01-01`\n"
    )
    assert isinstance(found.key, Cloze)
    assert "<li>" in found.key.parts[0]
    assert "<td>" in found.key.parts[1]
    assert isinstance(found.key.blanks[0].key, Numbers)
    assert found.key.blanks[0].key.unit == "years"


# ------------------------------------------------------------------------------------------ errors

ERRORS = [
    # answers, marker, what is reported: code, line, column (the answers begin on line 10)
    ("- `2026-02-30`\n", "", [("Q115", 10, 1)]),
    ("- `2026-03-01`\n- soon\n", "type: date", [("Q115", 11, 1)]),
    ("- `2026-03-05` to `2026-03-01`\n", "", [("Q116", 10, 1)]),
    ("- [ ] `2026-03-01`\n", "type: date", [("Q105", 10, 1)]),
    ("- `2026-03-01` ± `3` days\n- [ ] `2026-03-02`\n", "type: date", [("Q120", 11, 1)]),
    ("- `2026-03-01`\n", "accept: 2 March 2026", [("Q118", 8, 29)]),
    ("- `2026-03-01` ± `3` days\n", "reject: 2 March 2026", [("Q119", 8, 29)]),
    ("| a | b | c |\n|---|---|---|\n| d | e | f |\n", "", [("Q131", 10, 3)]),
    ("| a | b |\n|---|---|\n| d | e |\n| f |   |\n", "", [("Q131", 13, 9)]),
    ("| a | b |\n|---|---|\n|   | e |\n| f | g |\n", "", [("Q131", 12, 5)]),
    ("| a | b |\n|---|---|\n| d | e |\n| D | f |\n", "", [("Q107", 13, 3)]),
    ("| a | b |\n|---|---|\n| d <!-- K! --> | e |\n| D | f |\n", "", [("Q108", 12, 10)]),
    ("| a | b |\n|---|---|\n| d | e |\n| f | E |\n", "", [("Q109", 10, 3)]),
    ("1. One\n", "", [("Q109", 10, 1)]),
    ("1. One\n2. one\n", "", [("Q107", 11, 1)]),
    ("1. [x] One\n2. Two\n", "", [("Q132", 10, 1)]),
    ("1. One\n2. Two\n", "credit: net", [("Q113", 8, 29)]),
    ("1. One\n2. Two\n", "accept: One", [("Q113", 8, 21)]),
    ("It is [[one]] and [[two]].\n\n- one\n  - `1`\n", "", [("Q133", 10, 19)]),
    ("It is [[one]].\n\n- one\n  - `1`\n- two\n  - `2`\n", "", [("Q133", 14, 1)]),
    ("It is [[one]] and [[one]].\n\n- one\n  - `1`\n", "", [("Q133", 10, 19)]),
    ("It is [[one]].\n\n- one\n", "type: cloze", [("Q133", 12, 1)]),
    ("It is [[one]].\n\n- one (0)\n  - `1`\n", "", [("Q134", 12, 7)]),
    ("It is [[One]].\n\n- One\n  - `1`\n", "", [("Q108", 12, 1)]),
    ("It is [[one]].\n\n- one\n  - [ ] `1`\n  - [ ] `2`\n", "", [("Q105", 13, 3)]),
    ("It is [[one]].\n\n- one\n  - [ ] A\n    > No.\n", "", [("Q105", 13, 3), ("Q109", 13, 3)]),
    ("It is [[one]].\n\n- one\n  - [x] A\n", "", [("Q109", 13, 3)]),
    ("It is [[one]].\n\n- one\n  - [x] A\n  - [ ] B\n", "", [("W105", 14, 3)]),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "marker", "expected"), ERRORS)
def test_authors_are_told_what_is_wrong_and_where(
    answers: str, marker: str, expected: list[tuple[str, int, int]]
) -> None:
    extra = f"; {marker}" if marker else ""
    found = lesson(f"## Is it so?\n\n<!-- question: own{extra} -->\n\n{answers}")
    assert [(p.code, p.line, p.column) for p in found.problems] == expected


# -------------------------------------------------------------------------------------- properties

ALL = [
    question("- [x] A <!-- a -->\n- [x] B <!-- b -->\n- [ ] C <!-- c -->\n  > No.\n- [~] D <!-- d -->\n", "type: multiple"),
    question("- `12` ± `2` months\n"), question("- `ten`\n"), question("- `2026-03-01`\n"), MATCH, ORDER, CLOZE,
]  # fmt: skip


@cases(
    st.sampled_from(ALL),
    st.lists(
        st.one_of(
            st.sampled_from(["", "0", "1", "2", "3", "4", "12", "2026-03-01"]), st.text(max_size=8)
        ),
        max_size=6,
    ),
    st.integers(),
)
def test_whatever_a_form_sends_is_worth_from_nothing_to_all(
    asked: Question, values: list[str], seed: int
) -> None:
    try:
        answer = given(asked, shown_order(asked, Random(seed), shuffle=True), values)
        result = score(asked, answer)
    except Invalid:
        return
    assert 0 <= result.credit <= 1
    assert result.answered or result.credit == 0
    read_again = score(asked, answer)
    assert read_again == result


ROWS = ["| A <!-- a --> | X |", "| B <!-- b --> | Y |", "| C <!-- c --> | X |", "| - | Z |"]
BLANKS = [
    "- n\n  - `1`\n  - [ ] `2`\n",
    "- o\n  - [x] P <!-- p -->\n  - [ ] Q <!-- q -->\n  - [ ] R <!-- r -->\n",
]


@cases(
    st.permutations(ROWS),
    st.fixed_dictionaries({}, optional={key: st.integers(0, 2) for key in "abc"}),
)
def test_moving_rows_never_changes_what_a_recorded_answer_means(
    rows: list[str], chosen: dict[str, int]
) -> None:
    before, after = (
        question("| L | R |\n|---|---|\n" + "\n".join(each) + "\n") for each in (ROWS, rows)
    )
    assert isinstance(before.key, Pairs)
    answer: Any = {left: before.key.targets[at].key for left, at in chosen.items()}
    assert score(before, answer).credit == score(after, answer).credit
    assert before.scoring_hash == after.scoring_hash


def test_moving_the_list_of_blanks_never_changes_what_a_recorded_answer_means() -> None:
    texts = [
        "It is [[n]] or [[o]].\n\n" + "".join(order) for order in itertools.permutations(BLANKS)
    ]
    before, after = (question(text) for text in texts)
    for answer in ({"n": "1", "o": "p"}, {"n": "2", "o": "q"}, {"o": "r"}):
        assert score(before, answer).credit == score(after, answer).credit
    assert before.scoring_hash == after.scoring_hash
    assert before.text_hash == after.text_hash


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TABLE, TABLE.replace("| A patent |", "| Copyright |")), (TABLE, TABLE + "| - | A design |\n"),
        (LIST, LIST.replace("File <!-- a -->", "File <!-- x -->")), (TEXT, TEXT.replace("(2)", "(3)")),
        (TEXT, TEXT.replace("[x] filing <!-- f -->", "[~] filing <!-- f -->").replace("[ ] grant <!-- g -->\n    > Later.\n", "[x] grant <!-- g -->\n")),
        ("- `2026-03-01`\n", "- `2026-03-01` ± `1` days\n"),
    ],
)  # fmt: skip
def test_another_key_is_another_scoring_hash(before: str, after: str) -> None:
    assert question(before).scoring_hash != question(after).scoring_hash


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TABLE, TABLE.replace("A song", "One song")), (LIST, LIST.replace("Search", "Searching")),
        (LIST, LIST.replace("First.", "It is first.")), (TEXT, TEXT.replace("It lasts", "It can last")),
        (TEXT, TEXT.replace("A mark.", "Not that.")),
    ],
)  # fmt: skip
def test_other_words_are_another_text_hash_alone(before: str, after: str) -> None:
    first, second = question(before), question(after)
    assert first.scoring_hash == second.scoring_hash
    assert first.text_hash != second.text_hash


def test_keys_that_the_form_never_had_are_refused() -> None:
    for asked, values in (
        (MATCH, ["3"]),
        (MATCH, ["-1"]),
        (MATCH, [""] * 4),
        (ORDER, ["5"]),
        (ORDER, ["0"]),
        (ORDER, ["1"] * 5),
        (CLOZE, ["", "2"]),
        (CLOZE, ["", "²"]),
    ):
        with pytest.raises(Invalid, match=r"answer\.unknown_option"):
            given(asked, shown_order(asked, Random(1), shuffle=True), values)
    for asked, answer in (
        (MATCH, {"novel": "x"}),
        (MATCH, {"x": "y"}),
        (ORDER, {"a": "9"}),
        (CLOZE, {"start": "x"}),
        (CLOZE, ["f"]),
        (ORDER, "a"),
    ):
        with pytest.raises(Invalid, match=r"answer\.unknown_option"):
            read(asked, answer)


def test_the_shape_of_a_key_is_stored_and_comes_back() -> None:
    from mooc.catalog.actions import QUESTION

    for asked in ALL:
        assert QUESTION.validate_python(QUESTION.dump_python(asked, mode="json")) == asked
    assert isinstance(ALL[3].key, Dates)
    assert isinstance(ALL[5].key, Steps)


# ------------------------------------------------------------------------------------ translations

RUSSIAN = {
    TABLE: TABLE.replace("Made", "Что").replace("A song", "Песня").replace("A valve", "Клапан")
    .replace("A *novel*", "*Роман*").replace("Copyright", "Авторское право").replace("copyright", "авторское право")
    .replace("A patent", "Патент").replace("A mark", "Знак"),
    LIST: LIST.replace("File", "Подача").replace("First", "Сначала").replace("Search", "Поиск"),
    TEXT: TEXT.replace("It lasts", "Он длится").replace("treaty", "договор").replace("filing", "подачи").replace("A mark", "Знак"),
    "- `2026-03-01`\n": "- `2026-03-01`\n",
}  # fmt: skip


@pytest.mark.parametrize("answers", RUSSIAN)
def test_a_translation_words_each_slot_and_changes_no_mark(answers: str) -> None:
    original, other = question(answers), question(RUSSIAN[answers])
    assert difference(original, other) == ""
    both = with_wordings(original, [replace(other, language="ru")])
    russian = both.in_language("ru")
    assert russian.language == "ru"
    order = shown_order(both, Random(3), shuffle=True)
    assert shown_order(russian, Random(3), shuffle=True) == order, "fields mean the same in both"
    for values in (["1", "0", "2"], ["0", "2", "1"], ["2"]):
        try:
            answer = given(both, order, values)
            marks = [score(each, answer).credit for each in (both, russian)]
        except Invalid:
            continue
        assert marks[0] == marks[1]


def test_what_a_blank_takes_in_one_language_it_takes_in_all() -> None:
    both = with_wordings(CLOZE, [replace(question(RUSSIAN[TEXT]), language="ru")])
    russian = both.in_language("ru")
    for asked, typed in itertools.product((both, russian), ("treaty", "договор")):
        assert score(asked, {"text": typed}).credit == Fraction(1, 5)
    assert isinstance(russian.key, Cloze)
    assert russian.key.parts[0] == "<p>Он длится "


@pytest.mark.parametrize(
    ("original", "other", "why"),
    [
        (TABLE, TABLE.replace("<!-- song -->", "<!-- sang -->"), "is in one of the two only"),
        (TABLE, TABLE.replace("| A patent |", "| Copyright |"), "belong together otherwise"),
        (TABLE, TABLE + "| - | A design |\n", "not as many right sides"),
        (LIST, LIST.replace("<!-- a -->", "<!-- x -->").replace("<!-- b -->", "<!-- a -->"), "their order"),
        (TEXT, TEXT.replace("[[text]], since [[day]]", "[[day]], since [[text]]"), "or their order"),
        (TEXT, TEXT.replace("  - `20`\n  - [ ] `10`\n", "  - `30`\n  - [ ] `10`\n"), "numbers are not those"),
        (TEXT, TEXT.replace("`1995-01-01`", "`one day`"), "in another way"),
        ("- `2026-03-01`\n", "- `2026-03-02`\n", "dates are not those"),
    ],
)  # fmt: skip
def test_a_translation_of_another_shape_does_not_stand_for_its_source(
    original: str, other: str, why: str
) -> None:
    assert why in difference(question(original), question(other))
