"""The `mooc` command, run in this process in a folder of its own."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from mooc.cli import main


class Done(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str


class Desk:
    """The folder of somebody who writes courses, and the command run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def mooc(self, *arguments: str, root: str = "", **environment: str) -> Done:
        """Run the command, as if in this folder; `root` is its MOOC_COURSES."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name in [name for name in os.environ if name.startswith("MOOC_")]:
                patch.delenv(name)
            patch.setenv("COLUMNS", "100")
            for name, value in environment.items():
                patch.setenv(name, value)
            if root:
                patch.setenv("MOOC_COURSES", root)
            patch.chdir(self.folder)
            try:
                main(list(arguments))
                code = 0
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(bool(end.code))
        return Done(code, out.getvalue(), err.getvalue())

    def done(self, *arguments: str) -> str:
        """What a command that must succeed prints."""
        done = self.mooc(*arguments)
        assert done.code == 0, done
        return done.out

    def path(self, name: str) -> Path:
        return self.folder / name

    def read(self, name: str) -> str:
        return self.path(name).read_bytes().decode()

    def write(self, name: str, text: str) -> None:
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_bytes(text.encode())
