"""Publishing dies at every step, runs twice at once, refuses, and tells beforehand what it does."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from mooc.catalog import actions, lock, queries
from mooc.catalog.models import LiveRelease, PublishLock, QuestionVersion, Release
from mooc.catalog.queries import release_course
from mooc.content.places import read_roots
from mooc.content.roots import Site, site
from mooc.content.source import Folder
from mooc.db import db
from mooc.errors import Conflict
from mooc.operations.models import AuditEvent
from mooc.web.config import Settings
from mooc.web.publishing import plan_all, publish_all
from tests.conftest import TINY, publish
from tests.content.repositories import Entry, commit, files_of

STEPS = ("planned", "half a file", "one file", "media", "release", "questions", "pointer", "commit")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tiny course that a test may change."""
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def changed(folder: Path) -> None:
    """Another key, another picture, another title."""
    edit(
        folder,
        "pools/rights.md",
        "- [x] A patent <!-- patent -->",
        "- [~] A patent <!-- patent -->",
    )
    edit(folder, "pools/rights.md", "- [ ] Copyright", "- [x] Copyright")
    edit(folder, "media/idea.svg", "<svg", "<svg id='new'")
    edit(folder, "course.md", "A tiny course", "A tiny course, again")


def found(folder: Path) -> Site:
    return site(read_roots([str(folder)]))


def run(settings: Settings, folder: Path, step: str, patience: float = 5) -> list[str]:
    """The command line of a publish in a process of its own."""
    return [
        *(sys.executable, "-m", "tests.catalog.dying"),
        *(settings.var, settings.database_url, str(folder), step, str(patience)),
    ]


def whole(settings: Settings) -> str:
    """The title of the live course, once everything that belongs to it was found to be there."""
    live = queries.refresh().courses["tiny"]
    assert set(live.versions) == {question.id for question in live.course.questions()}
    for media in live.course.media:
        data = (settings.var_path / "media" / f"{media.hash}.{media.extension}").read_bytes()
        assert hashlib.sha256(data).hexdigest() == media.hash
    assert release_course(live.release_id) == live.course
    db.session.rollback()
    return live.course.title


@pytest.mark.both_databases
@pytest.mark.parametrize("step", STEPS)
def test_a_publish_killed_at_any_step_leaves_the_old_release_or_the_new_one(
    step: str, app_context: Flask, settings: Settings, folder: Path, now: datetime
) -> None:
    publish(app_context, folder, now)
    changed(folder)
    killed = subprocess.run(run(settings, folder, step), capture_output=True, check=False)
    assert killed.returncode == -9, killed.stderr.decode()
    assert whole(settings) == ("A tiny course, again" if step == "commit" else "A tiny course")
    again = subprocess.run(run(settings, folder, "never"), capture_output=True, check=True)
    assert again.stdout.decode() == ("unchanged\n" if step == "commit" else "published\n")
    assert whole(settings) == "A tiny course, again"
    assert db.session.scalar(select(func.count()).select_from(Release)) == 2
    assert db.session.scalar(select(func.count()).select_from(PublishLock)) == 0


def test_what_a_killed_publish_left_half_written_is_swept_later(
    app_context: Flask, settings: Settings, folder: Path, now: datetime
) -> None:
    subprocess.run(run(settings, folder, "half a file"), capture_output=True, check=False)
    (half,) = (settings.var_path / "media").glob("*.part")
    os.utime(half, (0, 0))
    publish(app_context, folder, now)
    assert not half.exists()


@pytest.mark.both_databases
def test_two_publishes_at_once_come_one_after_the_other(
    app_context: Flask, settings: Settings, folder: Path, now: datetime
) -> None:
    publish(app_context, folder, now)
    changed(folder)
    both = [
        subprocess.Popen(run(settings, folder, "never", 30), stdout=subprocess.PIPE, text=True)
        for _each in range(2)
    ]
    said = sorted(process.communicate(timeout=60)[0].strip() for process in both)
    assert said == ["published", "unchanged"]
    assert whole(settings) == "A tiny course, again"
    events = select(func.count()).where(AuditEvent.action == "course.published")
    assert db.session.scalar(events) == 2


@pytest.mark.both_databases
def test_the_second_one_is_told_who_publishes_and_since_when(app_context: Flask) -> None:
    with lock.publishing("Ann on web-1"):
        with pytest.raises(Conflict) as told, lock.publishing("Ben", patience=0.1):
            raise AssertionError("both hold the lock")
        assert told.value.code == "publish.busy"
        assert told.value.params["holder"] == "Ann on web-1"
        since = told.value.params["since"]
        assert isinstance(since, datetime)
        assert since.tzinfo is not None
    with lock.publishing("Ben", patience=0):
        pass


