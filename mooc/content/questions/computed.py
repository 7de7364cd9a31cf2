"""Answers that begin with `=`: read, tried over the whole range of their variables, computed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from mooc.content.blocks import plain
from mooc.content.model import (
    DateAnswer,
    Dates,
    Formula,
    Formulas,
    Numbers,
    NumericAnswer,
    QuestionType,
)
from mooc.content.questions import figures, formula, sent, variables
from mooc.content.questions.draft import Draft, Item
from mooc.content.questions.folding import fold
from mooc.content.questions.functions import FormulaError, Kind, Value
from mooc.content.questions.result import Answer, Chance, Score

TYPED = False  # what is right depends on the values, so there are no examples to try
SETTINGS: tuple[str, ...] = ()
TYPES: dict[str, Kind] = {"numeric": "number", "date": "date"}
TOLERANCE = re.compile(r"\d{1,12}(\.\d{1,12})?\s*%?", re.ASCII)
JOINS = {"±": "±", "+-": "±", "+/-": "±", "to": "to", "…": "to", "..": "to"}
MAX_UNIT = 24


def is_formula(item: Item) -> bool:
    """Whether an item is an expression to compute."""
    return item.code is not None and item.code.lstrip().startswith("=")


class _Unreadable(Exception):
    """What is wrong with an item: a code, a message, a remedy, and the column if it is known."""

    def __init__(self, code: str, message: str, fix: str, column: int = 0) -> None:
        super().__init__(message)
        self.code, self.message, self.fix, self.column = code, message, fix, column


def infer(question: Draft) -> QuestionType:
    """The type of what the first expression gives; what cannot be read is taken for a number."""
    first = next(item for item in question.items if is_formula(item))
    kinds = variables.kinds(variables.of(question.marker, question.page) or ())
    try:
        found = formula.kind_of(formula.parse(_expression(first.code or "")), kinds)
    except FormulaError:
        return "numeric"
    return "date" if found == "date" else "numeric"


def parse(question: Draft, kind: QuestionType) -> Formulas | None:
    """The key; None, with the reasons reported, when it cannot be computed."""
    vary = variables.of(question.marker, question.page)
    if vary is None:
        return None
    wanted = TYPES[kind]
    before = len(question.page.file.problems)
    answers: list[Formula] = []
    units: set[str] = set()
    for item in question.items:
        try:
            answer, unit = _answer(item, question, variables.kinds(vary), wanted)
        except _Unreadable as error:
            _report(question, item, error)
        else:
            answers.append(answer)
            units.add(unit)
    if len(units) > 1:
        _report(question, question.items[0], _Unreadable("Q116", "different units", "Use one."))
    if answers and not any(answer.correct for answer in answers):
        fix = "Leave out the brackets before a right answer, or write [x]."
        _report(question, question.items[0], _Unreadable("Q105", "no answer is right", fix))
    if len(question.page.file.problems) > before:
        return None
    return Formulas(tuple(answers), units.pop())


def _report(question: Draft, item: Item, error: _Unreadable) -> None:
    place = (item.line, error.column or item.column)
    question.problem(error.code, error.message, error.fix, *place)


def _expression(code: str) -> str:
    return code.strip().removeprefix("=").strip()


def _answer(
    item: Item, question: Draft, kinds: Mapping[str, Kind], wanted: Kind
) -> tuple[Formula, str]:
    """One item as its answer and its unit. Raises _Unreadable."""
    codes, join, unit = _pieces(item)
    if wanted == "date" and (join == "±" or unit):
        fix = "Write one day, or two with to between them."
        raise _Unreadable("Q115", "a computed date has neither tolerance nor unit", fix)
    if join == "±" and not TOLERANCE.fullmatch(codes[1]):
        fix = "Write a plain number, such as 0.5 or 2%."
        raise _Unreadable("Q115", f"{codes[1]!r} is no tolerance", fix)
    ends = [_expression(code) for code in (codes if join == "to" else codes[:1])]
    for end in ends:
        _check(end, question.page.file.lines[item.line - 1], kinds, wanted)
    high = ends[1] if join == "to" else ""
    tolerance = codes[1].replace(" ", "") if join == "±" else ""
    return Formula(ends[0], high, tolerance, item.mark != " ", question.feedback_html(item)), unit


def _pieces(item: Item) -> tuple[list[str], str, str]:
    """The pieces of code of an item, what joins two of them, and its unit."""
    shown = item.shown
    codes = [token.content for token in shown if token.type == "code_inline"]
    if item.code is None:
        fix = "Write it between backticks: `= n * 2`, or `12`."
        raise _Unreadable("Q115", "a typed answer is a piece of code", fix)
    join = JOINS.get(shown[1].content.strip(), "") if len(shown) > 2 and len(codes) > 1 else ""
    unit = " ".join(plain(shown[3 if join else 1 :]).split())
    if len(codes) > (2 if join else 1) or len(unit) > MAX_UNIT or unit.startswith(tuple("±+…")):
        fix = "Write `= n`, `= n` ± `0.5`, `= n` ± `2%` or `= n` to `= m`, then the unit."
        raise _Unreadable("Q115", "cannot read what follows the expression", fix)
    return codes, join, unit


def _check(text: str, source: str, kinds: Mapping[str, Kind], wanted: Kind) -> None:
    """Read an expression for the first time; what is wrong is shown at its character."""
    try:
        found = formula.kind_of(formula.parse(text), kinds)
    except FormulaError as error:
        start = source.find(text) if text else source.find("=") + 1
        fix = "Use numbers, dates, the variables declared, + - * / and the functions of the guide."
        message = f"cannot compute this: {error.message}"
        raise _Unreadable("Q151", message, fix, start + error.at + 1) from None
    if found != wanted:
        fix = "The answers of a question are all numbers, or all dates."
        raise _Unreadable("Q151", f"gives a {found} where a {wanted} is due", fix)


# --------------------------------------------------------------------------------------- computing


def bounds(answer: Formula, known: Mapping[str, Value]) -> tuple[Value, Value]:
    """The ends of what an answer accepts. Raises FormulaError."""
    low = formula.evaluate(formula.parse(answer.low), known)
    high = formula.evaluate(formula.parse(answer.high), known) if answer.high else low
    if not answer.tolerance or isinstance(low, date) or isinstance(high, date):
        return low, high
    by = Fraction(answer.tolerance.removesuffix("%"))
    spread = abs(low) * by / 100 if answer.tolerance.endswith("%") else by
    return low - spread, high + spread


def names(key: Formulas) -> set[str]:
    """The variables that the answers read."""
    ends = [end for answer in key.answers for end in (answer.low, answer.high) if end]
    return {name for end in ends for name in formula.names_in(formula.parse(end))}


def plain_key(key: Formulas, known: Mapping[str, Value], language: str) -> Numbers | Dates:
    """The key for these values. Bounds may be quotients: they are compared as fractions."""
    numbers: list[NumericAnswer] = []
    days: list[DateAnswer] = []
    for answer in key.answers:
        low, high = bounds(answer, known)
        marks = (_source(answer, known, language), answer.correct, answer.feedback_html)
        if isinstance(low, date) and isinstance(high, date):
            days.append(DateAnswer(low.isoformat(), high.isoformat(), *marks))
        else:
            numbers.append(NumericAnswer(_plain(low), _plain(high), *marks))
    return Dates(tuple(days)) if days else Numbers(tuple(numbers), key.unit, key.other_units)


def _source(answer: Formula, known: Mapping[str, Value], language: str) -> str:
    """The answer as a learner reads it: 1.25, or 3.33 ± 2%, or 5 – 7; a date in ISO form."""
    ends = [formula.evaluate(formula.parse(end), known) for end in (answer.low, answer.high) if end]
    words = " – ".join(
        end.isoformat() if isinstance(end, date) else figures.rounded(end, language) for end in ends
    )
    return f"{words} ± {answer.tolerance}" if answer.tolerance else words


def _plain(value: Value) -> str:
    return value.isoformat() if isinstance(value, date) else figures.exact(value)


# ------------------------------------------------------------------ what a family says of its key


def differs(key: Formulas, other: Formulas) -> str:
    """Why a translated key cannot stand for this one; empty when it can: formulas are no prose."""
    own, theirs = ([_same(answer) for answer in each.answers] for each in (key, other))
    if sorted(own) != sorted(theirs):
        return "its expressions are not those of the source"
    return "" if bool(key.unit) == bool(other.unit) else "one of the two names a unit"


def _same(answer: Formula) -> tuple[str, str, str, bool]:
    ends = (formula.canonical(answer.low), formula.canonical(answer.high))
    return (*ends, answer.tolerance, answer.correct)


def merged(key: Formulas, other: Formulas) -> Formulas:
    """The key, with what a translation calls the unit."""
    known = {fold(unit) for unit in (key.unit, *key.other_units)}
    more = () if fold(other.unit) in known else (other.unit,)
    return replace(key, other_units=(*key.other_units, *more))


def reworded(key: Formulas, other: Formulas) -> Formulas:
    """A merged key with the words and the unit of a translation."""
    words_of = {_same(answer): answer for answer in other.answers}
    units = (key.unit, *key.other_units)
    return Formulas(
        tuple(words_of[_same(answer)] for answer in key.answers),
        other.unit,
        tuple(unit for unit in units if fold(unit) != fold(other.unit)),
    )


def scoring(key: Formulas) -> object:
    """The expressions that are right, without what does not matter in them."""
    return sorted(_same(answer) for answer in key.answers if answer.correct)


def words(key: Formulas) -> object:
    """The unit, and what is said to each answer."""
    answers = [[a.low, a.high, a.tolerance, a.feedback_html] for a in key.answers]
    return [key.unit, *key.other_units, *answers]


def shown_order(
    _key: Formulas, _kind: QuestionType, _chance: Chance, *, shuffle: bool
) -> tuple[str, ...]:
    """Nothing is chosen from."""
    del shuffle
    return ()


def given(_key: Formulas, _kind: QuestionType, _order: Sequence[str], values: Sequence[str]) -> str:
    """What was typed. Saving needs no values of variables."""
    return sent.one_text(values)


def read(_key: Formulas, _kind: QuestionType, answer: Answer) -> str:
    """What was typed: only an instance can say whether it is well formed."""
    return sent.as_text(answer)


def score(_key: Formulas, _kind: QuestionType, _answer: Answer) -> Score:
    """Nothing can be said of a pattern: see `vary.instance`."""
    raise TypeError("a parametrised question is marked once its values are known")
