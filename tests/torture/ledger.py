"""What clients were told against what the database holds, marked a second time by other code."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, create_engine, text

from tests.torture.clients import Acknowledged

JSON_COLUMNS = {"answer", "compiled", "paper", "rules"}


@dataclass(frozen=True)
class Verdict:
    """How often a promise was broken; `problems` says where."""

    acknowledged: int
    lost: int
    doubled: int
    problems: tuple[str, ...]


def audit(database_url: str, told: Sequence[Acknowledged]) -> Verdict:
    """Compare. Attempts that were acknowledged as submitted must be marked by now."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        attempts = {row.code: row for row in _rows(connection, "attempt")}
        answers: dict[tuple[int, int], list[Any]] = {}
        for row in _rows(connection, "response"):
            answers.setdefault((row.attempt_id, row.position), []).append(row)
        marks: dict[int, list[Any]] = {}
        for row in _rows(connection, "mark"):
            marks.setdefault(row.attempt_id, []).append(row)
        versions = {row.id: row.compiled for row in _rows(connection, "question_version")}
    engine.dispose()
    lost = [gone for each in told for gone in _lost(each, attempts, answers)]
    doubled = _doubled(told, attempts, answers, marks)
    wrong = [
        f"attempt {row.number} of enrollment {row.enrollment_id}: score {score}, should be {due}"
        for row in attempts.values()
        if row.state != "open"
        and (score := Fraction(row.score_num, row.score_den))
        != (due := _score(row, answers, versions))
    ]
    count = sum(each.count for each in told)
    return Verdict(count, len(lost) + len(wrong), len(doubled), (*lost, *wrong, *doubled))


def _rows(connection: Connection, table: str) -> list[Any]:
    """All rows, JSON as values: PostgreSQL gives it so, SQLite as text."""
    found = connection.execute(text(f"SELECT * FROM {table}")).mappings()
    parse = json.loads if connection.dialect.name == "sqlite" else lambda value: value
    return [
        SimpleNamespace(**{k: parse(v) if k in JSON_COLUMNS else v for k, v in row.items()})
        for row in found
    ]


def _lost(told: Acknowledged, attempts: Any, answers: Any) -> list[str]:
    gone = []
    for (code, position), (sequence, answer) in told.saves.items():
        rows = answers.get((attempts[code].id, position), []) if code in attempts else []
        newer = [row for row in rows if row.sequence >= sequence]
        if not newer:
            gone.append(f"answer {sequence} to question {position + 1} of {code}")
        elif newer[0].sequence == sequence:
            line = attempts[code].paper[position]
            due: Any = [line["options"][int(answer)]] if line["options"] else answer
            if newer[0].answer != due:
                gone.append(f"question {position + 1} of {code} holds {newer[0].answer}, not {due}")
    gone += [
        f"the submission of {code}"
        for code in told.submits
        if code not in attempts or attempts[code].state != "submitted"
    ]
    gone += [f"the attempt {code}" for code in told.starts.values() if code not in attempts]
    return gone


def _doubled(told: Sequence[Acknowledged], attempts: Any, answers: Any, marks: Any) -> list[str]:
    twice = [f"answers to {key}" for key, rows in answers.items() if len(rows) > 1]
    started = Counter(code for each in told for code in each.starts.values())
    twice += [f"two starts became {code}" for code, count in started.items() if count > 1]
    open_now = Counter(row.enrollment_id for row in attempts.values() if row.state == "open")
    twice += [f"{n} open attempts of {who}" for who, n in open_now.items() if n > 1]
    numbers = Counter((row.enrollment_id, row.item_id, row.number) for row in attempts.values())
    twice += [f"number {key}" for key, count in numbers.items() if count > 1]
    by_enrollment = Counter(row.enrollment_id for row in attempts.values())
    for each in told:  # one start is one attempt, however often it was sent
        extra = by_enrollment[attempts[each.first].enrollment_id] - len(each.starts) - 1
        twice += [f"{extra} attempts after {each.first} that nobody asked for"] if extra else []
    for attempt_id, rows in marks.items():
        places = Counter((row.position, row.round) for row in rows)
        twice += [f"marks of {attempt_id}" for count in places.values() if count > 1]
    return twice


def _score(attempt: Any, answers: Any, versions: Any) -> Fraction:
    """The share of all points, from the stored answers and keys alone."""
    earned = possible = Fraction(0)
    for position, line in enumerate(attempt.paper):
        possible += line["points"]
        rows = answers.get((attempt.id, position))
        if rows:
            earned += line["points"] * _credit(versions[line["version"]], rows[0].answer)
    return earned / possible


def _credit(question: Any, answer: Any) -> Fraction:
    key = question["key"]
    if key["kind"] != "choices":
        return Fraction(_typed(key, answer))
    chosen = set(answer)
    if not chosen:
        return Fraction(0)
    options = {option["key"]: option for option in key["options"]}
    if question["type"] != "multiple":
        option = options[answer[0]]
        return Fraction(option["share"], 100) if option["correct"] is False else Fraction(1)
    right = {name for name, option in options.items() if option["correct"] is True}
    wrong = {name for name, option in options.items() if option["correct"] is False}
    if key["credit"] == "all":
        return Fraction(right <= chosen and not wrong & chosen)
    if key["credit"] == "each":
        good = len(right & chosen) + len(wrong - chosen)
        return Fraction(good, len(right) + len(wrong))
    return max(Fraction(len(right & chosen) - len(wrong & chosen), len(right)), Fraction(0))


def _typed(key: Any, answer: str) -> bool:
    accepted = [one for one in key["answers"] if one["correct"]]
    if key["kind"] == "numbers":
        low_high = [(Fraction(one["low"]), Fraction(one["high"])) for one in accepted]
        return any(low <= Fraction(answer) <= high for low, high in low_high)
    return any(not one["pattern"] and one["text"].casefold() == answer for one in accepted)
