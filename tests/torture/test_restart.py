"""An exam goes on when its server is restarted or killed: same questions, same answers."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from mooc.web.config import Settings, load
from tests.benchmarks.site import Learner, build, settings_for
from tests.torture.clients import Browser
from tests.torture.torture import free_port, start_server, wait_for


def stop(server: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """End the server: SIGTERM is a restart, SIGKILL a power cut for it and its children."""
    children = psutil.Process(server.pid).children(recursive=True)
    server.send_signal(how)
    server.wait(20)
    if how == signal.SIGKILL:
        for child in children:
            os.kill(child.pid, how)
        psutil.wait_procs(children, 20)


def questions(learner: Learner, port: int) -> list[str]:
    """What the page of an attempt asks, in order, with the answers that are filled in."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", f"/attempts/{learner.attempt}", headers={"Cookie": learner.cookie})
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    assert answer.status == 200
    legends = re.findall(r"<legend.*?</legend>", page, re.DOTALL)
    given = re.findall(r'<input[^>]*name="(?:answer|sequence)-\d+"[^>]*>', page)
    return legends + given + re.findall(r"<option[^>]*\bselected[^>]*>", page)


def started(settings: Settings, port: int) -> subprocess.Popen[bytes]:
    server = start_server(settings, port, processes=1, threads=2)
    wait_for(server, port)
    return server


@pytest.mark.slow
def test_a_restart_in_the_middle_of_an_attempt_changes_nothing_of_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mooc.sqlite'}"
    settings = settings_for(tmp_path, url, load({}, secret_key=f"restart-{'0123456789' * 4}"))
    _app, (learner,) = build(settings, 1)
    port = free_port()
    seen: list[list[str]] = []
    for number, how in enumerate((signal.SIGTERM, signal.SIGKILL, signal.SIGTERM), 1):
        server = started(settings, port)
        browser = Browser(learner, port)
        if seen:
            assert questions(learner, port) == seen[-1], "as it was before the server ended"
        form = {f"answer-{number}": "0", f"sequence-{number}": 1, "tab": "exam"}
        assert browser.post(f"/attempts/{learner.attempt}/save", form, fetch=True)[0] == 200
        seen.append(questions(learner, port))
        if browser.connection:
            browser.connection.close()
        stop(server, how)
    assert len(seen[0]) > 3
    assert seen[0] != seen[1] != seen[2], "each answer was added to those before"
