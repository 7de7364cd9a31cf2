"""How long `mooc check` takes for a thousand lessons: from cold, unchanged, and with one changed.

Each run is a process of its own with a cache folder of its own. The bars: 10 s from cold, 2 s when
one file changed. Both are also shown as ratios to parsing the same texts with markdown-it alone.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from markdown_it import MarkdownIt
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "courses" / "ip-essentials"
COLD, CHANGED = 10.0, 2.0
HEAD = """---
id: big
title: Big
language: en
summary: As many lessons as one likes.
---

Big.

## Learning outcomes

- See.

## Outline

1. All <!-- module: all -->
"""


def write_course(home: Path, lessons: int) -> Path:
    """A course of real lessons, repeated under other ids, each linking to the next."""
    home.mkdir(parents=True)
    shutil.copytree(SOURCE / "media", home / "media")
    texts = [p.read_text("utf-8") for p in sorted(SOURCE.rglob("*.md")) if _is_lesson(p)]
    lines = []
    for number in range(lessons):
        text = texts[number % len(texts)]
        text = re.sub(r"(?m)^id: .*$", f"id: lesson-{number}", text, count=1)
        text = re.sub(r"<!-- question: ([\w-]{1,40})[\w-]*", rf"<!-- question: \1-{number}", text)
        following = f"](lesson-{(number + 1) % lessons}.md)"
        text = re.sub(r"\]\((?!https?:)[^)]*\.md[^)]*\)", following, text)
        text = text.replace("(../media", "(media")
        (home / f"lesson-{number}.md").write_text(text, "utf-8")
        lines.append(f"   - [Lesson {number}](lesson-{number}.md)\n")
    (home / "course.md").write_text(HEAD + "".join(lines), "utf-8")
    return home


def _is_lesson(path: Path) -> bool:
    head = path.read_text("utf-8")[:400]
    aside = path.name in ("course.md", "glossary.md", "sources.md") or "pools" in path.parts
    return not aside and path.suffixes == [".md"] and "kind:" not in head


def checked(course: Path, cache: Path, *options: str) -> tuple[float, str]:
    """Seconds of one check, and what it said."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    command = [sys.executable, "-m", "mooc.cli", "check", *options, str(course)]
    started = time.perf_counter()
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    return time.perf_counter() - started, done.stdout + done.stderr


def floor(course: Path) -> float:
    """Seconds for parsing all the texts with markdown-it, and nothing else."""
    texts = [path.read_text("utf-8") for path in course.glob("*.md")]
    parser = MarkdownIt("commonmark").enable("table")
    started = time.perf_counter()
    for text in texts:
        parser.parse(text)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=int, default=1000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        course, cache = write_course(Path(folder) / "big", args.lessons), Path(folder) / "cache"
        bare = floor(course)
        cold, _said = checked(course, cache)
        same, _said = checked(course, cache)
        lesson = course / "lesson-3.md"
        lesson.write_text(lesson.read_text("utf-8") + "\n\n## More\n\nWords.\n", "utf-8")
        changed, _said = checked(course, cache)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for head in (f"{args.lessons} lessons", "seconds", "bar", "× markdown-it alone"):
        table.add_column(head, justify="left" if head.endswith("lessons") else "right")
    rows = {"from cold": (cold, COLD), "unchanged": (same, CHANGED)}
    rows["one changed"] = (changed, CHANGED)
    for name, (seconds, bar) in rows.items():
        colour = "green" if seconds < bar else "red"
        table.add_row(name, f"[{colour}]{seconds:.2f}[/]", f"{bar:.0f}", f"{seconds / bare:.2f}")
    Console().print(table)
    sys.exit(0 if cold < COLD and changed < CHANGED else 1)


if __name__ == "__main__":
    main()
