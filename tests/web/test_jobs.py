"""Jobs run at least once, whatever dies: the row is the truth, the queue a doorbell."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from mooc.db import db
from mooc.operations.actions import LEASE, MAX_TRIES, enqueue, take
from mooc.operations.models import Job
from mooc.web import jobs

pytestmark = pytest.mark.both_databases


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """A kind of job called `note` that remembers what it ran on."""
    rows: list[int | None] = []
    monkeypatch.setitem(jobs.HANDLERS, "note", lambda row_id, now: rows.append(row_id))
    return rows


def fail(row_id: int | None, now: datetime) -> None:
    db.session.add(Job(kind="half", key="half", created_at=now, due_at=now))
    db.session.flush()
    raise RuntimeError("the disk caught fire")


def promise(kind: str, now: datetime, key: str = "k", row_id: int | None = 7) -> None:
    enqueue(kind, key, row_id, now=now)
    db.session.commit()


def job(key: str = "k") -> Job:
    db.session.expire_all()
    found = db.session.execute(select(Job).where(Job.key == key)).scalar_one()
    db.session.rollback()
    return found


def state(key: str = "k") -> tuple[str, int]:
    found = db.session.execute(select(Job.state, Job.tries).where(Job.key == key)).one()
    db.session.rollback()
    return found[0], found[1]


def test_a_promised_job_runs_once(app_context: Flask, ran: list[int | None], now: datetime) -> None:
    promise("note", now)
    promise("note", now)
    assert jobs.run_due_jobs(now) == 1
    assert jobs.run_due_jobs(now) == 0
    assert ran == [7]
    assert state() == ("done", 1)


def test_a_job_waits_until_it_is_due(
    app_context: Flask, ran: list[int | None], now: datetime
) -> None:
    enqueue("note", "k", 1, now=now, due_at=now + timedelta(hours=1))
    db.session.commit()
    assert jobs.run_due_jobs(now) == 0
    assert jobs.run_due_jobs(now + timedelta(hours=1)) == 1


def test_jobs_promised_by_jobs_run_in_the_same_round(
    app_context: Flask, ran: list[int | None], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        jobs.HANDLERS, "first", lambda row_id, at: enqueue("note", "second", 8, now=at)
    )
    promise("first", now)
    assert jobs.run_due_jobs(now) == 2
    assert ran == [8]


def test_a_failing_job_leaves_nothing_half_done_and_is_tried_again(
    app_context: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(jobs.HANDLERS, "fail", fail)
    promise("fail", now)
    jobs.run_due_jobs(now)
    assert state() == ("waiting", 1)
    assert jobs.run_due_jobs(now) == 0
    assert db.session.scalar(select(Job.id).where(Job.kind == "half")) is None


def test_a_failing_job_is_given_up_with_its_reason(
    app_context: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(jobs.HANDLERS, "fail", fail)
    promise("fail", now)
    for day in range(MAX_TRIES + 2):
        jobs.run_due_jobs(now + timedelta(days=day))
    assert state() == ("failed", MAX_TRIES)
    assert "the disk caught fire" in job().error


def test_a_job_whose_worker_died_is_taken_by_another(
    app_context: Flask, ran: list[int | None], now: datetime
) -> None:
    promise("note", now)
    assert take(db.session(), job().id, now=now) is not None
    db.session.commit()  # and then the worker is killed
    assert jobs.run_due_jobs(now) == 0
    assert jobs.run_due_jobs(now + LEASE + timedelta(seconds=1)) == 1
    assert ran == [7]


def test_a_job_that_kills_its_workers_ends(
    app_context: Flask, ran: list[int | None], now: datetime
) -> None:
    promise("note", now)
    for _ in range(MAX_TRIES):
        assert take(db.session(), job().id, now=now) is not None
        db.session.commit()
        now += LEASE + timedelta(seconds=1)
    jobs.run_due_jobs(now)
    assert ran == []
    assert state()[0] == "failed"


def test_two_workers_never_take_the_same_job(
    app_context: Flask, ran: list[int | None], now: datetime
) -> None:
    promise("note", now)
    job_id = job().id
    assert jobs.run(job_id, now) is True
    assert jobs.run(job_id, now) is False


def test_a_kind_nobody_knows_fails_alone(
    app_context: Flask, ran: list[int | None], now: datetime
) -> None:
    promise("of.the.future", now, "a")
    promise("note", now, "b")
    jobs.run_due_jobs(now)
    assert state("a")[0] == "waiting"
    assert state("b")[0] == "done"


def test_the_doorbell_rings_after_a_commit_and_only_then(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    rings: list[bool] = []
    monkeypatch.setattr(app.extensions["mooc.doorbell"], "ring", lambda: rings.append(True))
    app.testing = False
    with app.app_context():
        enqueue("note", "a", 1, now=now)
        db.session.rollback()
        db.session.commit()
        assert rings == []
        with db.session.begin_nested():
            enqueue("note", "b", 1, now=now)
        assert rings == []
        db.session.commit()
        assert rings == [True]
        db.session.commit()
        assert rings == [True]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_hears_the_bell_and_stops_cleanly(
    app: Flask, tmp_path: Path, database: str, now: datetime, number: signal.Signals
) -> None:
    settings = app.extensions["mooc.settings"]
    script = (
        "from mooc.web import create_app, jobs\n"
        "from mooc.web.config import load\n"
        f"app = create_app(load({{}}, var={settings.var!r}, database_url={database!r},"
        f" secret_key={settings.secret_key!r}))\n"
        "jobs.SWEEP_EVERY = 60\n"
        "jobs.SWEEPS = ()\n"
        "jobs.HANDLERS['note'] = lambda row_id, now: None\n"
        "jobs.Worker(app).run()\n"
    )
    worker = subprocess.Popen([sys.executable, "-c", script])
    try:
        wait_for(lambda: jobs.worker_alive(settings))
        time.sleep(0.3)  # its first look is over; from now on only the bell wakes it
        app.testing = False
        with app.app_context():
            promise("note", now)
            wait_for(lambda: state()[0] == "done")
    finally:
        worker.send_signal(number)
        assert worker.wait(10) == 0


def wait_for(condition: Callable[[], bool], patience: float = 20) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
