"""The tiny course, edited and published again: for tests of what an edit does to facts."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path

from flask import Flask

from tests.conftest import TINY, publish


class Edited:
    """A copy of the tiny course that can be changed and published, in the tests' own words."""

    def __init__(self, app: Flask, folder: Path, now: datetime) -> None:
        self.app, self.folder, self.now = app, folder / "edited", now
        shutil.copytree(TINY, self.folder)

    def change(self, path: str, *pairs: tuple[str, str]) -> None:
        """Replace texts in a file; each must be there."""
        file = self.folder / path
        text = file.read_text()
        for old, new in pairs:
            assert old in text, (path, old)
            text = text.replace(old, new)
        file.write_text(text)

    def move(self, path: str, target: str) -> None:
        """Move a file, and correct the links to it as an author does."""
        (self.folder / target).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).rename(self.folder / target)
        name = re.escape(path)
        for file in self.folder.rglob("*.md"):
            file.write_text(re.sub(rf"\]\({name}", f"]({target}", file.read_text()))

    def remove(self, path: str) -> None:
        """Delete a file and its line in the outline; an empty module goes too."""
        (self.folder / path).unlink()
        outline = self.folder / "course.md"
        text = re.sub(rf"   - \[[^]]*\]\({re.escape(path)}\)\n", "", outline.read_text())
        outline.write_text(re.sub(r"\d\. [^\n]*-->\n(?!   -)", "", text))

    def publish(self) -> str:
        """Make it live; its id."""
        return publish(self.app, self.folder, self.now)
