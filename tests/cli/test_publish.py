"""`mooc publish --dry-run`, `mooc releases`, `mooc rollback`: said first, done when asked."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import pytest

from tests.cli.command import Desk, Done
from tests.conftest import TINY
from tests.content.repositories import commit, files_of

ROOT = "courses.git/courses"


@pytest.fixture
def site(tmp_path: Path) -> Desk:
    """A site on a bare repository, whose course was published and then changed."""
    desk = Desk(tmp_path)
    host = tmp_path / "courses.git"
    files = files_of(TINY, "courses/tiny/")
    commit(host, files)
    assert desk.mooc("migrate").code == 0
    assert run(desk, "publish").code == 0
    exam = files["courses/tiny/exam.md"]
    assert isinstance(exam, bytes)
    commit(host, files | {"courses/tiny/exam.md": exam.replace(b"20m", b"50m")})
    return desk


def run(desk: Desk, *arguments: str) -> Done:
    return desk.mooc(*arguments, root=ROOT)


def live(desk: Desk) -> list[tuple[int]]:
    with sqlite3.connect(desk.path("var/mooc.sqlite")) as connection:
        return connection.execute("SELECT release_id FROM live_release").fetchall()


def test_a_dry_run_says_what_would_change_and_changes_nothing(site: Desk) -> None:
    done = run(site, "publish", "--dry-run")
    assert done.code == 0
    assert "tiny would be published: 1 that learners notice" in done.out
    assert f"{ROOT}/tiny/exam.md:8 exam exam: time_limit: 20m → 50m" in done.out
    assert live(site) == [(1,)]
    assert run(site, "diff", "--live", "HEAD").out.startswith("tiny: 1 that learners notice")


def test_releases_are_listed_and_one_goes_back(site: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert "tiny is live now: 1 that learners notice" in run(site, "publish").out
    listed = run(site, "releases", "tiny").out
    assert "1 that learners notice" in listed
    assert "new course" in listed
    asked = run(site, "rollback", "tiny")
    assert asked.code != 0  # nobody answered
    assert live(site) == [(2,)]
    back = run(site, "rollback", "tiny", "--yes")
    assert back.code == 0
    assert "Release 1 of tiny is live now." in back.out
    assert live(site) == [(1,)]
    assert "Release 2 of tiny is live now." in run(site, "rollback", "tiny", "2", "--yes").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("rollback", "tiny"), "no release before"),
        (("rollback", "tiny", "9"), "no release 9"),
        (("rollback", "tiny", "1"), "live already"),
        (("rollback", "other"), "No release"),
        (("releases", "other"), "No release"),
        (("publish", "--fetch"), "MOOC_FETCH"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    site: Desk, arguments: tuple[str, ...], words: str
) -> None:
    done = run(site, *arguments)
    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err


def test_fetch_brings_the_repository_first(site: Desk) -> None:
    host = site.path("courses.git").rename(site.path("host.git"))
    settings = {"MOOC_FETCH": f"file://{host}", "MOOC_FETCH_FILES": "yes"}
    done = site.mooc("publish", "--fetch", root="var/host.git/courses", **settings)
    assert done.code == 0, done
    assert "tiny is live now" in done.out
    refused = site.mooc("publish", "--fetch", root=ROOT, MOOC_FETCH="https://u:secret@x/y")
    assert refused.code == 2
    assert "secret" not in refused.err
