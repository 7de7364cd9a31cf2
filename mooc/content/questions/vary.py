"""Parametrised questions: values drawn for each attempt, and the plain question they make.

A pattern says `{{filed}}` in its texts and `= months(filed, 12)` in its answers. `draw_values`
chooses the values once; `instance` gives the question that is asked, which all else works on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from html import escape
from typing import Any, Protocol

from mooc.content.model import Choices, Formulas, Key, Question
from mooc.content.questions import computed, trial, variables
from mooc.content.questions.draft import Draft

PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}\}")


class Chance(Protocol):
    """As much of `random.Random` as drawing needs: a whole number from 0 to below `stop`."""

    def randrange(self, stop: int, /) -> int: ...


def draw_values(question: Question, random: Chance) -> dict[str, str]:
    """A value for each variable, as it is stored."""
    return {
        one.name: variables.value_at(one, random.randrange(variables.size(one)))
        for one in question.vary
    }


def instance(question: Question, values: Mapping[str, str]) -> Question:
    """The plain question for these values: texts filled in, answers computed.

    A question that does not vary is itself. Raises FormulaError for values that an expression
    cannot take, which the check looks for long before.
    """
    key: Key = question.key
    if isinstance(key, Formulas):
        key = computed.plain_key(key, variables.typed(question.vary, values), question.language)
    elif not question.vary:
        return question
    words = _words(question, values)
    filled: Question = _filled(replace(question, key=key, vary=(), wordings=()), words)
    return replace(filled, title=_put(question.title, words))


def _words(question: Question, values: Mapping[str, str]) -> dict[str, str]:
    """The values as its texts say them."""
    return {
        one.name: variables.shown(one, values[one.name], question.language) for one in question.vary
    }


def check(question: Question, found: Draft) -> None:
    """Names that no variable has, variables that nothing uses, answers that fail somewhere."""
    if found.page.file.broken:  # its texts were not made, so nobody knows what they call for
        return
    known = {one.name for one in question.vary}
    used = {*placeholders(question)}
    for name in sorted(used - known):
        line, column = _place(name, found)
        fix = f"Declare it in the marker: vary: {name} integer 1..9."
        found.page.file.problem("Q153", line, column, f"no variable is called {name!r}", fix)
    if isinstance(question.key, Formulas):
        used |= computed.names(question.key)
        _check_answers(question.key, question, found)
    elif isinstance(question.key, Choices) and any(placeholders(question.key)):
        _check_options(question.key, question, found)
    if found.page.originals is None:
        for name in sorted(known - used):
            message = f"nothing uses the variable {name!r}"
            found.marker.problem("W123", message, "Write {{" + name + "}}, or delete it.", name)


def _place(name: str, found: Draft) -> tuple[int, int]:
    """Where a text calls for a name."""
    calls = re.compile(r"\{\{\s*" + re.escape(name) + r"\s*\}\}")
    for number, line in enumerate(found.page.file.lines[found.line - 1 :], found.line):
        if call := calls.search(line):
            return number, call.start() + 1
    return found.line, 1


def _check_answers(key: Formulas, question: Question, found: Draft) -> None:
    failed = dict(trial.failures(key, question.vary))
    for at, why in failed.items():
        item = found.items[at]
        fix = "Narrow the range, or change the expression."
        found.problem("Q152", why, fix, item.line, item.column)
    for at in sorted(trial.always_right(key, question.vary) - failed.keys()):
        item = found.items[at]
        message = "an answer both right and known to be wrong"
        found.problem("Q120", message, "Delete one of the two.", item.line, item.column)


def _check_options(key: Choices, question: Question, found: Draft) -> None:
    """Two options that say the same for some values leave learners without a right answer."""
    for values in variables.samples(question.vary):
        seen: set[str] = set()
        filled: Choices = _filled(key, _words(question, values))
        for item, option in zip(found.items, filled.options, strict=True):
            if option.html in seen:
                where = ", ".join(f"{name} = {value}" for name, value in values.items())
                message = f"for {where} two options say the same"
                fix = "Narrow the ranges, so that they do not meet."
                found.problem("Q152", message, fix, item.line, item.column)
                return
            seen.add(option.html)


def placeholders(value: object) -> Iterator[str]:
    """The names that the texts of a question, or of a part of its key, call for."""
    for name, held in _parts(value):
        if _is_html(name):
            for text in (held,) if isinstance(held, str) else held:
                yield from PLACEHOLDER.findall(text)
        elif is_dataclass(held):
            yield from placeholders(held)
        elif isinstance(held, tuple) and held and is_dataclass(held[0]):
            for one in held:
                yield from placeholders(one)


def _put(text: str, words: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), text)


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    """A question, or a part of its key, with every HTML in it filled in."""
    safe = {name: escape(word) for name, word in words.items()}
    changes: dict[str, Any] = {}
    for name, held in _parts(value):
        if _is_html(name) and isinstance(held, str):
            changes[name] = _put(held, safe)
        elif _is_html(name):
            changes[name] = tuple(_put(text, safe) for text in held)
        elif is_dataclass(held):
            changes[name] = _filled(held, words)
        elif isinstance(held, tuple) and held and is_dataclass(held[0]):
            changes[name] = tuple(_filled(one, words) for one in held)
    return replace(value, **changes) if changes else value


def _parts(value: Any) -> list[tuple[str, Any]]:
    return [(field.name, getattr(value, field.name)) for field in fields(value)]


def _is_html(name: str) -> bool:
    return name in ("html", "parts") or name.endswith("_html")
