"""Every code the check knows: its bad example has that problem and no other, its good one none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mooc.content.check import CODES, check
from mooc.content.codes.code import Code
from mooc.content.codes.translations import FRESH
from mooc.content.layers import Layered
from mooc.content.source import Tree
from mooc.content.staleness import blob_id
from tests.content.trees import BASE, LESSON, POOL, QUIZ, TODAY, Memory

HEADS = {"course": "", "lesson": LESSON, "quiz": QUIZ, "pool": POOL, "glossary": ""}
HEADS["translation"] = ""
NAMES = {
    "course": "course.md",
    "lesson": "one.md",
    "quiz": "quiz.md",
    "pool": "pool.md",
    "glossary": "glossary.md",
}
EXAMPLES = {name: code for name, code in CODES.items() if code.where not in ("tree", "site")}
CONTENT = Path(__file__).parents[2] / "mooc" / "content"


def example_tree(code: Code, example: str = "") -> Tree:
    """The sample course with an example in it, by default the bad one."""
    example = example or code.bad
    if code.where == "overlay":
        secrets = {"overlay.md": "---\noverlay: sample\n---\n", "secret.md": example}
        return Layered(Memory({**BASE}), [Memory({**secrets})])
    whole = example.startswith("---") or code.where == "course"
    files = dict(BASE)
    text = example if whole else HEADS[code.where] + example
    if code.where == "pool":
        text = BASE["pool.md"] + "\n" + ("## New\n\n" * (not example.startswith("#")))
        text += example.replace("###", "##")
    if code.where == "translation":
        name, source = ("one.ru.md", "one.md") if whole else ("pool.ru.md", "pool.md")
        text = example if whole else f"---\nid: basics\nsource: {FRESH}\n---\n\n{example}"
        files[name] = text.replace(FRESH, blob_id(BASE[source].encode())[:12])
    else:
        files[NAMES[code.where]] = text
    return Memory({**files})


def problems(code: Code, example: str) -> list[tuple[str, str, int, int]]:
    """(code, path, line, column) of all that the check says of an example."""
    found = check(example_tree(code, example), TODAY)
    return [(p.code, p.path, p.line, p.column) for p in found]


# Where the bad example has its problem: file, line, column.
PLACES = {
    "E101": ("one.md", 1, 1), "E102": ("one.md", 3, 11), "E103": ("one.md", 4, 1),
    "E104": ("one.md", 4, 1), "E105": ("one.md", 3, 8), "E106": ("one.md", 1, 1),
    "E107": ("one.md", 4, 10), "E201": ("one.md", 2, 5), "E202": ("pool.md", 2, 1),
    "E203": ("one.md", 2, 1), "E204": ("one.md", 4, 1), "E210": ("course.md", 1, 1),
    "E211": ("course.md", 17, 4), "E212": ("course.md", 17, 13), "E213": ("one.md", 1, 1),
    "E214": ("course.md", 17, 14), "E215": ("course.md", 14, 1), "E217": ("glossary.md", 1, 1),
    "E220": ("one.md", 6, 16), "E221": ("one.md", 8, 13), "E222": ("one.md", 6, 16),
    "E223": ("one.md", 6, 10), "E224": ("one.md", 6, 10), "E225": ("pool.md", 7, 1),
    "E230": ("quiz.md", 8, 1), "E231": ("quiz.md", 8, 22), "E232": ("quiz.md", 1, 1),
    "E233": ("pool.md", 33, 1), "E247": ("one.md", 6, 5),
    "E261": ("2:/secret.md", 1, 1), "E262": ("2:/secret.md", 1, 1),
    "E263": ("2:/secret.md", 7, 1),
    "E301": ("one.md", 6, 3), "E302": ("one.md", 6, 1), "E303": ("one.md", 7, 1),
    "E304": ("one.md", 6, 1), "E305": ("one.md", 6, 1), "E306": ("one.md", 6, 15),
    "E307": ("one.md", 6, 3), "E308": ("one.md", 6, 9), "E311": ("one.md", 8, 1),
    "L101": ("one.md", 4, 1), "L102": ("one.md", 4, 1), "L103": ("one.md", 5, 1),
    "E108": ("one.ru.md", 4, 10), "E109": ("one.ru.md", 2, 5), "L104": ("one.ru.md", 4, 9),
    "L105": ("one.ru.md", 1, 1), "W120": ("pool.ru.md", 6, 1), "W121": ("pool.ru.md", 6, 1),
    "M101": ("one.md", 6, 5), "M102": ("one.md", 6, 10), "M103": ("one.md", 6, 10),
    "M104": ("one.md", 6, 10), "M106": ("one.md", 6, 10), "M107": ("one.md", 8, 1),
    "M108": ("one.md", 6, 15), "M109": ("one.md", 6, 11), "M110": ("one.md", 6, 12),
    "M111": ("bad.vtt", 3, 1), "M112": ("one.md", 6, 10), "M113": ("headed.transcript.md", 1, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_bad_example_has_exactly_its_problem(name: str) -> None:
    found = problems(CODES[name], CODES[name].bad)
    assert {code for code, *_ in found} == {name}
    assert len(found) == 1 or name in {"W105", "W106"}, found
    if name in PLACES:
        assert found[0][1:] == PLACES[name]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_good_example_has_no_problem(name: str) -> None:
    assert problems(CODES[name], CODES[name].good) == []


def test_every_code_in_the_program_is_explained_and_every_explained_code_is_used() -> None:
    used = set()
    for path in CONTENT.rglob("*.py"):
        if path.parent.name != "codes":
            used |= set(re.findall(r'"([EQMLW]\d{3})"', path.read_text()))
    assert used == set(CODES)


@pytest.mark.parametrize("name", CODES)
def test_an_explanation_is_a_title_and_a_sentence(name: str) -> None:
    code = CODES[name]
    assert code.title[0].isupper()
    assert not code.title.endswith(".")
    assert code.why.endswith((".", "is.", "]."))
