"""Kill web servers while learners answer: what was acknowledged is stored, and nothing twice.

Three web processes of four threads; eight learners repeat what is not answered; a random process
dies by SIGKILL every 0.4 s. Ends with a line for each database and with exit code 1 when an answer
was lost or doubled: `sqlite: 1234 acknowledged, 0 lost, 0 doubled, 41 kills`.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from rich.console import Console

from mooc.web.config import Settings, load
from tests.benchmarks.bench import databases
from tests.benchmarks.site import COURSE, QUIZ, ROOT, build, settings_for
from tests.torture.clients import Client
from tests.torture.ledger import Verdict, audit

CLIENTS, PROCESSES, THREADS = 8, 3, 4
EVERY = 0.4  # seconds between kills


@dataclass(frozen=True)
class Outcome:
    """One database's ordeal."""

    database: str
    verdict: Verdict
    kills: int
    repeated: int
    slowest: float
    failures: tuple[str, ...]

    @property
    def good(self) -> bool:
        verdict = self.verdict
        return not (verdict.lost or verdict.doubled or self.failures) and verdict.acknowledged > 0

    def __str__(self) -> str:
        said = self.verdict
        return (
            f"{self.database}: {said.acknowledged} acknowledged, {said.lost} lost, "
            f"{said.doubled} doubled, {self.kills} kills"
        )


def torture(database: str, url: str, folder: Path, seconds: float, seed: int) -> Outcome:
    """Play the ordeal on one database. `seed` decides what clients do and who is killed."""
    var = folder / database
    var.mkdir(exist_ok=True)
    settings = settings_for(var, url, load({}, secret_key=f"torture-{'0123456789abcdef' * 3}"))
    app, learners = build(settings, CLIENTS)
    with app.app_context():
        from mooc.catalog import queries as catalog

        size = catalog.course(COURSE).course.by_id[QUIZ].size  # type: ignore[union-attr]
    port = free_port()
    server = start_server(settings, port)
    try:
        wait_for(server, port)
        end = time.monotonic() + seconds
        clients = [Client(learner, port, size, seed + n, end) for n, learner in enumerate(learners)]
        for client in clients:
            client.start()
        kills = _kill_until(end, server, random.Random(seed))
        for client in clients:
            client.join(60)
    finally:
        server.terminate()
        server.wait(20)
    sweep(app)
    told = [client.told for client in clients]
    return Outcome(
        database,
        audit(url, told),
        kills,
        sum(each.repeated for each in told),
        max(each.slowest for each in told),
        tuple(client.failure for client in clients if client.failure),
    )


def start_server(
    settings: Settings, port: int, processes: int = PROCESSES, threads: int = THREADS
) -> subprocess.Popen[bytes]:
    """The site's own web server, its log in the site's folder."""
    environment = {
        "MOOC_VAR": settings.var,
        "MOOC_DATABASE_URL": settings.database_url,
        "MOOC_SECRET_KEY": settings.secret_key,
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
    }
    log = (Path(settings.var) / "server.log").open("wb")
    command = [sys.executable, "-m", "tests.torture.serve", str(port), str(processes), str(threads)]
    with log:
        return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    """Until the server answers. Ends the program when it does not."""
    for _try in range(300):
        if server.poll() is not None:
            raise SystemExit("The server to be tortured did not start.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The server to be tortured does not answer.")


def _kill_until(end: float, server: subprocess.Popen[bytes], chance: random.Random) -> int:
    """Kill one of the web processes again and again; how often that was done."""
    master, kills = psutil.Process(server.pid), 0
    while time.monotonic() < end:
        time.sleep(EVERY)
        workers = sorted(master.children(), key=lambda one: one.pid)
        if not workers:
            continue
        try:
            os.kill(chance.choice(workers).pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        kills += 1
    return kills


def sweep(app: object) -> None:
    """What the worker does: mark what a killed process had closed and not yet marked."""
    from flask import Flask

    from mooc.catalog import queries as catalog
    from mooc.db import db
    from mooc.learning import actions as learning

    assert isinstance(app, Flask)
    with app.app_context():
        learning.close_expired(dict(catalog.live().courses), now=datetime.now(UTC))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


console = Console(soft_wrap=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--database", nargs="*", default=["sqlite", "postgresql"])
    args = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for database, url in databases(args.database, Path(folder)):
            outcome = torture(database, url, Path(folder), args.seconds, args.seed)
            good &= outcome.good
            for line in (*outcome.failures, *outcome.verdict.problems[:20]):
                console.print(f"  {line}")
            console.print(
                f"  [dim]seed {args.seed}: {outcome.repeated} requests were sent again, "
                f"the slowest answer took {outcome.slowest:.2f} s[/]"
            )
            console.print(str(outcome), highlight=False)
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
