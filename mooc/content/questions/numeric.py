"""Numbers as people type them, judged by exact decimals: never by a binary float."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction

from mooc.content.blocks import plain
from mooc.content.model import Numbers, NumericAnswer, QuestionType
from mooc.content.questions import sent
from mooc.content.questions.draft import Draft, Item
from mooc.content.questions.folding import digits, fold
from mooc.content.questions.result import Answer, Chance, Score
from mooc.errors import Invalid

TYPED = True
SETTINGS = ("accept", "reject")
MAX_DIGITS = 60
MAX_UNIT = 24
PRECISION = 200  # more digits than any key can need, so that nothing is ever rounded
PLAIN = r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)"
NUMBER = re.compile(rf"({PLAIN})(?:e([+-]?\d{{1,3}}))?", re.IGNORECASE)
GROUPED = re.compile(r"(?<=\d)[ '’٬](?=\d{3}(?!\d))")
SIGNS = str.maketrans({"−": "-", "‒": "-", "–": "-", "﹣": "-", "٫": ".", "٬": "'"})
WRITTEN = re.compile(
    rf"^\s*(?P<n>{PLAIN})(?P<pn>\s*%)?\s*(?:(?:±|\+-|\+/-)\s*(?P<by>{PLAIN})(?P<pby>\s*%)?"
    rf"|(?:to|…|\.\.)\s+(?P<to>{PLAIN})(?P<pto>\s*%)?)?\s*(?P<unit>.*)$"
)
STRICT_CODE = re.compile(rf"\s*{PLAIN}\s*%?\s*(?:(?:±|\+-|\+/-|to)\s*{PLAIN}\s*%?)?\s*")


def is_numeric(item: Item) -> bool:
    """Whether an item starts with a number in code."""
    return item.code is not None and STRICT_CODE.fullmatch(_ascii(item.code)) is not None


def parse(question: Draft, _kind: QuestionType) -> Numbers | None:
    """The key; None, with the reasons reported, when no number could be right."""
    answers: list[NumericAnswer] = []
    units: list[str] = []
    good = True
    for item in question.items:
        found = _answer(item, question)
        good = good and found is not None
        if found:
            answers.append(found[0])
            units.append(found[1])
    if not good:
        return None
    if not any(answer.correct for answer in answers):
        question.problem(
            "Q105",
            "no number is right",
            "Leave out the brackets before a right number, or write [x].",
            question.items[0].line,
            question.items[0].column,
        )
        return None
    if len(set(units)) > 1:
        question.problem(
            "Q116",
            f"different units: {', '.join(sorted(unit or 'none' for unit in set(units)))}",
            "Use one unit; for options to choose from, write type: single.",
            question.items[0].line,
            question.items[0].column,
        )
        return None
    _check_overlap(answers, question)
    return Numbers(tuple(answers), units[0])


def _answer(item: Item, question: Draft) -> tuple[NumericAnswer, str] | None:
    """One item as (bounds, unit)."""

    def refuse(code: str, message: str, fix: str) -> None:
        question.problem(code, message, fix, item.line, item.column)

    written = " ".join(plain(item.shown).split())
    found = WRITTEN.match(_ascii(written))
    if not is_numeric(item) or not found:
        refuse(
            "Q115",
            f"{written!r} does not start with a number in code",
            "Write `1.41`, `1.41` ± `0.01`, `12` ± `2%` or `9` to `11`.",
        )
        return None
    number, other = _key_number(found["n"]), _key_number(found["by"] or found["to"] or "0")
    if number is None or other is None:
        refuse(
            "Q115",
            f"{written!r} can be read in two ways, or is too long",
            "Write 1000 or 1.0, without marks between thousands.",
        )
        return None
    low, high = _bounds(number, other, found)
    if low > high:
        refuse(
            "Q116",
            "the range ends before it begins",
            "Write the smaller number first, and tolerances without a minus.",
        )
        return None
    unit = found["unit"].strip() or ("%" if found["pn"] or found["pto"] else "")
    if len(unit) > MAX_UNIT:
        refuse(
            "Q116",
            f"{unit!r} is too long for a unit",
            "For options to choose from, write type: single in the marker.",
        )
        return None
    feedback = question.feedback_html(item)
    return NumericAnswer(_decimal(low), _decimal(high), written, item.mark != " ", feedback), unit


def _bounds(number: Decimal, other: Decimal, found: re.Match[str]) -> tuple[Decimal, Decimal]:
    """Both ends of a range or tolerance. Of a percentage, a tolerance in percent is in points."""
    if found["to"]:
        return number, other
    if not found["by"]:
        return number, number
    with localcontext() as context:
        context.prec = PRECISION
        spread = abs(number) * other / 100 if found["pby"] and not found["pn"] else other
        return number - spread, number + spread


def _check_overlap(answers: list[NumericAnswer], question: Draft) -> None:
    right = [answer for answer in answers if answer.correct]
    for answer, item in zip(answers, question.items, strict=True):
        inside = any(
            Decimal(r.low) <= Decimal(answer.low) and Decimal(answer.high) <= Decimal(r.high)
            for r in right
        )
        if not answer.correct and inside:
            question.problem(
                "Q120",
                f"{answer.source} is both right and known to be wrong",
                "Delete one of the two.",
                item.line,
                item.column,
            )


def differs(key: Numbers, other: Numbers) -> str:
    """Why a translated key cannot stand for this one; empty when it can. Numbers are no prose."""
    own, theirs = ([_same(answer) for answer in each.answers] for each in (key, other))
    if sorted(own) != sorted(theirs):
        return "its numbers are not those of the source"
    return "" if bool(key.unit) == bool(other.unit) else "one of the two names a unit"


def _same(answer: NumericAnswer) -> tuple[str, str, bool]:
    return answer.low, answer.high, answer.correct


def merged(key: Numbers, other: Numbers) -> Numbers:
    """The key, with what a translation calls the unit."""
    known = {fold(unit) for unit in (key.unit, *key.other_units)}
    more = () if fold(other.unit) in known else (other.unit,)
    return replace(key, other_units=(*key.other_units, *more))


def reworded(key: Numbers, other: Numbers) -> Numbers:
    """A merged key with the words and the unit of a translation."""
    words = {_same(answer): answer for answer in other.answers}
    units = (key.unit, *key.other_units)
    return Numbers(
        tuple(words[_same(answer)] for answer in key.answers),
        other.unit,
        tuple(unit for unit in units if fold(unit) != fold(other.unit)),
    )


def _key_number(text: str) -> Decimal | None:
    """A number in a key, which must be plain: a comma before three digits could mean thousands."""
    if len(text) > MAX_DIGITS or re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", text):
        return None
    return Decimal(text.replace(",", "."))


def _decimal(number: Decimal) -> str:
    with localcontext() as context:
        context.prec = PRECISION
        text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _ascii(text: str) -> str:
    """Digits and signs of all scripts as ASCII; spaces between groups of three digits removed."""
    text = digits(text.translate(SIGNS))
    text = " ".join(unicodedata.normalize("NFKC", text).split()).translate(SIGNS)
    return GROUPED.sub("", text)


def readings(typed: str, key: Numbers) -> tuple[Fraction, ...]:
    """The numbers a text can mean: two for "1,500", which is 1500 in London and 1.5 in Moscow.

    The question's unit may follow it. Invalid("answer.not_a_number") for anything else.
    """
    text = _ascii(typed)
    if len(text) > MAX_DIGITS + MAX_UNIT:
        raise Invalid("answer.not_a_number")
    # The longest first: which unit is the reader's own must not change what counts as a number.
    for unit in sorted((fold(u) for u in (key.unit, *key.other_units)), key=lambda u: (-len(u), u)):
        if unit and fold(text).endswith(unit):
            text = fold(text)[: -len(unit)].rstrip()
            break
    text = re.sub(r"^([+-])\s+", r"\1", text)
    forms = {text}
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", text):
        forms = {
            text.replace(",", ""),
            *([text] if text.count(",") == 1 and "." not in text else []),
        }
    elif re.fullmatch(r"[+-]?[1-9]\d{0,2}(\.\d{3}){2,}(,\d+)?|[+-]?[1-9]\d{0,2}\.\d{3},\d+", text):
        forms = {text.replace(".", "")}
    values = {_value(form) for form in forms}
    return tuple(sorted(value for value in values if value is not None)) or _not_a_number()


def _value(text: str) -> Fraction | None:
    found = NUMBER.fullmatch(text)
    if not found or len(text) > MAX_DIGITS:
        return None
    return Fraction(Decimal(found[1].replace(",", "."))) * Fraction(10) ** int(found[2] or 0)


def _not_a_number() -> tuple[Fraction, ...]:
    raise Invalid("answer.not_a_number")


def scoring(key: Numbers) -> object:
    """The ranges that are right."""
    return sorted((a.low, a.high) for a in key.answers if a.correct)


def words(key: Numbers) -> object:
    """The answers as written, and what is said to them."""
    return [key.unit, *key.other_units, *([a.source, a.feedback_html] for a in key.answers)]


def shown_order(
    _key: Numbers, _kind: QuestionType, _chance: Chance, *, shuffle: bool
) -> tuple[str, ...]:
    """Nothing is chosen from."""
    del shuffle
    return ()


def given(_key: Numbers, _kind: QuestionType, _order: Sequence[str], values: Sequence[str]) -> str:
    """What was typed, were it a number or not."""
    return sent.one_text(values)


def read(key: Numbers, _kind: QuestionType, answer: Answer) -> str:
    """What was typed, if it is a number. Raises answer.not_a_number: a slip costs nothing."""
    typed = sent.as_text(answer).strip()
    if typed:
        readings(typed, key)
    return typed


def score(key: Numbers, kind: QuestionType, answer: Answer) -> Score:
    """1 for a number within accepted bounds, else 0. Right answers go before known wrong ones."""
    typed = read(key, kind, answer)
    if not typed:
        return Score(Fraction(0), answered=False)
    numbers = readings(typed, key)
    for known in sorted(key.answers, key=lambda a: not a.correct):
        if any(Fraction(known.low) <= number <= Fraction(known.high) for number in numbers):
            notes = (known.feedback_html,) if known.feedback_html else ()
            return Score(Fraction(known.correct), (known.source,), notes)
    return Score(Fraction(0))
