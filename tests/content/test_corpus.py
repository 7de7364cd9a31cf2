"""Broken and hostile courses: authors get exactly these reports, and nothing crashes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mooc.content.check import CODES, check
from tests.content import hostile
from tests.content.corpus_files import FOLDER, Case, cases, printed, report, written
from tests.content.test_codes import EXAMPLES, example_tree
from tests.content.trees import TODAY

WRITE = os.environ.get("MOOC_GOLDEN") == "write"
FILES = sorted(FOLDER.glob("*.cases"))
ALL = [case for path in FILES for case in cases(path)]
MOST = 12  # problems of one hostile tree that are worth reading
HOW = "If the new report is right: MOOC_GOLDEN=write make test ARGS='-n 0 tests/content/test_corpus.py'"  # noqa: E501


@pytest.mark.parametrize("case", ALL, ids=[f"{case.group}: {case.name}" for case in ALL])
def test_authors_get_exactly_this_report(case: Case) -> None:
    found = report(case.tree)
    if WRITE:
        path = FOLDER / f"{case.group}.cases"
        kept = list(cases(path))
        next(each for each in kept if each.name == case.name).report = found
        path.write_text(written(kept), encoding="utf-8")
    assert WRITE or found == case.report, HOW


def _compare(path: Path, found: str) -> None:
    if WRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(found + "\n", encoding="utf-8")
    assert path.exists(), f"{path.name} is not written yet. {HOW}"
    assert path.read_text(encoding="utf-8").strip("\n") == found, HOW


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_code_has_its_report(name: str) -> None:
    _compare(FOLDER / "codes" / f"{name}.report", report(example_tree(CODES[name])))


@pytest.mark.parametrize("name", hostile.TREES)
def test_a_hostile_tree_gets_exactly_this_report(name: str, tmp_path: Path) -> None:
    found = check(hostile.TREES[name](tmp_path), TODAY)
    more = f"(and {len(found) - MOST} more)\n" if len(found) > MOST else ""
    _compare(FOLDER / "trees" / f"{name}.report", more + printed(found[:MOST]))


def test_the_corpus_is_large_and_touches_every_family() -> None:
    reports = [case.report for case in ALL]
    reports += [path.read_text(encoding="utf-8") for path in FOLDER.glob("*/*.report")]
    told = "\n".join(reports)
    assert len(ALL) + len(hostile.TREES) >= 120
    assert len({case.name for case in ALL}) == len(ALL)
    within = [name for name, code in CODES.items() if code.where != "site"]
    assert [name for name in within if f": {name} " not in told] == []
