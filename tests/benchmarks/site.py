"""A site to measure: the real courses, and learners in the middle of them."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
from flask import Flask, g, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from mooc.accounts.actions import start_session
from mooc.catalog import actions as catalog_actions
from mooc.catalog import queries as catalog
from mooc.content.model import Quiz
from mooc.content.source import Folder
from mooc.db import db
from mooc.learning import actions, queries
from mooc.learning.models import Attempt
from mooc.web import create_app, schema
from mooc.web.config import Settings
from tests.factories import make_user

ROOT = Path(__file__).resolve().parents[2]
COURSE = "ip-essentials"
QUIZ = "quiz-copyright"


@dataclass(frozen=True)
class Learner:
    """Somebody with an attempt open, and the cookie and form token of their browser."""

    cookie: str
    token: str
    attempt: str
    attempt_id: int


def build(
    settings: Settings, learners: int, *, sitting: bool = True
) -> tuple[Flask, list[Learner]]:
    """Tables, courses and people; each has an attempt open if they are `sitting`."""
    app = create_app(settings)
    now = datetime.now(UTC)
    with app.app_context():
        schema.metadata().create_all(db.engine)
        report = catalog_actions.publish(
            Folder(ROOT / "courses" / COURSE),
            today=now.date(),
            now=now,
            actor_id=None,
            media_folder=settings.var_path / "media",
        )
        db.session.commit()
        if report.outcome == "kept":
            raise SystemExit(f"The course has errors: {report.problems[0]}")
        catalog.refresh()
        people = [_learner(app, now, sitting=sitting) for _each in range(learners)]
        db.session.remove()
        db.engine.dispose()
    return app, people


def _learner(app: Flask, now: datetime, *, sitting: bool) -> Learner:
    live = catalog.course(COURSE)
    user = make_user()
    code = start_session(user, browser="bench", now=now)
    actions.enroll(user.id, live, now=now)
    for item in live.course.items[:3]:
        actions.complete(user.id, live, item, now=now)  # type: ignore[arg-type]
    attempt = _begin(user.id, live) if sitting else None
    db.session.commit()
    raw = secrets.token_hex(20)
    held = {"sid": code, "seen": int(time.time()), "csrf_token": raw, "_permanent": True}
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return Learner(
        cookie=f"session={signer.dumps(held)}",
        token=_form_token(app, raw),
        attempt=attempt.code if attempt else "",
        attempt_id=attempt.id if attempt else 0,
    )


def _begin(user_id: int, live: catalog.LiveCourse) -> Attempt:
    quiz = live.course.by_id[QUIZ]
    assert isinstance(quiz, Quiz)
    token = secrets.token_hex(8)
    return actions.start(user_id, live, quiz, token=token, now=queries.database_now())


def _form_token(app: Flask, raw: str) -> str:
    with app.test_request_context():
        g.pop("csrf_token", None)  # kept from the person before
        session["csrf_token"] = raw
        return str(generate_csrf())


@dataclass
class Server:
    """A running web server, pinned to the first core."""

    process: psutil.Process
    port: int

    def cpu(self) -> float:
        """Seconds of processor time its processes have used."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(sum(one.cpu_times()[:2]) for one in family)

    def memory(self) -> int:
        """Bytes of the largest web process, shared pages counted in proportion (PSS)."""
        return max(one.memory_full_info().pss for one in self.process.children(recursive=True))


@contextmanager
def serving(name: str, settings: Settings, port: int) -> Iterator[Server]:
    """Run one application until the block ends."""
    environment = {
        "MOOC_VAR": settings.var,
        "MOOC_DATABASE_URL": settings.database_url,
        "MOOC_SECRET_KEY": settings.secret_key,
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "tests.benchmarks.serve", name, str(port)]
    child = subprocess.Popen(command, env=environment, cwd=ROOT)
    process = psutil.Process(child.pid)
    process.cpu_affinity([0])
    try:
        _wait(f"http://127.0.0.1:{port}/{'bare' if name == 'bare' else 'healthz'}", child)
        yield Server(process, port)
    finally:
        child.terminate()
        child.wait(10)


def _wait(url: str, child: subprocess.Popen[bytes]) -> None:
    for _try in range(200):
        if child.poll() is not None:
            raise SystemExit("The server to be measured did not start.")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server to be measured does not answer.")


def settings_for(var: Path, database_url: str, base: Settings) -> Settings:
    return replace(base, var=str(var), database_url=database_url)
