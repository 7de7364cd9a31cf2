"""Eligibility, status, names and criteria: the pure rules."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from mooc.certificates.criteria import criteria_text
from mooc.certificates.eligibility import Reason, eligibility
from mooc.certificates.names import confirmed_name
from mooc.certificates.status import status
from mooc.errors import Invalid
from mooc.learning.progress import ItemState, Requirement, Requirements, progress
from tests.certificates.samples import MOMENT

AGREED = Requirements(
    pass_mark=70,
    items=(
        Requirement("reading", "lesson", "Reading", required=True),
        Requirement("extra", "lesson", "Extra", required=False),
        Requirement("quiz", "quiz", "Quiz", required=True, weight=1, pass_mark=60),
        Requirement("survey", "quiz", "Survey", required=True, weight=0),
        Requirement("exam", "exam", "Final exam", required=True, weight=3, pass_mark=70),
    ),
)
LIVE = {each.item: each for each in AGREED.items}
DONE = {
    "reading": ItemState(complete=True),
    "quiz": ItemState(score=Fraction(80, 100), attempts=1),
    "survey": ItemState(attempts=1),
    "exam": ItemState(score=Fraction(75, 100), attempts=2),
}


def judged(states: dict[str, ItemState], live: Any = LIVE, **circumstances: Any) -> Reason:
    return eligibility(AGREED, progress(AGREED, states, live), **circumstances)


@pytest.mark.parametrize(
    ("states", "missing"),
    [
        (DONE, []),
        ({}, ["lesson", "quiz", "quiz", "exam", "grade"]),
        (DONE | {"reading": ItemState()}, ["lesson"]),
        (DONE | {"survey": ItemState()}, ["quiz"]),
        (DONE | {"quiz": ItemState(score=Fraction(59, 100), attempts=1)}, ["quiz"]),
        # 69.96 is not 70, however it is shown
        (DONE | {"exam": ItemState(score=Fraction(6996, 10000), attempts=1)}, ["exam"]),
        (
            DONE
            | {
                "quiz": ItemState(score=Fraction(60, 100), attempts=1),
                "exam": ItemState(score=Fraction(70, 100), attempts=1),
            },
            ["grade"],
        ),
    ],
)
def test_what_is_missing_is_what_was_agreed_and_not_reached(
    states: dict[str, ItemState], missing: list[str]
) -> None:
    reason = judged(states)
    assert [part.code for part in reason.missing] == missing
    assert reason.met == (not missing)


def test_the_tree_says_how_far_each_thing_is() -> None:
    tree = judged(DONE | {"exam": ItemState(score=Fraction(68, 100), attempts=1)})
    exam = next(part for part in tree.parts if part.code == "exam")
    assert not exam.met
    assert exam.params == {
        "item": "exam",
        "title": "Final exam",
        "needed": 70,
        "score": Fraction(68, 100),
        "attempts": 1,
    }


def test_what_the_course_no_longer_has_is_not_asked_for() -> None:
    live = {item: LIVE[item] for item in LIVE if item != "reading"}
    tree = judged({item: DONE[item] for item in DONE if item != "reading"}, live)
    assert tree.met
    assert "lesson" not in [part.code for part in tree.parts]


def test_a_block_beats_everything() -> None:
    assert [part.code for part in judged(DONE, blocked=True).missing] == ["blocked"]
    assert not judged(DONE, blocked=True, exception=True).met


@pytest.mark.parametrize("purpose", ["staff", "test"])
def test_staff_and_test_enrollments_never_qualify(purpose: str) -> None:
    assert [part.code for part in judged(DONE, purpose=purpose).missing] == ["purpose"]
    assert not judged(DONE, purpose=purpose, exception=True).met


def test_an_exception_stands_in_for_what_is_missing() -> None:
    assert judged({}, exception=True).met


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        (["issued"], "valid"),
        (["issued", "superseded"], "replaced"),
        (["issued", "revoked"], "revoked"),
        (["issued", "revoked", "restored"], "valid"),
        (["issued", "revoked", "restored", "revoked"], "revoked"),
        (["issued", "superseded", "revoked"], "revoked"),
        (["issued", "withdrawn"], "withdrawn"),
        (["issued", "withdrawn", "restored"], "withdrawn"),
        (["issued", "expired"], "expired"),
        (["issued", "expired", "revoked"], "revoked"),
    ],
)
def test_a_status_follows_from_the_acts(acts: list[str], expected: str) -> None:
    assert status(acts, valid_until=None, now=MOMENT) == expected


def test_a_certificate_expires_on_its_printed_date() -> None:
    assert status(["issued"], valid_until=MOMENT, now=MOMENT) == "expired"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("  Anna   Weber ", "Anna Weber"),
        ("Ann\u0065\u0301", "Anné"),  # composed
        ("Анна Ковалёва", "Анна Ковалёва"),
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
        ("Anna\u202eWeber\u200b", "AnnaWeber"),  # an override that would turn the text around
        ("Anna\x00\x07 \u2066Weber\u2069", "Anna Weber"),
        ("Anna\nWeber\u2028X", "Anna Weber X"),
        ("O’Neill-Šķēle, Jr.", "O’Neill-Šķēle, Jr."),
        ("<b>Anna</b> & {{ 7 }}", "<b>Anna</b> & {{ 7 }}"),
    ],
)
def test_a_name_is_tidied_and_otherwise_kept(typed: str, printed: str) -> None:
    assert confirmed_name(typed) == printed


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "certificate.name.empty"),
        (" \u200b\u202e ", "certificate.name.empty"),
        ("12 34", "certificate.name.letters"),
        ("A" * 121, "certificate.name.long"),
        ("Anna \U00010900", "certificate.name.characters"),
        ("Anna 😀", "certificate.name.characters"),
    ],
)
def test_a_name_that_cannot_be_printed_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        confirmed_name(typed)
    assert (refusal.value.code, refusal.value.field) == (code, "name")


def test_the_refusal_names_the_characters() -> None:
    with pytest.raises(Invalid) as refusal:
        confirmed_name("Anna 😀🎓😀")
    assert refusal.value.params["characters"] == "😀 🎓"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "Complete 1 lesson. Pass “Quiz” with 60% or more and “Final exam” with 70% or "
                "more. Complete “Survey”. Reach a course grade of 70% or more."
            ),
        ),
        (
            "ru-RU",
            (
                "Изучить 1 урок. Сдать «Quiz» не менее чем на 60\u00a0% и «Final exam» не менее "
                "чем на 70\u00a0%. Выполнить «Survey». Получить за курс не менее 70\u00a0%."
            ),
        ),
    ],
)
def test_the_requirements_are_worded_in_the_language_of_the_course(
    language: str, text: str
) -> None:
    assert criteria_text(AGREED, LIVE, language) == text


def test_an_unknown_language_is_worded_in_english() -> None:
    assert criteria_text(AGREED, LIVE, "xx").startswith("Complete 1 lesson.")
    assert criteria_text(AGREED, LIVE, "../ru").startswith("Complete 1 lesson.")
