"""The promise that matters most: an answer shown as saved is never lost, even if servers die."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mooc.web.config import load
from tests.benchmarks.site import build, settings_for
from tests.torture.clients import Acknowledged
from tests.torture.ledger import audit
from tests.torture.torture import torture

SECONDS = 15


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_killing_servers_loses_and_doubles_no_acknowledged_answer(
    engine: str, tmp_path: Path, postgresql_server: Any, worker_id: str
) -> None:
    url = f"sqlite:///{tmp_path / 'sqlite' / 'mooc.sqlite'}"
    if engine == "postgresql":
        url = postgresql_server.create(f"torture_{worker_id}")
    outcome = torture(engine, url, tmp_path, SECONDS, seed=20261125)
    assert outcome.failures == (), outcome
    assert outcome.verdict.problems == ()
    assert outcome.verdict.acknowledged > 100
    assert outcome.kills > SECONDS / 2
    assert outcome.repeated > 0, "no request met a killed server: nothing was proved"


def test_the_ledger_misses_what_is_not_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mooc.sqlite'}"
    _app, (learner,) = build(settings_for(tmp_path, url, load({}, secret_key="x" * 40)), 1)
    told = Acknowledged(learner.attempt)
    told.saves[learner.attempt, 0] = (1, "0")
    told.submits.append(learner.attempt)
    told.starts = {"a": "never-made", "b": "never-made"}
    found = audit(url, [told])
    assert (found.lost, found.doubled) == (4, 2), found.problems
