"""How numbers and days stand in the text of a question, in the language of that question."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from babel import Locale, UnknownLocaleError, dates, numbers


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """A course's language as Babel knows it; English for one it does not know."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def day(value: date, language: str) -> str:
    """January 5, 2026."""
    return str(dates.format_date(value, "long", locale=locale_of(language)))


def number(value: Decimal, places: int, language: str) -> str:
    """1,234.50: with as many digits after the point as asked for."""
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return str(numbers.format_decimal(value, pattern, locale=locale_of(language)))


def exact(value: Fraction) -> str:
    """A fraction as a plain decimal if it is one ("0.25"), else as a quotient ("1/3")."""
    rest, places = value.denominator, 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    for factor in (2, 5):
        while rest % factor == 0:
            rest, places = rest // factor, places + 1
    if rest != 1:
        return str(value)
    scaled = value * 10**places
    digits = f"{abs(scaled.numerator):0{places + 1}d}"
    text = digits[:-places] + "." + digits[-places:] if places else digits
    text = text.rstrip("0").rstrip(".") if places else text
    return ("-" if value < 0 else "") + text


def rounded(value: Fraction, language: str) -> str:
    """A computed number as people write it, with at most six digits after the point."""
    near = Decimal(round(value * 10**6)) / 10**6
    return str(numbers.format_decimal(near, "0.######", locale=locale_of(language)))
