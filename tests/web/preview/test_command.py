"""`mooc preview` as a process: how it begins, what it says, how it ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from mooc.cli import main
from tests.conftest import TINY

ROOT = Path(__file__).resolve().parents[3]


class Running:
    """The command in a folder of its own, with a folder of its own for what is temporary."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.temporary = folder / "tmp"
        self.temporary.mkdir(exist_ok=True)
        self.output = folder / "output"
        self.port = free_port()
        kept = {name: v for name, v in os.environ.items() if not name.startswith("MOOC_")}
        environment = {**kept, "TMPDIR": str(self.temporary), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "mooc.cli", "preview", "--no-browser"]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), *arguments],
                cwd=folder,
                env=environment,
                stdout=output,
                stderr=output,
            )

    def said(self) -> str:
        return self.output.read_text()

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def ready(self) -> None:
        deadline = time.monotonic() + 60
        while "Ctrl-C" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline
            time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    shutil.copytree(TINY, tmp_path / "courses" / "tiny")
    running = Running(tmp_path)
    try:
        running.ready()
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_to_look_and_ends_without_a_trace(running: Running, number: int) -> None:
    assert f"http://127.0.0.1:{running.port}/" in running.said()
    assert "A tiny course" in running.said()
    assert "A tiny course" in running.get("/courses/tiny")
    # Somebody reads while it ends: their connection waits for news.
    listener = urllib.request.urlopen(f"http://127.0.0.1:{running.port}/preview/events", timeout=9)
    assert listener.readline().startswith(b"data: ")
    assert list(running.temporary.iterdir())
    running.process.send_signal(number)
    assert running.process.wait(10) == 0
    listener.close()
    assert list(running.temporary.iterdir()) == []
    assert "Traceback" not in running.said()
    assert sorted(path.name for path in running.folder.iterdir()) == ["courses", "output", "tmp"]


def test_a_saved_file_is_on_its_page_within_a_second(running: Running) -> None:
    path = running.folder / "courses" / "tiny" / "rights" / "work.md"
    running.get("/courses/tiny/work")
    asked = time.monotonic()
    running.get("/courses/tiny/work")
    slow = 10 * (time.monotonic() - asked)  # a busy machine gets more time
    path.write_text(path.read_text().replace("never bare ideas", "never mere thoughts"))
    saved = time.monotonic()
    while "never mere thoughts" not in running.get("/courses/tiny/work"):
        assert time.monotonic() - saved < 20
        time.sleep(0.02)
    assert time.monotonic() - saved < 1 + slow


def test_only_this_machine_is_listened_to(running: Running) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{running.port}/", headers={"Host": "evil.example"}
    )
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=10)


def refusal(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["preview", "--no-browser", *arguments])
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_what_cannot_be_shown_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert "no course" in refusal([str(tmp_path / "empty")], capsys)
    assert "There is no" in refusal([str(tmp_path / "nowhere")], capsys)
    assert "no editor" in refusal([str(TINY), "--editor", "pen"], capsys)
    assert "there is: tiny" in refusal([str(TINY), "--course", "other"], capsys)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert "--port" in refusal([str(TINY), "--port", port], capsys)
    assert not list(tmp_path.glob("mooc-preview-*"))
