"""An exam room: many learners start within seconds, save as they go, and submit all at once.

300 starts in 10 s, a save every 30 s by each, and at the deadline a storm of submissions. Prints
p50, p95 and p99 of each step and fails when a request failed, an acknowledged answer is not in
the database, or the 95th percentile of a save is not under 100 ms.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from mooc.web.config import load
from tests.benchmarks.bench import databases
from tests.benchmarks.site import COURSE, Learner, build, settings_for
from tests.torture.clients import Browser
from tests.torture.ledger import audit
from tests.torture.torture import free_port, start_server, sweep, wait_for

EXAM = "final-exam"
BAR = 0.100  # seconds, 95th percentile of a save
PROCESSES, THREADS = 2, 4


class Candidate(Browser):
    """One learner in the exam."""

    def __init__(self, learner: Learner, port: int, args: argparse.Namespace, seed: int) -> None:
        super().__init__(learner, port)
        self.args = args
        self.random = random.Random(seed)
        self.took: dict[str, list[float]] = defaultdict(list)
        self.begun = time.monotonic()
        self.size = args.size

    def act(self) -> None:
        self.sleep_until(self.random.uniform(0, self.args.starts))
        with self.timed("start"):
            fields = {"attempt": f"{self.random.getrandbits(64):x}", "pledge": "1"}
            status, where = self.post(f"/courses/{COURSE}/{EXAM}/attempts", fields)
        assert status == 303, f"a start was answered {status}"
        assert "/attempts/" in where, where
        self.attempt = where.rpartition("/")[2]
        self.told.first = self.attempt
        self.told.count += 1
        with self.timed("paper"):
            assert self.get(f"/attempts/{self.attempt}") == 200
        self.save_until_the_end()
        self.sleep_until(self.args.seconds + self.random.uniform(0, self.args.storm))
        with self.timed("submit"):
            status, where = self.post(f"/attempts/{self.attempt}/submit", {})
        assert status == 303, f"a submit was answered {status}"
        self.told.submits.append(self.attempt)
        self.told.count += 1
        with self.timed("result"):
            assert self.get(f"/attempts/{self.attempt}/result") == 200

    def save_until_the_end(self) -> None:
        at = self.args.starts + self.random.uniform(0, self.args.every)
        for sequence in range(1, 10_000):
            if at >= self.args.seconds:
                return
            self.sleep_until(at)
            position, answer = self.random.randrange(self.size), self.random.choice("01")
            number = position + 1
            fields: dict[str, object] = {f"answer-{number}": answer, "tab": "load"}
            fields[f"sequence-{number}"] = sequence
            with self.timed("save"):
                status, _where = self.post(f"/attempts/{self.attempt}/save", fields, fetch=True)
            assert status == 200, f"a save was answered {status}"
            self.told.saves[self.attempt, position] = (sequence, answer)
            self.told.count += 1
            at += self.args.every

    def sleep_until(self, moment: float) -> None:
        time.sleep(max(0.0, self.begun + moment - time.monotonic()))

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.took[step].append(time.perf_counter() - started)


def play(database: str, url: str, folder: Path, args: argparse.Namespace) -> bool:
    """One exam on one database; whether it went well."""
    var = folder / database
    var.mkdir(exist_ok=True)
    settings = settings_for(var, url, load({}, secret_key=f"load-{'0123456789abcdef' * 3}"))
    console.print(f"[dim]{database}: {args.learners} learners are enrolled…[/]")
    app, learners = build(settings, args.learners, sitting=False)
    with app.app_context():
        from mooc.catalog import queries as catalog

        args.size = catalog.course(COURSE).course.by_id[EXAM].size  # type: ignore[union-attr]
    port = free_port()
    server = start_server(settings, port, PROCESSES, THREADS)
    try:
        wait_for(server, port)
        room = [Candidate(one, port, args, args.seed + n) for n, one in enumerate(learners)]
        for candidate in room:
            candidate.begun = time.monotonic()
            candidate.start()
        _watch(room, args)
    finally:
        _end(server)
    sweep(app)
    return _tell(database, url, room)


def _watch(room: list[Candidate], args: argparse.Namespace) -> None:
    """Wait, and say how far the exam is."""
    with console.status("") as status:
        started = time.monotonic()
        while any(candidate.is_alive() for candidate in room):
            done = sum(not candidate.is_alive() for candidate in room)
            said = sum(candidate.told.count for candidate in room)
            gone = time.monotonic() - started
            status.update(f"{gone:.0f} s of {args.seconds}: {said} acknowledged, {done} finished")
            time.sleep(0.5)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    server.wait(20)


def _tell(database: str, url: str, room: list[Candidate]) -> bool:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for head in (database, "number", "p50 ms", "p95 ms", "p99 ms"):
        table.add_column(head, justify="left" if head == database else "right")
    slowest_save = 0.0
    for step in ("start", "paper", "save", "submit", "result"):
        took = [each for one in room for each in one.took[step]]
        if len(took) < 2:
            continue
        cuts = statistics.quantiles(took, n=100)
        slowest_save = cuts[94] if step == "save" else slowest_save
        shown = (f"{cuts[at] * 1000:.1f}" for at in (49, 94, 98))
        table.add_row(step, f"{len(took)}", *shown)
    console.print(table)
    failures = [candidate.failure for candidate in room if candidate.failure]
    refused = sum(candidate.told.refused for candidate in room)
    verdict = audit(url, [candidate.told for candidate in room])
    for line in (*failures[:10], *verdict.problems[:10]):
        console.print(f"  {line}")
    good = not (failures or refused or verdict.problems) and 0 < slowest_save < BAR
    console.print(
        f"{database}: {verdict.acknowledged} acknowledged, {verdict.lost} lost, "
        f"{verdict.doubled} doubled, {len(failures) + refused} errors",
        style="green" if good else "red",
        highlight=False,
    )
    return good


console = Console(soft_wrap=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=300)
    parser.add_argument("--starts", type=float, default=10, help="seconds in which all start")
    parser.add_argument("--every", type=float, default=30, help="seconds between saves of one")
    parser.add_argument("--seconds", type=float, default=100, help="when the storm begins")
    parser.add_argument("--storm", type=float, default=3, help="seconds in which all submit")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", nargs="*", default=["sqlite", "postgresql"])
    args = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for database, url in databases(args.database, Path(folder)):
            good &= play(database, url, Path(folder), args)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
