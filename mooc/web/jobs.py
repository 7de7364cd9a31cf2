"""What each kind of job does, and the worker that keeps the promises made by `operations.enqueue`.

The `job` row is the truth. After a commit that promised jobs, huey rings the worker's doorbell, so
that it looks at once; it also looks by itself every few seconds, so a lost ring loses nothing.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from huey import RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer
from sqlalchemy import event, update

from mooc.db import ReadOrWriteSession, db, utcnow
from mooc.operations.actions import MAX_TRIES, take
from mooc.operations.models import Job
from mooc.operations.queries import due_jobs
from mooc.web.config import Settings, settings

Action = Callable[[int | None, datetime], object]

log = logging.getLogger(__name__)

SWEEP_EVERY = 2.0  # seconds
FIRST_PAUSE = timedelta(seconds=15)  # before the second try; four times longer before each next
LONGEST_ERROR = 2000
ALIVE = "worker.alive"


def _send_mail(row_id: int | None, now: datetime) -> None:
    from mooc.web.mail import send_mail

    send_mail(_row(row_id), now)


def _consider_certificate(row_id: int | None, now: datetime) -> None:
    from mooc.certificates import actions

    actions.consider(_row(row_id), now, base_url=settings().base_url)


def _render_certificate(row_id: int | None, now: datetime) -> None:
    from mooc.certificates import actions

    here = settings()
    folder = here.var_path / "certificates"
    actions.render(_row(row_id), now, folder=folder, base_url=here.base_url)


def _fetch_courses(row_id: int | None, now: datetime) -> None:
    from mooc.web.pushes import fetch_and_publish

    fetch_and_publish(_row(row_id), now)


HANDLERS: dict[str, Action] = {
    "mail.send": _send_mail,
    "certificate.consider": _consider_certificate,
    "certificate.render": _render_certificate,
    "courses.fetch": _fetch_courses,
}


def _row(row_id: int | None) -> int:
    if row_id is None:
        raise ValueError("this kind of job works on a row, and none was named")
    return row_id


# ------------------------------------------------------------------------------------------ one job


def run_due_jobs(now: datetime | None = None) -> int:
    """Run everything that is due, and what that promises in turn; how many jobs were taken.

    With `now` given (in tests) the clock stands still there.
    """
    count = 0
    while ids := _due(now or utcnow()):
        count += sum(run(job_id, now or utcnow()) for job_id in ids)
    return count


def _due(now: datetime) -> list[int]:
    ids = due_jobs(now)
    db.session.rollback()
    return ids


def run(job_id: int, now: datetime) -> bool:
    """Take a job's lease and run it in a transaction of its own; False if another worker has it.

    A job that fails waits and is tried again, at most MAX_TRIES times; one whose worker died is
    due again when its lease runs out, and counts as a try too.
    """
    job = take(db.session(), job_id, now=now)
    if job is None:
        db.session.rollback()
        return False
    kind, row_id, tries = job.kind, job.row_id, job.tries
    db.session.commit()
    try:
        if tries > MAX_TRIES:
            raise RuntimeError(f"its worker died {MAX_TRIES} times")
        HANDLERS[kind](row_id, now)
        _close(job_id, state="done", finished_at=now, error="")
    except Exception as error:
        db.session.rollback()
        log.exception("job %s (%s) failed, try %s", job_id, kind, tries)
        _give_back(job_id, tries, error, now)
    db.session.commit()
    return True


def _give_back(job_id: int, tries: int, error: Exception, now: datetime) -> None:
    words = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    if tries >= MAX_TRIES:
        _close(job_id, state="failed", finished_at=now, error=words)
    else:
        _close(job_id, state="waiting", due_at=now + FIRST_PAUSE * 4 ** (tries - 1), error=words)


def _close(job_id: int, **values: Any) -> None:
    db.session.execute(update(Job).where(Job.id == job_id).values(lease_until=None, **values))


# ------------------------------------------------------------------------------------- the doorbell


def init(app: Flask) -> None:
    """Ring after each commit whose transaction promised jobs."""
    settings: Settings = app.extensions["mooc.settings"]
    app.extensions["mooc.doorbell"] = Doorbell(settings, app.config["SECRET_KEY"])


class Doorbell:
    """A huey queue with one task, “look for due jobs”. Nothing that matters travels through it."""

    def __init__(self, settings: Settings, secret: str) -> None:
        self.settings = settings
        self.secret = secret
        self.lock = threading.Lock()
        self.opened: tuple[int, Any, Any] | None = None

    def open(self, look: Callable[[], None] = lambda: None) -> tuple[Any, Any]:
        """The queue and its task, opened once in each process; `look` is what a ring does there."""
        with self.lock:
            if self.opened is None or self.opened[0] != os.getpid():
                queue = self._queue()

                def look_for_jobs() -> None:
                    look()

                self.opened = (os.getpid(), queue, queue.task()(look_for_jobs))
            return self.opened[1], self.opened[2]

    def _queue(self) -> Any:
        serializer = SignedSerializer(secret=self.secret)
        options: dict[str, Any] = {"results": False, "serializer": serializer}
        if self.settings.redis_url:
            return RedisHuey("mooc", url=self.settings.redis_url, **options)
        return SqliteHuey("mooc", filename=str(self.settings.var_path / "huey.sqlite"), **options)

    def ring(self) -> None:
        """Wake the worker. Trouble is only logged: the worker looks by itself soon enough."""
        try:
            self.open()[1]()
        except Exception:
            log.warning("the worker's doorbell does not work", exc_info=True)


@event.listens_for(ReadOrWriteSession, "after_commit")
def _after_commit(session: Any) -> None:
    if session.in_nested_transaction() or not session.info.pop("jobs_promised", False):
        return
    if not current_app.testing:
        current_app.extensions["mooc.doorbell"].ring()


@event.listens_for(ReadOrWriteSession, "after_soft_rollback")
def _after_rollback(session: Any, _previous: Any) -> None:
    if not session.in_nested_transaction():
        session.info.pop("jobs_promised", None)


# --------------------------------------------------------------------------------------- the worker


def _close_expired_attempts(now: datetime) -> None:
    from mooc.catalog.queries import refresh
    from mooc.learning.actions.attempts import close_expired

    close_expired(refresh(), now=now)


SWEEPS: tuple[Callable[[datetime], object], ...] = (_close_expired_attempts,)


class Worker:
    """The process that runs jobs: on the doorbell at once, every few seconds in any case."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.settings: Settings = app.extensions["mooc.settings"]
        self.rung = threading.Event()
        self.stopped = threading.Event()
        self.parent = os.getppid()

    def run(self) -> None:
        """Work until SIGINT or SIGTERM, or until the process that started this one is gone."""
        consumer = self._listen()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        try:
            while not self.stopped.is_set() and os.getppid() == self.parent:
                self.look()
                self.rung.wait(SWEEP_EVERY)
                self.rung.clear()
        finally:
            consumer.stop(graceful=False)

    def look(self) -> None:
        """One round: sweeps, then due jobs. A database that is away ends the round, no more."""
        (self.settings.var_path / ALIVE).write_text(f"{os.getpid()}\n")
        with self.app.app_context():
            for act in (*SWEEPS, run_due_jobs):
                try:
                    act(utcnow())
                    db.session.commit()
                except Exception:
                    log.exception("the worker could not finish a round")
                    db.session.rollback()

    def _listen(self) -> Any:
        queue, _look = self.app.extensions["mooc.doorbell"].open(self.rung.set)
        consumer = queue.create_consumer(
            workers=1, periodic=False, initial_delay=0.05, max_delay=0.25, shutdown_timeout=1
        )
        consumer.start()
        return consumer

    def _stop(self, _number: int, _frame: Any) -> None:
        self.stopped.set()
        self.rung.set()


def worker_alive(settings: Settings) -> bool:
    """Whether a worker of this var folder looked for jobs within the last half minute."""
    try:
        return time.time() - (settings.var_path / ALIVE).stat().st_mtime < 30
    except OSError:
        return False
