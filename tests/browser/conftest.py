"""Chromium as Debian packages it, and sites for it to look at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.site import Site, Watch, served
from tests.conftest import TINY

ARGUMENTS = (
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """How pytest-playwright starts the browser."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        pytest.fail("Chromium is missing; install it with: apt-get install -y chromium")
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "headless": True,
        "args": [*sandbox, *ARGUMENTS],
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Iterator[Site]:
    """The site with the tiny course, shared by the tests of a module."""
    with served(tmp_path_factory.mktemp("site"), empty_sqlite, TINY) as site:
        yield site


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Pages watched by it must have nothing to say on the console, and all their parts."""
    watch = Watch()
    yield watch
    assert not watch.found, "\n".join(watch.found)
