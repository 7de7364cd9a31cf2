"""Numbers, dates and durations as a reader's language writes them: the filters of all templates."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from babel import dates, lists, numbers, units
from flask_babel import format_date, format_datetime

from mooc.web.i18n import _, babel_locale


def number(value: float | Decimal | Fraction) -> str:
    """1,234.5 in the reader's language."""
    plain = float(value) if isinstance(value, Fraction) else value
    return numbers.format_decimal(plain, locale=babel_locale())


def percent(value: float | Fraction, decimals: int = 0) -> str:
    """A percentage, rounded down so that 69.96 never shows as 70.

    A Fraction (or float) is a share from 0 to 1, an int is whole percent.
    """
    share = Fraction(value, 100) if isinstance(value, int) else Fraction(value)
    scale = 10 ** (2 + decimals)
    down = Fraction(math.floor(share * scale), scale)
    pattern = babel_locale().percent_formats[None].pattern
    if decimals:
        pattern = pattern.replace("#,##0", "#,##0." + "#" * decimals)
    return numbers.format_percent(float(down), format=pattern, locale=babel_locale())


def points(value: int) -> str:
    """Hundredths of a mark as marks: 150 is 1.5."""
    return numbers.format_decimal(Decimal(value) / 100, locale=babel_locale())


def day(value: date | datetime | None, style: str = "long") -> str:
    """A day: 23 November 2026."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str(format_date(value, style))
    return dates.format_date(value, style, locale=babel_locale())


def moment(value: datetime | None, style: str = "medium") -> str:
    """A day and time in the reader's time zone."""
    return "" if value is None else str(format_datetime(value, style))


def minutes(value: int) -> str:
    """A short duration: 12 min."""
    return units.format_unit(value, "duration-minute", length="short", locale=babel_locale())


def hours(value: str | float) -> str:
    """A course's length: 8 hours; a range such as 6-8 is kept as written."""
    text = str(value).strip()
    try:
        exact = Decimal(text)
    except ArithmeticError:
        return _("%(range)s hours", range=text) if text else ""
    return units.format_unit(exact, "duration-hour", length="long", locale=babel_locale())


def duration(seconds: int) -> str:
    """A time limit or wait in its largest whole units: 1 hour 30 minutes."""
    parts = []
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(
                units.format_unit(count, f"duration-{unit}", length="long", locale=babel_locale())
            )
    return " ".join(parts[:2])


def listed(values: list[str], style: str = "standard") -> str:
    """Things in a row: one, two and three."""
    return lists.format_list(list(values), style=style, locale=babel_locale())  # type: ignore[arg-type]


FILTERS: dict[str, Callable[..., Any]] = {
    "number": number,
    "percent": percent,
    "points": points,
    "date": day,
    "datetime": moment,
    "minutes": minutes,
    "hours": hours,
    "duration": duration,
    "listed": listed,
}
