"""A tiny course on disk, its preview, and a browser that checks every page it gets."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from mooc.web.config import load
from mooc.web.preview import create_preview
from mooc.web.preview.worktree import Worktree
from tests.conftest import TINY
from tests.pages import CheckingClient


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the course."""
    return shutil.copytree(TINY, tmp_path / "courses" / "tiny")


@pytest.fixture
def worktree(folder: Path) -> Worktree:
    found = Worktree(folder.parent)
    assert found.look()
    return found


@pytest.fixture
def preview(worktree: Worktree, tmp_path: Path, shared: Path) -> Flask:
    (tmp_path / "var").mkdir()
    settings = load({}, var=str(tmp_path / "var"), base_url="http://127.0.0.1:8010")
    app = create_preview(settings, worktree)
    app.config.update(TESTING=True)
    app.test_client_class = CheckingClient
    cache = shared / "preview-templates"
    cache.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(cache))
    return app


@pytest.fixture
def author(preview: Flask) -> CheckingClient:
    """Somebody who looks at the course as learners will."""
    return preview.test_client()  # type: ignore[return-value]


@pytest.fixture
def reviewer(preview: Flask) -> CheckingClient:
    """Somebody who looks at everything."""
    client = preview.test_client()
    client.set_cookie("preview", "view=reviewer")
    return client  # type: ignore[return-value]


@pytest.fixture
def save(folder: Path, worktree: Worktree) -> Callable[..., None]:
    """Change a file of the course: `save("rights/work.md", "old", "new")`, or write it whole."""

    def change(path: str, old: str, new: str | None = None) -> None:
        file = folder / path
        if new is None:
            file.parent.mkdir(exist_ok=True)
            file.write_text(old)
        else:
            text = file.read_text()
            assert old in text
            file.write_text(text.replace(old, new))
        assert worktree.look()

    return change
