"""What happens to an attempt when things go wrong: locks, full disks, wrong clocks, two tabs.

The faults are real: another process holds the lock, the database itself says that it is full.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, func, select

from mooc.db import db, writer
from mooc.learning.models import Attempt, Mark, Response
from mooc.learning.queries import database_now
from tests.conftest import Cast
from tests.pages import CheckingClient
from tests.web.quizzes.test_quiz import EXAM, QUIZ, form, start

SCRIPT = {"X-Requested-With": "fetch"}
CROWD = 8


@pytest.fixture
def enrolled(tiny: str, learner: CheckingClient) -> CheckingClient:
    learner.post("/courses/tiny/enroll")
    return learner


def together(
    cast: Cast, browser: CheckingClient, act: Callable[[CheckingClient], Any]
) -> list[Any]:
    """The same act in many tabs of one browser at the same instant; what each was answered."""
    barrier = threading.Barrier(CROWD)
    answers: list[Any] = []
    with browser.session_transaction() as held:
        kept = dict(held)

    def tab() -> None:
        client: CheckingClient = cast.app.test_client()  # type: ignore[assignment]
        with client.session_transaction() as mine:
            mine.update(kept)
            mine.permanent = True
        barrier.wait()
        answers.append(act(client))

    threads = [threading.Thread(target=tab) for _each in range(CROWD)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def count(app: Flask, model: Any) -> int:
    with app.app_context():
        return int(db.session.execute(select(func.count()).select_from(model)).scalar_one())


@pytest.mark.both_databases
def test_many_tabs_that_start_at_once_share_one_attempt(
    app: Flask, cast: Cast, enrolled: CheckingClient
) -> None:
    answers = together(cast, enrolled, lambda tab: tab.post(f"{QUIZ}/attempts"))
    assert [answer.status_code for answer in answers] == [303] * CROWD
    assert len({answer.location for answer in answers}) == 1
    assert count(app, Attempt) == 1


@pytest.mark.both_databases
def test_many_tabs_that_submit_at_once_submit_once(
    app: Flask, cast: Cast, enrolled: CheckingClient
) -> None:
    address = start(enrolled)
    enrolled.post(f"{address}/save", data=form(enrolled.get(address).text))
    answers = together(cast, enrolled, lambda tab: tab.post(f"{address}/submit"))
    assert [answer.status_code for answer in answers] == [303] * CROWD
    assert count(app, Mark) == 5, "each question is marked once"
    assert "100%" in enrolled.get(f"{address}/result").text


@pytest.mark.both_databases
def test_two_tabs_that_save_at_once_leave_one_whole_answer(
    app: Flask, cast: Cast, enrolled: CheckingClient
) -> None:
    address = start(enrolled)
    tabs = iter(range(CROWD))
    numbers: dict[int, int] = {}

    def save(tab: CheckingClient) -> int:
        mine = next(tabs)
        data = {"tab": f"tab{mine}", "answer-4": str(mine), "sequence-4": str(mine + 1)}
        answer = tab.post(f"{address}/save", data=data, headers=SCRIPT)
        numbers[mine] = answer.status_code
        return int(answer.status_code)

    together(cast, enrolled, save)
    assert set(numbers.values()) <= {200, 409}
    assert numbers[CROWD - 1] == 200, "the newest answer is never refused"
    with app.app_context():
        (row,) = db.session.execute(select(Response)).scalars()
        assert (row.answer, row.sequence) == (str(CROWD - 1), CROWD)


# ------------------------------------------------------------------------------ the database balks


@contextmanager
def connections(app: Flask, setting: str) -> Iterator[None]:
    """Every connection of the site to its database opened anew, with a setting of SQLite."""

    def prepare(connection: Any, _record: Any) -> None:
        connection.execute(setting)

    with app.app_context():
        engines = [db.engine, writer()]
        for engine in engines:
            engine.dispose()
            event.listen(engine, "connect", prepare)
        yield
        for engine in engines:
            event.remove(engine, "connect", prepare)
            engine.dispose()


def test_a_locked_database_refuses_a_save_and_the_same_save_works_later(
    app: Flask, enrolled: CheckingClient
) -> None:
    address = start(enrolled)
    data = form(enrolled.get(address).text, right=0) | {"answer-4": "20"}
    other = sqlite3.connect(
        app.extensions["mooc.settings"].var_path / "mooc.sqlite", isolation_level=None
    )
    with connections(app, "PRAGMA busy_timeout=200"):
        other.execute("BEGIN IMMEDIATE")
        by_script = enrolled.post(f"{address}/save", data=data, headers=SCRIPT)
        by_form = enrolled.post(f"{address}/save", data=data)
        assert (by_script.status_code, by_form.status_code) == (503, 503)
        assert by_form.headers["Retry-After"]
        assert 'value="20"' in by_form.text, "what was typed is in the page, to be sent again"
        assert enrolled.get(address).status_code == 200, "reading goes on"
        other.execute("ROLLBACK")
        assert enrolled.post(f"{address}/save", data=data, headers=SCRIPT).status_code == 200
    other.close()
    assert 'value="20"' in enrolled.get(address).text


def test_a_save_waits_for_a_short_lock(app: Flask, enrolled: CheckingClient) -> None:
    address = start(enrolled)
    data = form(enrolled.get(address).text, right=0) | {"answer-4": "20"}
    path = app.extensions["mooc.settings"].var_path / "mooc.sqlite"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.6, lambda: other.execute("ROLLBACK"))
    release.start()
    assert enrolled.post(f"{address}/save", data=data, headers=SCRIPT).status_code == 200
    release.join()
    other.close()


def test_a_full_disk_loses_nothing_that_was_saved(app: Flask, enrolled: CheckingClient) -> None:
    address = start(enrolled)
    data = form(enrolled.get(address).text, right=0) | {"answer-4": "20"}
    assert enrolled.post(f"{address}/save", data=data, headers=SCRIPT).status_code == 200
    path = app.extensions["mooc.settings"].var_path / "mooc.sqlite"
    with sqlite3.connect(path) as look:
        (pages,) = look.execute("PRAGMA page_count").fetchone()
    much = {**data, "sequence-5": "7", "answer-5": "x" * 1900}
    with connections(app, f"PRAGMA max_page_count={pages}"):
        codes = {
            enrolled.post(f"{address}/save", data={**much, "sequence-5": str(n)}).status_code
            for n in range(7, 10)
        }
        for _each in range(40):  # until what is free in the file is used up
            codes.add(enrolled.post(f"{QUIZ}/attempts").status_code)
            codes.add(enrolled.post("/courses/tiny/leave").status_code)
            codes.add(enrolled.post("/courses/tiny/enroll").status_code)
            codes.add(enrolled.post("/courses/tiny/work/complete").status_code)
            codes.add(enrolled.post("/courses/tiny/work/uncomplete").status_code)
            if 507 in codes:
                break
        assert 507 in codes
        assert codes <= {303, 302, 507, 409, 403}
        assert 'value="20"' in enrolled.get(address).text, "what was saved can be read"
    later = enrolled.post(f"{address}/save", data={**much, "sequence-5": "50"}, headers=SCRIPT)
    assert later.status_code == 200, "with room again, writing goes on"
    with sqlite3.connect(path) as look:
        assert look.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# ------------------------------------------------------------------------------------ wrong clocks


@pytest.mark.both_databases
@pytest.mark.parametrize("skew", [timedelta(hours=2), timedelta(hours=-2)])
def test_a_server_whose_clock_is_wrong_keeps_the_deadlines_of_the_database(
    app: Flask, enrolled: CheckingClient, skew: timedelta
) -> None:
    address = start(enrolled, EXAM)
    page = enrolled.get(address).text
    data = form(page, right=2)
    with time_machine.travel(datetime.now(UTC) + skew):
        saved = enrolled.post(f"{address}/save", data=data, headers=SCRIPT)
        assert saved.status_code == 200, "an exam of twenty minutes is still open"
        moment = datetime.fromisoformat(saved.get_json()["saved_at"])
        assert enrolled.get(address).status_code == 200
        assert enrolled.post(f"{address}/submit").location == f"{address}/result"
    with app.app_context():
        attempt = db.session.execute(select(Attempt)).scalar_one()
        assert attempt.state == "submitted"
        assert attempt.finished_at is not None
        for at in (moment, attempt.started_at, attempt.finished_at):
            assert abs(database_now() - at) < timedelta(minutes=1)
