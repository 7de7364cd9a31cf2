"""Checking with a memory of the last check: the same report, and only changed files read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from mooc.content.check import check
from mooc.content.loader import load
from mooc.content.memory import Memory
from mooc.content.source import Folder
from tests.content.corpus_files import FOLDER, cases
from tests.content.trees import BASE, LESSON, TODAY
from tests.content.trees import Memory as Files

ROOT = Path(__file__).parents[2]
COURSES = [*sorted(ROOT.glob("tests/courses/*/")), ROOT / "courses" / "ip-essentials"]


def twice(tree: Files | Folder) -> None:
    """A first check with a memory and a second one say what a check without says."""
    plain = check(tree, TODAY)
    first = Memory()
    assert check(tree, TODAY, first) == plain
    second = Memory(first.used)
    assert check(tree, TODAY, second) == plain
    assert second.used == first.used


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.cases")), ids=lambda path: path.stem)
def test_broken_courses_get_the_same_report_from_memory(path: Path) -> None:
    for case in cases(path):
        twice(case.tree)


@pytest.mark.parametrize("folder", COURSES, ids=lambda path: path.name)
def test_whole_courses_get_the_same_report_and_the_same_course(folder: Path) -> None:
    tree = Folder(folder)
    twice(tree)
    memory = Memory()
    load(tree, TODAY, memory)
    again = load(tree, TODAY, Memory(memory.used))
    assert again.course == load(tree, TODAY).course


@pytest.mark.parametrize(
    "change",
    [
        {"one.md": LESSON + "Other text, and a [link](quiz.md#base).\n"},
        {"one.md": LESSON + "## A heading\n\n[Up](#a-heading)\n"},
        {"one.md": LESSON.replace("id: one", "id: two") + "Text.\n"},
        {"one.md": LESSON + "![A dot](dot.svg)\n", "dot.svg": "no picture"},
        {"pool.md": BASE["pool.md"].replace("question: base", "question: other")},
        {"quiz.md": BASE["quiz.md"].replace("Draw 1", "Draw 9")},
        {"glossary.md": "- **text**: words. <!-- term: text -->\n"},
        {"course.md": BASE["course.md"].replace("language: en", "language: ru")},
        {"two.md": LESSON.replace("one", "two").replace("One", "Two") + "New.\n"},
        {"one.md": None, "dot.svg": None},
    ],
)
def test_a_change_is_seen_and_so_is_all_that_follows_from_it(
    change: dict[str, str | None],
) -> None:
    before = {**BASE, "one.md": LESSON + "See [the quiz](quiz.md). ![A dot](dot.svg)\n"}
    memory = Memory()
    check(Files({**before}), TODAY, memory)
    after = {path: text for path, text in {**before, **change}.items() if text is not None}
    assert check(Files({**after}), TODAY, Memory(memory.used)) == check(Files({**after}), TODAY)


def test_a_heading_that_goes_is_missed_by_the_file_that_links_to_it() -> None:
    link = LESSON.replace("one", "two").replace("One", "Two") + "See [it](one.md#novelty).\n"
    outline = BASE["course.md"].replace("   - [Quiz]", "   - [Two](two.md)\n   - [Quiz]")
    files = {**BASE, "course.md": outline, "one.md": LESSON + "## Novelty\n", "two.md": link}
    memory = Memory()
    assert check(Files({**files}), TODAY, memory) == []
    files["one.md"] = LESSON + "## Newness\n"
    found = check(Files({**files}), TODAY, Memory(memory.used))
    assert [(each.path, each.code) for each in found] == [("two.md", "E221")]
    assert found == check(Files({**files}), TODAY)


def test_a_broken_memory_is_no_memory() -> None:
    memory = Memory()
    plain = check(Files({**BASE}), TODAY, memory)
    broken = Memory({name: data[: len(data) // 2] for name, data in memory.used.items()})
    assert check(Files({**BASE}), TODAY, broken) == plain
