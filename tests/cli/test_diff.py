"""`mooc diff`: two commits, the files as they are, and what is live."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import Desk
from tests.conftest import TINY
from tests.content.repositories import commit, files_of


@pytest.fixture
def bare(tmp_path: Path) -> Desk:
    """A desk beside a bare repository with two commits: another key, and a moved pass mark."""
    desk = Desk(tmp_path)
    files = files_of(TINY, "courses/tiny/")
    commit(tmp_path / "courses.git", files)
    pool = "courses/tiny/pools/rights.md"
    data = files[pool]
    assert isinstance(data, bytes)
    files[pool] = data.replace(b"- [x]", b"- [~]", 1).replace(b"- [ ]", b"- [x]", 1)
    exam = files["courses/tiny/exam.md"]
    assert isinstance(exam, bytes)
    files["courses/tiny/exam.md"] = exam.replace(b"time_limit: 20m", b"time_limit: 50m", 1)
    commit(tmp_path / "courses.git", files)
    return desk


def test_two_commits_of_a_bare_repository_are_compared(bare: Desk) -> None:
    done = bare.mooc("diff", "HEAD~1", "HEAD", root="courses.git/courses")
    assert done.code == 0, done
    assert done.out.splitlines()[0].startswith("tiny: 1 to regrade, 1 that learners notice")
    assert "regrade  courses.git/courses/tiny/pools/rights.md:" in done.out
    assert "time_limit: 20m → 50m" in done.out
    again = bare.mooc("diff", "HEAD", "HEAD", root="courses.git/courses")
    assert again.out == "tiny: no change in meaning\n"


def test_the_comment_for_a_pull_request_is_markdown(bare: Desk) -> None:
    done = bare.mooc("diff", "HEAD~1", "HEAD", "--format", "markdown", root="courses.git/courses")
    assert done.out.startswith("### What changes for learners\n\n**A tiny course** (`tiny`): 1 to")
    assert done.out.count("<details>") == 2


def test_programs_get_json(bare: Desk) -> None:
    done = bare.mooc("diff", "HEAD~1", "HEAD", "--format", "json", root="courses.git/courses")
    (told,) = json.loads(done.out)
    assert told["course_id"] == "tiny"
    assert told["counts"]["regrade"] == 1
    assert {change["path"] for change in told["changes"]} == {
        "courses.git/courses/tiny/exam.md",
        "courses.git/courses/tiny/pools/rights.md",
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere", "HEAD"), "nowhere"),
        (("HEAD", "nowhere"), "nowhere"),
        (("HEAD", "HEAD", "--course", "unheard"), "No such course"),
        (("HEAD", "HEAD", "--live"), "--live"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    bare: Desk, arguments: tuple[str, ...], words: str
) -> None:
    done = bare.mooc("diff", *arguments, root="courses.git/courses")
    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err


def test_another_type_under_an_old_id_ends_with_1(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    files = files_of(TINY)
    commit(tmp_path / "tiny.git", files)
    pool = files["pools/rights.md"]
    assert isinstance(pool, bytes)
    files["pools/rights.md"] = pool.replace(b"- [ ]", b"- [x]", 1)
    commit(tmp_path / "tiny.git", files)
    done = desk.mooc("diff", "HEAD~1", "HEAD", root="tiny.git")
    assert done.code == 1
    assert "refused" in done.out


def test_the_files_as_they_are_are_compared_with_the_commit(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    shutil.copytree(TINY, tmp_path / "courses" / "tiny")
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for line in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run([*git, *line], cwd=tmp_path, check=True)
    lesson = tmp_path / "courses" / "tiny" / "rights" / "work.md"
    lesson.write_text(lesson.read_text().replace("never bare ideas", "and no ideas at all"))
    done = desk.mooc("diff", root="courses")
    assert done.code == 0, done
    assert "wording  courses/tiny/rights/work.md:1 lesson work: text changed: " in done.out
