"""A desk with nothing on it, and one with the course that `mooc new course` makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Desk


@pytest.fixture
def empty(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.done("new", "course", "demo", "--title", "A demo")
    return desk
