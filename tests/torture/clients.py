"""Learners who never give up: each answers, submits and begins again, and repeats what was lost."""

from __future__ import annotations

import http.client
import random
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.benchmarks.site import COURSE, QUIZ, Learner

PATIENCE = 30  # seconds that one request is repeated before its client gives up
SUBMIT_AFTER = (6, 24)  # saves in one attempt


@dataclass
class Acknowledged:
    """What the server said it had done. Everything here must be in the database."""

    first: str  # the attempt that was open before
    saves: dict[tuple[str, int], tuple[int, str]] = field(default_factory=dict)
    submits: list[str] = field(default_factory=list)
    starts: dict[str, str] = field(default_factory=dict)  # token → attempt
    count: int = 0
    repeated: int = 0
    refused: int = 0  # of these, answered with an error
    slowest: float = 0


class Browser(threading.Thread):
    """One learner's browser: it repeats what was not answered, as its script does."""

    def __init__(self, learner: Learner, port: int) -> None:
        super().__init__(daemon=True)
        self.learner, self.port = learner, port
        self.told = Acknowledged(learner.attempt)
        self.failure = ""
        self.attempt = learner.attempt
        self.connection: http.client.HTTPConnection | None = None

    def act(self) -> None:
        """What this learner does."""
        raise AssertionError("say what this learner does")

    def run(self) -> None:
        try:
            self.act()
        except (AssertionError, TimeoutError) as error:
            self.failure = str(error)
        finally:
            if self.connection:
                self.connection.close()

    def post(self, path: str, fields: dict[str, object], *, fetch: bool = False) -> tuple[int, str]:
        """The same form until it is answered: status, and where it leads."""
        body = urlencode({**fields, "csrf_token": self.learner.token})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            "X-CSRFToken": self.learner.token,
            **({"X-Requested-With": "fetch"} if fetch else {}),
        }
        return self.ask("POST", path, body, headers)

    def get(self, path: str) -> int:
        """The status of a page."""
        return self.ask("GET", path, None, {})[0]

    def ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, str]:
        started = time.monotonic()
        while time.monotonic() - started < PATIENCE:
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                headers["Cookie"] = self.learner.cookie
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                self.connection = None
                self.told.repeated += 1
                time.sleep(0.02)
                continue
            if answer.status in (500, 502, 503):
                self.told.repeated += 1
                self.told.refused += 1
                time.sleep(0.05)
                continue
            self.told.slowest = max(self.told.slowest, time.monotonic() - started)
            return answer.status, answer.headers.get("Location", "")
        raise TimeoutError(f"{path} was not answered for {PATIENCE} s")


class Client(Browser):
    """Answers, submits and begins again, until the end."""

    def __init__(self, learner: Learner, port: int, size: int, seed: int, end: float) -> None:
        super().__init__(learner, port)
        self.size, self.end = size, end
        self.random = random.Random(seed)
        self.sequence = 0

    def act(self) -> None:
        while time.monotonic() < self.end:
            for _each in range(self.random.randint(*SUBMIT_AFTER)):
                if time.monotonic() >= self.end:
                    return
                self.save()
            self.submit()
            self.begin()

    def save(self) -> None:
        """One answer, with the number that only ever grows."""
        position = self.random.randrange(self.size)
        self.sequence += 1
        answer = self.random.choice("01")
        number = position + 1
        fields = {f"answer-{number}": answer, f"sequence-{number}": self.sequence, "tab": "torture"}
        status, _where = self.post(f"/attempts/{self.attempt}/save", fields, fetch=True)
        assert status == 200, f"a save was answered {status}"
        self.told.saves[self.attempt, position] = (self.sequence, answer)
        self.told.count += 1

    def submit(self) -> None:
        status, where = self.post(f"/attempts/{self.attempt}/submit", {})
        assert status == 303, f"a submit was answered {status}"
        assert where.endswith("/result"), where
        self.told.submits.append(self.attempt)
        self.told.count += 1

    def begin(self) -> None:
        token = f"{self.random.getrandbits(64):x}"
        fields = {"attempt": token, "pledge": "1"}
        status, where = self.post(f"/courses/{COURSE}/{QUIZ}/attempts", fields)
        assert status == 303, f"a start was answered {status}"
        assert "/attempts/" in where, where
        self.attempt = where.rpartition("/")[2]
        self.told.starts[token] = self.attempt
        self.told.count += 1