@pytest.mark.both_databases
@pytest.mark.parametrize(("age", "free"), [(timedelta(seconds=1), False), (lock.LEASE, True)])
def test_the_lock_of_a_dead_host_is_free_when_its_lease_is_over(
    app_context: Flask, age: timedelta, free: bool, now: datetime
) -> None:
    with lock.publishing("a host that burns down"):
        statement = update(PublishLock).values(
            place="another host", lease_until=PublishLock.since + lock.LEASE - age * 1.1
        )
        lasting = now - age * 1.1 + lock.LEASE
        db.session.execute(statement.values(lease_until=lasting))
        db.session.commit()
        if free:
            with lock.publishing("Ben", patience=0) as held:
                held.confirm()
                db.session.rollback()
        else:
            with pytest.raises(Conflict), lock.publishing("Ben", patience=0):
                pass


@pytest.mark.both_databases
def test_whoever_lost_the_lock_commits_nothing(
    app_context: Flask, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = actions.plan

    def robbed(*args: object, **named: object) -> object:
        plan = real(*args, **named)  # type: ignore[arg-type]
        db.session.rollback()
        with lock.writing() as connection:
            connection.execute(update(PublishLock).values(token="another"))
        return plan

    monkeypatch.setattr("mooc.catalog.actions.plan", robbed)
    with pytest.raises(Conflict, match=r"publish\.lost"):
        publish_all(app_context, found(folder), holder="slow")
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Release)) == 0


def snapshot(settings: Settings) -> dict[str, bytes]:
    """Every file of the var folder."""
    return {str(path): path.read_bytes() for path in settings.var_path.rglob("*") if path.is_file()}


def test_a_dry_run_tells_everything_and_writes_nothing(
    app_context: Flask, settings: Settings, folder: Path, now: datetime
) -> None:
    publish(app_context, folder, now)
    changed(folder)
    before = snapshot(settings)
    ((_course, plan),) = plan_all(app_context, found(folder))
    db.session.rollback()
    after = snapshot(settings)
    sidecars = {name for name in before.keys() ^ after.keys() if name.endswith(("-wal", "-shm"))}
    assert before.keys() ^ after.keys() <= sidecars
    assert {n: d for n, d in after.items() if n in before and not n.endswith("-shm")} == {
        n: d for n, d in before.items() if n in after and not n.endswith("-shm")
    }
    assert plan.report.outcome == "published"
    assert plan.report.changes is not None
    assert plan.report.changes.headline() == "1 to regrade, 3 of wording only"
    assert whole(settings) == "A tiny course"


REFUSED: dict[str, Entry] = {
    "link.md": (0o120000, b"../../etc/passwd"),
    "module": (0o160000, b"x"),
    "..": "x",
    "a\\b.md": "x",
    "c:d.md": "x",
    "nul\x01.md": "x",
    "con.md": "x",
    "EXAM.md": "x",
    "e\u0301.md": "x",
    "\u00e9.md": "x",
    "a\u202eb.md": "x",
    "/".join("d" * 21) + "/x.md": "x",
}


@pytest.mark.parametrize("name", [*REFUSED, "all"], ids=ascii)
def test_a_commit_with_a_refused_entry_is_kept_back_and_each_is_named(
    app_context: Flask, settings: Settings, folder: Path, now: datetime, tmp_path: Path, name: str
) -> None:
    publish(app_context, folder, now)
    wanted = dict(REFUSED) if name == "all" else {name: REFUSED[name]}
    if "\u0301" in name:
        wanted |= {"\u00e9.md": "x"}
    root = tmp_path / "courses.git"
    commit(root, {**files_of(folder), **wanted})
    ((_course, report),) = publish_all(app_context, found(root), holder="test")
    if name == "\u00e9.md":  # alone it clashes with nothing
        assert "E243" not in [problem.code for problem in report.problems]
        return
    assert report.outcome == "kept"
    shown = "\n".join(problem.path for problem in report.problems)
    codes = [problem.code for problem in report.problems if problem.code.startswith("E24")]
    assert len(codes) == (len(REFUSED) - 1 if name == "all" else 1)
    assert shown.isascii() or name in ("all", "e\u0301.md")
    assert "\u202e" not in shown
    assert "\x01" not in shown
    assert whole(settings) == "A tiny course"


def test_a_type_changed_under_an_old_id_keeps_the_last_good_release(
    app_context: Flask, settings: Settings, folder: Path, now: datetime
) -> None:
    publish(app_context, folder, now)
    edit(folder, "pools/rights.md", "- [ ] Copyright", "- [x] Copyright")
    ((_course, report),) = publish_all(app_context, found(folder), holder="test")
    assert report.outcome == "kept"
    assert [p.code for p in report.problems if p.severity == "error"] == ["Q201"]
    assert whole(settings) == "A tiny course"


def test_a_retired_id_that_comes_back_as_another_type_is_refused_too(
    app_context: Flask, folder: Path, now: datetime
) -> None:
    db.session.add(
        QuestionVersion(
            course_id="tiny",
            question_id="pool-invention",
            type="numeric",
            scoring_hash="s",
            text_hash="t",
            compiled={},
        )
    )
    db.session.commit()
    report = actions.plan(Folder(folder), today=now.date()).report
    assert [p.message for p in report.problems if p.code == "Q201"] == [
        "question pool-invention was numeric and is single now"
    ]
    assert db.session.scalar(select(func.count()).select_from(LiveRelease)) == 0
