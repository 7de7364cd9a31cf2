"""Sections for some jurisdictions: read, cut, and refused with their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooc.content.jurisdictions import CODES, canonical, suggestion
from mooc.content.model import Lesson, Practice
from tests.content.trees import LESSON, OPTIONS, codes, lesson, loaded


def blocks(body: str) -> list[tuple[str, tuple[str, ...], str]]:
    """Kind, jurisdictions and section of each block of a lesson."""
    found = lesson(body)
    assert found.course is not None, found.problems
    item = found.course.by_id["one"]
    assert isinstance(item, Lesson)
    return [(block.kind, block.only, block.section) for block in item.blocks]


def test_a_section_ends_at_the_next_heading_of_its_level() -> None:
    body = (
        "All.\n\n## A\n\n<!-- only: US, EU -->\n\nSome.\n\n### Deeper\n\nSome.\n\n"
        "## B\n\nAll.[^1]\n\n### C\n\n<!-- only: RU -->\n\nFew.\n\n[^1]: Note.\n"
    )
    assert blocks(body) == [
        ("prose", (), ""),
        ("prose", ("EU", "US"), "s-a"),
        ("prose", (), ""),
        ("prose", ("RU",), "s-c"),
        ("prose", (), ""),
    ]


def test_two_sections_side_by_side_stay_two() -> None:
    body = "## A\n\n<!-- only: EU -->\n\nOne.\n\n## B\n\n<!-- only: EU -->\n\nTwo.\n"
    assert [section for _kind, _only, section in blocks(body)] == ["s-a", "s-b"]


def test_a_practice_question_belongs_to_the_section_it_stands_in() -> None:
    question = f"<!-- question: own -->\n\n{OPTIONS}"
    within = f"## A\n\n<!-- only: EU -->\n\nText.\n\n### Is it so?\n\n{question}"
    beside = f"## A\n\n<!-- only: EU -->\n\nText.\n\n## Is it so?\n\n{question}"
    assert blocks(within)[1] == ("practice", ("EU",), "s-a")
    assert blocks(beside)[1] == ("practice", (), "")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("## A\n\n<!-- only: eu -->\n\nText.\n", [("E312", 8, 12)]),
        ("## A\n\n<!-- only: EU, UK, XX -->\n\nText.\n", [("E312", 8, 16), ("E312", 8, 20)]),
        ("## A\n\n<!-- only: -->\n\nText.\n", [("E312", 8, 1)]),
        ("## A\n\n<!-- only: EU; or: US -->\n\nText.\n", [("Q102", 8, 16)]),
        ("## A\n\nText.\n\n<!-- only: EU -->\n", [("E306", 10, 1)]),
        ("<!-- only: EU -->\n", [("E306", 6, 1)]),
        ("## A\n\n<!-- only: EU -->\n\n### B\n\n<!-- only: EU -->\n", [("E313", 12, 1)]),
    ],
)
def test_what_is_wrong_is_reported_with_its_place(
    body: str, found: list[tuple[str, int, int]]
) -> None:
    assert [(p.code, p.line, p.column) for p in lesson(body).problems] == found


def test_a_header_names_jurisdictions_that_exist() -> None:
    found = loaded(one="---\nid: one\ntitle: One\njurisdictions: EU, England\n---\n\nText.\n")
    assert [(p.code, p.line) for p in found.problems] == [("E312", 4)]
    assert loaded(one=LESSON.replace("---\n\n", "jurisdictions: [EU, RU]\n---\n\n")).course


def test_a_limit_in_a_quiz_is_refused() -> None:
    quiz = "---\nid: quiz\ntitle: Quiz\nkind: quiz\n---\n\n## A\n\n<!-- only: EU -->\n\n"
    assert "E306" in codes(loaded(quiz=quiz + "- Draw 1 from [Pool](pool.md)\n"))


@pytest.mark.parametrize(
    ("code", "meant"),
    [("UK", "GB"), ("ru", "RU"), ("EPO", "EP"), ("EAPO", "EA"), ("PCT", "WO"), ("USA", "US")],
)
def test_what_people_write_is_understood(code: str, meant: str) -> None:
    assert suggestion(code) == f"Did you mean {meant}?"


def test_a_translation_is_limited_as_its_original_is() -> None:
    original = "## A\n\n<!-- only: EU -->\n\nText.\n\n### Is it so?\n\n<!-- question: own -->\n\n"
    original += f"{OPTIONS}\n## B\n\nMore.\n"
    words = "---\nid: one\ntitle: Один\n---\n\n## А\n\nТекст.\n"
    found = loaded(**{"one": LESSON + original, "one.ru.md": words + "\n## Б\n"})
    assert found.course is not None, found.problems
    item = found.course.edition("ru").by_id["one"]
    assert isinstance(item, Lesson)
    assert item.laws == ("EU",)
    assert {block.only for block in item.blocks if "Текст" in repr(block)} == {("EU",)}
    assert [block.only for block in item.blocks if isinstance(block, Practice)] == [("EU",)]


def test_a_term_first_used_in_a_limited_section_is_linked_outside_too() -> None:
    body = "## A\n\n<!-- only: EU -->\n\nA mark, a mark.\n\n## B\n\nA mark.\n"
    glossary = "- **mark**: a sign. <!-- term: mark -->\n"
    found = loaded(**{"one": LESSON + body, "glossary.md": glossary})
    assert found.course is not None
    item = found.course.by_id["one"]
    assert isinstance(item, Lesson)
    assert [repr(block).count('class="term"') for block in item.blocks] == [1, 1]
    assert item.terms == ("mark",)


@given(st.lists(st.text(max_size=3) | st.sampled_from(sorted(CODES))))
def test_a_choice_is_always_known_codes_in_one_order(codes: list[str]) -> None:
    found = canonical(codes)
    assert found == canonical(found) == tuple(sorted(set(found)))
    assert set(found) <= CODES
