"""Moves within a course: what moves along, which links follow, and that nothing else changes."""

# ruff: noqa: E501 (tables of examples read best one a line)

from __future__ import annotations

import random
from pathlib import Path

import pytest

from mooc.content import scaffold
from mooc.content.loader import load
from mooc.content.moving import CannotMove, moved
from mooc.content.rewriting import Changed, same
from mooc.content.source import Folder
from tests.content.trees import BASE, LESSON, TODAY, Memory

COURSES = Path(__file__).parents[2] / "courses"
FILES: dict[str, str | bytes] = {
    **BASE,
    "a/two.md": LESSON.replace("one", "two") + "![Dot](../dot.svg) and [one](../one.md#s) `](../one.md)`\n",
    "a/two.ru.md": LESSON.replace("one", "two") + "![Точка](../dot.svg)\n",
    "media/talk.mp4": "film",
    "media/talk.en.vtt": "WEBVTT",
    "media/talk.transcript.md": "[one](../one.md)\n",
    "media/talk.transcript.ru.md": "words\n",
    "media/talks.md": LESSON,
}  # fmt: skip


def after(old: str, new: str, **files: str) -> dict[str, str]:
    """The files after a move, by path."""
    tree = Memory({**FILES, **{f"{name}.md": text for name, text in files.items()}})
    move = moved(tree, old, new)
    changed = Changed(tree, move.edits, move.paths)
    return {path: changed.read(path).decode() for path in changed.paths()}


def test_links_to_a_moved_file_follow_and_its_own_links_too() -> None:
    text = (
        '[a](one.md) [b](one.md#x "T") [c]( <one.md> ) [d](./a/../one.md) ![e](one.md) [f][r]\n'
        "`[g](one.md)` <!-- [h](one.md) --> [i](https://one.md) \\[j]\n\n"
        "    [k](one.md)\n\n[r]: one.md 'T'\n"
    )
    found = after("one.md", "deep/er/first.md", zwei=LESSON + text)
    assert found["zwei.md"] == LESSON + (
        '[a](deep/er/first.md) [b](deep/er/first.md#x "T") [c]( <deep/er/first.md> ) '
        "[d](deep/er/first.md) ![e](deep/er/first.md) [f][r]\n"
        "`[g](one.md)` <!-- [h](one.md) --> [i](https://one.md) \\[j]\n\n"
        "    [k](one.md)\n\n[r]: deep/er/first.md 'T'\n"
    )
    assert "   - [One](deep/er/first.md)\n" in found["course.md"]
    assert "[one](../deep/er/first.md#s) `](../one.md)`" in found["a/two.md"]


def test_a_pool_moves_with_its_draw_lines() -> None:
    assert "- Draw 1 from [Pool](pools/base.md)\n" in after("pool.md", "pools/base.md")["quiz.md"]


def test_translations_move_along() -> None:
    found = after("a/two.md", "three.md")
    assert "![Точка](dot.svg)" in found["three.ru.md"]
    assert not [path for path in found if path.startswith("a/")]


def test_captions_and_transcripts_move_along() -> None:
    found = after("media/talk.mp4", "films/speech.mp4")
    assert {path for path in found if path.startswith("films/")} == {
        "films/speech.mp4", "films/speech.en.vtt", "films/speech.transcript.md",
        "films/speech.transcript.ru.md",
    }  # fmt: skip
    assert "media/talks.md" in found


def test_a_file_moves_into_a_folder_that_is_there() -> None:
    assert "[Dot](dot.svg)" in after("dot.svg", "a")["a/two.md"]


def test_names_with_spaces_and_brackets_are_linked_well() -> None:
    found = after("one.md", "my lessons (new)/one.md")
    assert "[One](<my lessons (new)/one.md>)" in found["course.md"]


def test_the_cover_follows() -> None:
    course = BASE["course.md"].replace("id: sample\n", 'id: sample\ncover: "dot.svg"\n')
    assert (
        '\ncover: "media/dot.svg"\n'
        in after("dot.svg", "media/dot.svg", course=course)["course.md"]
    )


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("one.md", "../one.md", "outside"), ("one.md", "quiz.md", "there already"),
        ("one.md", "one.md", "there already"), ("none.md", "x.md", "no none.md"),
        ("course.md", "c.md", "fixed place"), ("one.md", "glossary.md", "fixed place"),
        ("a/two.ru.md", "b.ru.md", "move its source"), ("one.md", "one.txt", "end with .md"),
        ("one.md", "quiz.de.md", "another kind"), ("one.md", "README.md", "another kind"),
        ("a", "a/b", "into itself"), ("one.md", "aux.md", "device"), ("one.md", "Quiz.md", "Quiz.md"),
    ],
)  # fmt: skip
def test_a_move_that_would_do_harm_is_refused(old: str, new: str, why: str) -> None:
    with pytest.raises(CannotMove, match=why):
        after(old, new)


def courses() -> dict[str, Path | None]:
    real = {path.parent.name: path.parent for path in sorted(COURSES.glob("*/course.md"))}
    return {**real, "new": None}


@pytest.mark.parametrize("name", courses())
def test_after_any_moves_the_course_says_the_same(name: str) -> None:
    home = courses()[name]
    tree: Folder | Memory | Changed
    tree = Folder(home) if home else Memory({**scaffold.course("demo", "Demo", "ru")})
    before = load(tree, TODAY)
    assert before.course is not None
    chance = random.Random(name)
    done = 0
    while done < 8:
        path = chance.choice(tree.paths())
        old = path if chance.random() < 0.6 or "/" not in path else path.rsplit("/", 1)[0]
        end = "." + path.rsplit(".", 1)[1] if old == path else ""
        new = "/".join(
            [*chance.sample(["deep", "er", "x y", "a(b)"], chance.randrange(3)), f"n{done}{end}"]
        )
        try:
            move = moved(tree, old, new)
        except CannotMove:
            continue
        kept = Memory(
            {
                p: Changed(tree, move.edits, move.paths).read(p)
                for p in Changed(tree, move.edits, move.paths).paths()
            }
        )
        tree, done = kept, done + 1
    assert same(before, load(tree, TODAY))
