"""The first quarter of an hour of an author, from the template to a commit that passes."""

from __future__ import annotations

import os
import time

from tests.cli.command import Desk
from tests.cli.test_hosting import commit
from tests.cli.test_ids import git

COURSE = "courses/demo/course.md"
SHAPE = "courses/demo/basics/shape.md"


def test_a_first_course_is_clean_from_the_template_to_the_commit(empty: Desk) -> None:
    begun = time.monotonic()
    git(empty, "init")
    empty.done("new", "hook")

    empty.done("new", "course", "demo", "--title", "Marks: a first course")
    assert "1 course checked: no problems." in empty.done("check", "--strict")

    # Words of one's own, and no remarks any more.
    lines = empty.read(COURSE).split("\n")
    end = lines.index("---", 1)
    text = "\n".join([x for x in lines[:end] if not x.startswith("#")] + lines[end:])
    empty.write(COURSE, text.replace("Say here in two lines", "For everybody, in two lines"))

    empty.done("new", "lesson", SHAPE, "--title", "Shapes as marks", "--module", "writing")
    empty.done("new", "quiz", "courses/demo/basics/quiz.md", "--title", "Shapes: check yourself")
    # A question as one writes it: no ids, no keys, and not very tidy.
    untidy = (
        "\n###  May a shape be a mark?\n\n"
        "*   [x] Yes, if it is distinctive\n*   [ ] Never\n    > Why.\n"
    )
    empty.write(SHAPE, empty.read(SHAPE) + untidy)
    assert "E311" in empty.mooc("check").out
    assert empty.done("ids").endswith("3 added.\n")
    empty.done("fmt")
    empty.done("new", "question", SHAPE, "numeric", "--title", "How many years?")
    assert "1 course checked: no problems." in empty.done("check", "--strict")

    empty.done("mv", SHAPE, "courses/demo/writing/shapes.md")
    assert "1 course checked: no problems." in empty.done("check", "--strict")
    assert empty.done("fmt", "--check") == "No files would change.\n"
    assert empty.done("ids") == "Nothing is missing.\n"

    git(empty, "add", ".")
    done = commit(empty)
    assert done.returncode == 0, done
    assert "1 course checked: no problems." in done.stdout + done.stderr
    empty.write(COURSE, empty.read(COURSE).replace("pass_mark: 70", "pass_mark: 75"))
    changed = empty.mooc("diff", "HEAD", "--format", "markdown")
    assert changed.code == 0
    assert "75" in changed.out

    # All the program's share of the fifteen minutes, on a machine that does other things too.
    assert time.monotonic() - begun < 15 * 60 / 5
    assert os.access(empty.path(".git/hooks/pre-commit"), os.X_OK)
