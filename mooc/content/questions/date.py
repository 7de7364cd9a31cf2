"""Dates as people write them, judged as days of the calendar: a day, or a range of days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from mooc.content.blocks import plain
from mooc.content.model import DateAnswer, Dates, QuestionType
from mooc.content.questions import sent
from mooc.content.questions.draft import Draft, Item
from mooc.content.questions.folding import digits, fold
from mooc.content.questions.result import Answer, Chance, Score
from mooc.errors import Invalid

TYPED = True
SETTINGS = ("accept", "reject")
DAY = r"\d{4}-\d\d-\d\d"
DAYS = r"(?:days?|день|дня|дней|jours?|días?|天|日|يوم|أيام)"
WRITTEN = re.compile(
    rf"(?P<day>{DAY})(?:\s*(?:±|\+-|\+/-)\s*(?P<by>\d{{1,4}})\s*{DAYS}"
    rf"|\s*(?:to|…|\.\.)\s*(?P<to>{DAY}))?"
)
MONTHS = tuple(
    tuple(names.split())
    for names in (
        "january jan январь января янв",
        "february feb февраль февраля фев февр",
        "march mar март марта мар",
        "april apr апрель апреля апр",
        "may май мая",
        "june jun июнь июня июн",
        "july jul июль июля июл",
        "august aug август августа авг",
        "september sep sept сентябрь сентября сен сент",
        "october oct октябрь октября окт",
        "november nov ноябрь ноября ноя нояб",
        "december dec декабрь декабря дек",
    )
)
NUMBER_OF = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
NAMED = r"(?P<month>[^\W\d_]+)\.?"
FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
        r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})(?:\s?г\.?)?",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s?{NAMED},?\s?(?P<y>\d{{4}})(?:\s?(?:г\.?|года))?",
        rf"{NAMED}\s?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y>\d{{4}})",
    )
)


def is_date(item: Item) -> bool:
    """Whether an item starts with a date in code, whether there is such a day or not."""
    return item.code is not None and WRITTEN.fullmatch(item.code.strip()) is not None


def parse(question: Draft, _kind: QuestionType) -> Dates | None:
    """The key; None, with the reasons reported, when no day could be right."""
    answers = [_answer(item, question) for item in question.items]
    known = [answer for answer in answers if answer]
    if len(known) < len(answers):
        return None
    if not any(answer.correct for answer in known):
        question.problem(
            "Q105",
            "no date is right",
            "Leave out the brackets before a right date, or write [x].",
            question.items[0].line,
            question.items[0].column,
        )
        return None
    _check_overlap(known, question)
    return Dates(tuple(known))


def _answer(item: Item, question: Draft) -> DateAnswer | None:
    written = " ".join(plain(item.shown).split())
    found = WRITTEN.fullmatch(written)
    days = [_day(found[name]) for name in ("day", "to") if found[name]] if found else []
    if not found or not is_date(item) or None in days:
        question.problem(
            "Q115",
            f"{written!r} is no date of the calendar",
            "Write `2026-03-01`, `2026-03-01` ± `3` days, or `2026-03-01` to `2026-03-05`.",
            item.line,
            item.column,
        )
        return None
    ends = _ends([day for day in days if day], int(found["by"] or 0))
    if ends is None:
        question.problem(
            "Q116",
            "the range ends before it begins, or leaves the calendar",
            "Write the earlier date first.",
            item.line,
            item.column,
        )
        return None
    low, high = ends
    feedback = question.feedback_html(item)
    return DateAnswer(low.isoformat(), high.isoformat(), written, item.mark != " ", feedback)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _ends(days: Sequence[date], by: int) -> tuple[date, date] | None:
    try:
        low, high = days[0] - timedelta(by), days[-1] + timedelta(by)
    except OverflowError:
        return None
    return (low, high) if low <= high else None


def _check_overlap(answers: Sequence[DateAnswer], question: Draft) -> None:
    right = [answer for answer in answers if answer.correct]
    for answer, item in zip(answers, question.items, strict=True):
        if not answer.correct and any(r.low <= answer.low and answer.high <= r.high for r in right):
            question.problem(
                "Q120",
                f"{answer.source} is both right and known to be wrong",
                "Delete one of the two.",
                item.line,
                item.column,
            )


def differs(key: Dates, other: Dates) -> str:
    """Why a translated key cannot stand for this one; empty when it can. Dates are no prose."""
    own, theirs = (sorted(_same(answer) for answer in each.answers) for each in (key, other))
    return "" if own == theirs else "its dates are not those of the source"


def _same(answer: DateAnswer) -> tuple[str, str, bool]:
    return answer.low, answer.high, answer.correct


def merged(key: Dates, _other: Dates) -> Dates:
    """The key, to which a translation adds nothing."""
    return key


def reworded(key: Dates, other: Dates) -> Dates:
    """The key with the feedback of a translation."""
    found = {_same(answer): answer for answer in other.answers}
    return replace(key, answers=tuple(found[_same(answer)] for answer in key.answers))


def scoring(key: Dates) -> object:
    """The ranges that are right."""
    return sorted((a.low, a.high) for a in key.answers if a.correct)


def words(key: Dates) -> object:
    """The dates as written, and what is said to them."""
    return [[a.source, a.feedback_html] for a in key.answers]


def shown_order(
    _key: Dates, _kind: QuestionType, _chance: Chance, *, shuffle: bool
) -> tuple[str, ...]:
    """Nothing is chosen from."""
    del shuffle
    return ()


def given(_key: Dates, _kind: QuestionType, _order: Sequence[str], values: Sequence[str]) -> str:
    """What was typed, were it a date or not."""
    return sent.one_text(values)


def reading(typed: str) -> date:
    """The day a text means: 2026-03-01, 01.03.2026, 1 March 2026, 1 марта 2026 г.

    Raises Invalid("answer.not_a_date") for all else, 3/1/2026 included, which is two days.
    """
    text = fold(digits(typed))
    for form in FORMS if len(text) <= 40 else ():
        if found := form.fullmatch(text):
            parts = found.groupdict()
            month = int(parts["m"]) if "m" in parts else NUMBER_OF.get(parts["month"], 0)
            try:
                return date(int(parts["y"]), month, int(parts["d"]))
            except ValueError:
                break
    raise Invalid("answer.not_a_date")


def read(_key: Dates, _kind: QuestionType, answer: Answer) -> str:
    """What was typed, if it is a date. Raises answer.not_a_date: a slip costs nothing."""
    typed = sent.as_text(answer).strip()
    if typed:
        reading(typed)
    return typed


def score(key: Dates, kind: QuestionType, answer: Answer) -> Score:
    """1 for a day within an accepted range, else 0. Right answers go before known wrong ones."""
    typed = read(key, kind, answer)
    if not typed:
        return Score(Fraction(0), answered=False)
    day = reading(typed).isoformat()
    for known in sorted(key.answers, key=lambda a: not a.correct):
        if known.low <= day <= known.high:
            notes = (known.feedback_html,) if known.feedback_html else ()
            return Score(Fraction(known.correct), (known.source,), notes)
    return Score(Fraction(0))
