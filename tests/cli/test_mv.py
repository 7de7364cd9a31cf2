"""`mooc mv` on disk."""

from __future__ import annotations

from tests.cli.command import Desk
from tests.cli.test_ids import git


def test_files_move_links_follow_and_empty_folders_go(desk: Desk) -> None:
    out = desk.done("mv", "courses/demo/writing", "courses/demo/basics/text/")
    assert (
        "courses/demo/writing/check-yourself.md → courses/demo/basics/text/check-yourself.md\n"
        in out
    )
    assert out.endswith("4 links in 2 files followed.\n")
    assert not desk.path("courses/demo/writing").exists()
    assert "no problems" in desk.done("check", "--strict")


def test_a_dry_run_moves_nothing(desk: Desk) -> None:
    before = sorted(desk.folder.rglob("*"))
    out = desk.done("mv", "--dry-run", "courses/demo/media/steps.svg", "courses/demo/steps.svg")
    assert out.endswith("1 link in 1 file would follow.\n")
    assert sorted(desk.folder.rglob("*")) == before


def test_git_sees_a_rename(desk: Desk) -> None:
    git(desk, "init")
    git(desk, "add", ".")
    git(desk, "commit", "-m", "One")
    desk.done("mv", "courses/demo/exam.md", "courses/demo/exams/final.md")
    git(desk, "add", ".")
    import subprocess

    shown = subprocess.run(
        ["git", "status", "--short"], cwd=desk.folder, capture_output=True, text=True, check=True
    )
    assert "R  courses/demo/exam.md -> courses/demo/exams/final.md" in shown.stdout


def test_what_is_refused_stays_where_it_is(desk: Desk) -> None:
    desk.path("courses/demo/link.md").symlink_to("exam.md")
    desk.path("courses/demo/out").symlink_to(desk.folder)
    for old, new, why in (
        ("courses/demo/exam.md", "courses/exam.md", "outside of the course"),
        ("courses/demo/exam.md", "courses/demo/pools/writing.md", "is there already"),
        ("courses/demo/link.md", "courses/demo/l.md", "symbolic link"),
        ("courses/demo/exam.md", "courses/demo/out/exam.md", "symbolic link"),
        ("courses/demo/none.md", "courses/demo/l.md", "There is no"),
    ):
        done = desk.mooc("mv", old, new)
        assert (done.code, why in done.err) == (2, True), done
    assert desk.path("courses/demo/exam.md").exists()
