"""Every trouble the code can raise is told in a sentence of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from flask import Flask

import mooc
from mooc.errors import Conflict
from mooc.learning.sitting import MayStart
from mooc.web.i18n import SENTENCES, sentence

RAISED = {"NotFound", "NotAllowed", "Conflict", "Invalid"}
# Codes put together while running: f"attempt.{verdict.reason}".
REASONS = [reason for reason in get_args(get_type_hints(MayStart)["reason"]) if reason]


def calls() -> Iterator[tuple[ast.expr, list[str]]]:
    """The code and the names of the parameters of every domain error made in the package."""
    for path in sorted(Path(mooc.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
                continue
            if node.func.id in RAISED:
                yield node.args[0], [word.arg for word in node.keywords if word.arg]


def codes(code: ast.expr) -> list[str]:
    if isinstance(code, ast.Constant):
        return [str(code.value)]
    assert isinstance(code, ast.JoinedStr), ast.dump(code)
    first = code.values[0]
    assert isinstance(first, ast.Constant)
    return [str(first.value) + reason for reason in REASONS]


RAISES = [(code, names) for written, names in calls() for code in codes(written)]


def test_every_code_raised_has_its_own_sentence() -> None:
    assert {"attempt.limit", "attempt.wait", "course"} <= {code for code, _ in RAISES}
    assert not sorted({code for code, _ in RAISES} - SENTENCES.keys())


def test_a_sentence_asks_only_for_what_is_raised_with_it(app: Flask) -> None:
    with app.test_request_context():
        for code, names in RAISES:
            filled = str(SENTENCES[code]) % dict.fromkeys(names, "something")
            assert filled.endswith("."), code


@pytest.mark.parametrize(("language", "hour"), [("en", "2:30:00"), ("ru", "14:30:00")])
def test_a_moment_is_written_the_way_the_reader_does(app: Flask, language: str, hour: str) -> None:
    at = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    with app.test_request_context(headers={"Accept-Language": language}):
        said = sentence(Conflict("attempt.wait", quiz="Copyright", at=at))
    assert hour in said
    assert "Copyright" in said
