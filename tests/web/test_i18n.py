"""Which language a reader gets, and how it writes numbers and dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from flask import Flask

from mooc.errors import Conflict, Invalid, NotFound
from mooc.web import formats, i18n

OFFERED = ("en", "ru")


@pytest.mark.parametrize(
    ("preferred", "header", "expected"),
    [
        ("", "", "en"),
        ("", "ru", "ru"),
        ("", "ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        ("", "de-DE,de;q=0.9", "en"),
        ("", "de, ru;q=0.1", "ru"),
        ("", "en-GB;q=0.2, ru;q=0.9", "ru"),
        ("ru", "en", "ru"),
        ("xx", "ru", "ru"),
        ("", "*", "en"),
        ("", ";;;q=,\x00" * 500, "en"),
    ],
)
def test_a_stranger_gets_the_best_language(preferred: str, header: str, expected: str) -> None:
    assert i18n.negotiate(preferred, header, OFFERED) == expected


@pytest.fixture
def reading(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def in_russian(app: Flask) -> object:
    return app.test_request_context(headers={"Accept-Language": "ru"})


def test_percentages_are_rounded_down(reading: None) -> None:
    assert formats.percent(Fraction(6996, 10000)) == "69%"
    assert formats.percent(Fraction(2, 3)) == "66%"
    assert formats.percent(Fraction(2, 3), 1) == "66.6%"
    assert formats.percent(1) == "1%"
    assert formats.percent(100) == "100%"
    assert formats.percent(Fraction(1)) == "100%"


def test_numbers_and_dates_follow_the_language(app: Flask) -> None:
    with app.test_request_context():
        assert formats.number(12345) == "12,345"
        assert formats.points(150) == "1.5"
        assert formats.day(date(2026, 11, 23)) == "November 23, 2026"
        assert formats.minutes(12) == "12 min"
        assert formats.hours("8") == "8 hours"
        assert formats.hours("6-8") == "6-8 hours"
        assert formats.duration(5400) == "1 hour 30 minutes"
    with in_russian(app):  # type: ignore[attr-defined]
        assert formats.percent(76) == "76\xa0%"
        assert formats.day(date(2026, 11, 23)).startswith("23 ноября 2026")
        assert formats.points(150) == "1,5"


def test_a_moment_is_shown_in_the_readers_time_zone(reading: None) -> None:
    assert "2026" in formats.moment(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    assert formats.moment(None) == ""


def test_text_runs_the_way_its_language_does(app: Flask) -> None:
    assert i18n.direction("ar") == "rtl"
    assert i18n.direction("ru") == "ltr"
    assert i18n.direction("nonsense") == "ltr"


def test_languages_are_named_in_themselves() -> None:
    assert i18n.language_name("ru") == "Русский"
    assert i18n.language_name("ru", "en") == "Russian"
    assert i18n.language_name("zz") == "zz"


def test_every_error_has_a_sentence(reading: None) -> None:
    assert i18n.sentence(NotFound("course", course="x"))
    for error in (NotFound("unheard"), Conflict("unheard.of"), Invalid("?")):
        words = i18n.sentence(error)
        assert words.endswith(".")
        assert "%(" not in words
