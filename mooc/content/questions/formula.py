"""The closed language of computed answers: numbers, dates, a few functions, and nothing else.

`next_business_day(months(filed, 12))`. There are no loops, no names but the declared ones, no way
out: an expression is short, not deep, and costs what it looks like. Numbers are exact fractions.
Every error says where in the expression it is, by a character's place from 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from mooc.content.questions.functions import (
    FUNCTIONS,
    SHAPES,
    SIGNS,
    FormulaError,
    Kind,
    Value,
    within,
)

MAX_LENGTH = 200
MAX_DEPTH = 20
TOKEN = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d\d-\d\d(?!\d))|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>[-+*/(),]))",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a date as written."""

    value: Value
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or one of + - * / and `negative`, with its arguments."""

    function: str
    arguments: tuple[Node, ...]
    at: int


Node = Constant | Name | Call


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The expression as a tree. Raises FormulaError."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"longer than {MAX_LENGTH} characters", MAX_LENGTH)
    return _Parser(text).whole()


def canonical(text: str) -> str:
    """The expression without what does not matter: two that differ in spaces are the same."""
    return " ".join(token.text for token in _tokens(text))


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = TOKEN.match(text, at)
        if not match or match.lastgroup is None:
            start = len(text) - len(text[at:].lstrip())
            raise FormulaError(f"{text[start]!r} has no meaning here", start)
        found.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        at = match.end()
    return found


class _Parser:
    """Recursive descent: sum, product, signed, atom."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.end = len(text.rstrip())
        self.next = 0

    def whole(self) -> Node:
        node = self.sum(0)
        if self.next < len(self.tokens):
            token = self.tokens[self.next]
            raise FormulaError(f"{token.text!r} follows a whole expression", token.at)
        return node

    def take(self, *signs: str) -> _Token | None:
        """The next token if it is one of these signs."""
        if self.next < len(self.tokens) and self.tokens[self.next].text in signs:
            self.next += 1
            return self.tokens[self.next - 1]
        return None

    def need(self, sign: str) -> None:
        if self.take(sign) is None:
            if self.next < len(self.tokens):
                token = self.tokens[self.next]
                raise FormulaError(f"{sign!r} is missing before {token.text!r}", token.at)
            raise FormulaError(f"{sign!r} is missing at the end", self.end)

    def sum(self, depth: int) -> Node:
        node = self.product(depth)
        while sign := self.take("+", "-"):
            node = Call(sign.text, (node, self.product(depth)), sign.at)
        return node

    def product(self, depth: int) -> Node:
        node = self.signed(depth)
        while sign := self.take("*", "/"):
            node = Call(sign.text, (node, self.signed(depth)), sign.at)
        return node

    def signed(self, depth: int) -> Node:
        if sign := self.take("-"):
            if depth >= MAX_DEPTH:
                raise FormulaError(f"nested deeper than {MAX_DEPTH}", sign.at)
            return Call("negative", (self.signed(depth + 1),), sign.at)
        return self.atom(depth)

    def atom(self, depth: int) -> Node:
        if self.next >= len(self.tokens):
            raise FormulaError("ends where a value is due", self.end)
        token = self.tokens[self.next]
        if depth >= MAX_DEPTH:
            raise FormulaError(f"nested deeper than {MAX_DEPTH}", token.at)
        self.next += 1
        if token.kind == "number":
            return Constant(Fraction(token.text), token.at)
        if token.kind == "date":
            return Constant(_date(token), token.at)
        if token.kind == "name":
            return self.named(token, depth)
        if token.text != "(":
            raise FormulaError(f"{token.text!r} stands where a value is due", token.at)
        node = self.sum(depth + 1)
        self.need(")")
        return node

    def named(self, token: _Token, depth: int) -> Node:
        if self.take("(") is None:
            return Name(token.text, token.at)
        if token.text not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise FormulaError(f"there is no function {token.text!r}, only {known}", token.at)
        arguments = [self.sum(depth + 1)]
        while self.take(","):
            arguments.append(self.sum(depth + 1))
        self.need(")")
        return Call(token.text, tuple(arguments), token.at)


def _date(token: _Token) -> date:
    try:
        found = date.fromisoformat(token.text)
    except ValueError:
        raise FormulaError(f"there is no day {token.text}", token.at) from None
    return within(found)


# ------------------------------------------------------------------------------------------- types


def kind_of(node: Node, names: Mapping[str, Kind]) -> Kind:
    """Whether an expression gives a number or a date. FormulaError where kinds do not fit."""
    if isinstance(node, Constant):
        return "date" if isinstance(node.value, date) else "number"
    if isinstance(node, Name):
        if node.name not in names:
            raise FormulaError(f"there is no variable {node.name!r}", node.at)
        return names[node.name]
    given = tuple(kind_of(argument, names) for argument in node.arguments)
    if node.function in SIGNS:
        return _sign_kind(node, given)
    if node.function in ("min", "max"):
        if len(set(given)) != 1:
            raise FormulaError(f"{node.function} compares numbers, or dates, not both", node.at)
        return given[0]
    shape = SHAPES[node.function]
    if given != shape.takes:
        raise FormulaError(f"write {shape.usage}", node.at)
    return shape.gives


def _sign_kind(node: Call, given: Sequence[Kind]) -> Kind:
    if set(given) == {"number"}:
        return "number"
    if node.function == "-" and given == ("date", "date"):
        return "number"
    raise FormulaError("dates are only subtracted; to move one write days(date, n)", node.at)


def names_in(node: Node) -> frozenset[str]:
    """The variables an expression reads."""
    if isinstance(node, Name):
        return frozenset((node.name,))
    if isinstance(node, Call):
        return frozenset().union(*(names_in(argument) for argument in node.arguments))
    return frozenset()


# -------------------------------------------------------------------------------------- evaluation


def evaluate(node: Node, values: Mapping[str, Value]) -> Value:
    """What an expression that `kind_of` accepts comes to.

    FormulaError where there is no such number or day: a division by zero, a year beyond 9999.
    """
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Name):
        return values[node.name]
    given = [evaluate(argument, values) for argument in node.arguments]
    try:
        return (SIGNS.get(node.function) or FUNCTIONS[node.function])(*given)
    except FormulaError as error:
        raise FormulaError(error.message, node.at) from None
    except ZeroDivisionError:
        raise FormulaError("divides by zero", node.at) from None
