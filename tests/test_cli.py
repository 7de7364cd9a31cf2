"""The `mooc` command: what it prints, how it ends, and what it does not load."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from mooc.cli import main
from tests.conftest import TINY

ROOT = Path(__file__).resolve().parent.parent


class Done(NamedTuple):
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


class Site:
    """A var folder, a courses folder and a port, and the command run on them."""

    def __init__(self, folder: Path) -> None:
        self.courses = folder / "courses"
        shutil.copytree(TINY, self.courses / "tiny")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MOOC_")},
            "MOOC_VAR": str(folder / "var"),
            "MOOC_COURSES": str(self.courses),
            "MOOC_PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "120",
        }

    def mooc(self, *arguments: str, **environment: str) -> Done:
        """Run the command in this process, as if in the folder that holds `courses`."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name in [name for name in os.environ if name.startswith("MOOC_")]:
                patch.delenv(name)
            for name, value in (self.environment | environment).items():
                patch.setenv(name, value)
            patch.chdir(self.courses.parent)
            try:
                main(list(arguments))
                code = 0
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(bool(end.code))
        return Done(code, out.getvalue(), err.getvalue())

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def running(site: Site, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`mooc run`, answering."""
    output = (tmp_path / "output").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "mooc.cli", "run"],
        cwd=tmp_path,
        env=site.environment,
        stdout=output,
        stderr=output,
        text=True,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            site.get("/healthz")
            break
        except OSError:
            time.sleep(0.05)
    yield process
    if process.poll() is None:
        process.kill()
        process.wait()


def said(tmp_path: Path) -> str:
    return (tmp_path / "output").read_text()


# ---------------------------------------------------------------------------------------------- run


def test_run_publishes_serves_and_stops_cleanly(
    site: Site, running: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert site.get("/readyz") == (200, "ready\n")
    assert "A tiny course" in site.get("/courses")[1]
    banner = said(tmp_path)
    assert f"http://127.0.0.1:{site.port}" in banner
    assert "A tiny course" in banner
    link = re.search(rf"http://127\.0\.0\.1:{site.port}(/first-admin/\S+)", banner)
    assert link
    assert site.get(link[1])[0] == 200
    alive = tmp_path / "var" / "worker.alive"
    deadline = time.monotonic() + 10
    while not alive.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    worker = int(alive.read_text())
    running.send_signal(signal.SIGINT)
    assert running.wait(15) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
    with pytest.raises(OSError, match="refused"):
        site.get("/healthz")
    assert "Traceback" not in said(tmp_path)


def test_a_dead_worker_is_started_again(
    site: Site, running: subprocess.Popen[str], tmp_path: Path
) -> None:
    alive = tmp_path / "var" / "worker.alive"

    def worker() -> int:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if alive.exists() and alive.read_text().strip():
                return int(alive.read_text())
            time.sleep(0.05)
        raise AssertionError("no worker")

    first = worker()
    alive.unlink()
    os.kill(first, signal.SIGKILL)
    assert worker() != first
    running.terminate()
    assert running.wait(15) == 0


def test_nothing_outlives_a_killed_run(
    site: Site, running: subprocess.Popen[str], tmp_path: Path
) -> None:
    running.kill()
    running.wait()
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            site.get("/healthz")
            time.sleep(0.1)
        except OSError:
            break
    with pytest.raises(OSError, match="refused"):
        site.get("/healthz")


def test_a_taken_port_is_one_sentence(site: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", site.port))
        taken.listen()
        one_sentence(site.mooc("run"), str(site.port))


def test_a_folder_that_cannot_be_written_is_one_sentence(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    one_sentence(site.mooc("run", MOOC_VAR=str(tmp_path / "file" / "var")), "MOOC_VAR")


def test_a_newer_database_is_one_sentence(site: Site, tmp_path: Path) -> None:
    import sqlite3

    assert site.mooc("migrate").returncode == 0
    with sqlite3.connect(tmp_path / "var" / "mooc.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from the future'")
    for command in ("run", "migrate", "publish"):
        one_sentence(site.mooc(command), "newer")


def test_a_database_that_does_not_answer_is_one_sentence(site: Site) -> None:
    url = "postgresql://nobody@127.0.0.1:9/none"
    one_sentence(site.mooc("migrate", MOOC_DATABASE_URL=url), "does not answer")


def test_nonsense_settings_are_one_sentence(site: Site) -> None:
    one_sentence(site.mooc("run", MOOC_THREADS="several"), "MOOC_THREADS")


def one_sentence(done: Done, word: str) -> None:
    assert done.returncode == 2, done.stderr
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


# -------------------------------------------------------------------------------------------- check


def test_check_loads_neither_web_nor_database(site: Site) -> None:
    script = (
        "import sys\n"
        "from mooc.cli import main\n"
        "try:\n    main(['check'])\nexcept SystemExit as end:\n    assert not end.code\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "assert not loaded & {'flask', 'sqlalchemy', 'werkzeug', 'alembic', 'weasyprint'}, loaded\n"
        "assert 'mooc.web' not in sys.modules and 'mooc.db' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=site.courses.parent,
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def break_it(site: Site) -> Path:
    path = site.courses / "tiny" / "rights" / "work.md"
    text = path.read_text().replace("minutes: 5", "minuets: 5")
    path.write_text(text)
    return path


def test_check_names_place_code_and_fix(site: Site) -> None:
    break_it(site)
    done = site.mooc("check")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if "work.md:4:" in line)
    assert re.match(r"courses/tiny/rights/work\.md:4:\d+: E\d+ .*minuets", lines[at])
    assert lines[at + 1] == "  | minuets: 5"
    assert lines[at + 2].strip(" |") == "^"
    assert lines[at + 3].startswith("  fix: ")
    assert lines[-1].startswith("1 course checked: 1 error")


def test_check_reports_to_programs(site: Site) -> None:
    break_it(site)
    problems = json.loads(site.mooc("check", "--format", "json").stdout)
    assert problems[0]["severity"] == "error"
    assert problems[0]["path"] == "courses/tiny/rights/work.md"
    github = site.mooc("check", "--format", "github").stdout
    assert github.startswith("::error file=courses/tiny/rights/work.md,line=4,col=")


def test_check_takes_single_files(site: Site) -> None:
    path = break_it(site)
    assert site.mooc("check", str(path)).returncode == 1
    assert site.mooc("check", str(path.parent / "patent.md")).returncode == 0


def test_check_of_nothing_is_one_sentence(site: Site, tmp_path: Path) -> None:
    one_sentence(site.mooc("check", "nowhere"), "nowhere")
    (tmp_path / "empty").mkdir()
    one_sentence(site.mooc("check", "empty"), "course.md")


def test_strict_makes_warnings_count(site: Site) -> None:
    path = site.courses / "tiny" / "rights" / "quiz.md"
    path.write_text(path.read_text().replace("type: numeric; ", ""))
    assert site.mooc("check").returncode == 0
    assert site.mooc("check", "--strict").returncode == 1


# ------------------------------------------------------------------------------------------ publish


def test_translate_lists_how_translations_stand_and_marks_them(site: Site) -> None:
    lesson = site.courses / "tiny" / "rights" / "work.md"
    russian = lesson.with_suffix(".ru.md")
    russian.write_text("---\nid: work\ntitle: Произведение\n---\n\nТекст.\n", "utf-8")
    assert "ru: 1 unmarked" in site.mooc("translate", "--status").stdout
    assert site.mooc("translate", "--mark", "courses/tiny/rights/work.ru.md").returncode == 0
    assert "source: " in russian.read_text("utf-8")
    assert "0 of 1 translations marked anew" in site.mooc("translate", "--mark").stdout
    lesson.write_text(lesson.read_text("utf-8") + "\nMore.\n", "utf-8")
    stood = site.mooc("translate", "--status", "courses/tiny/rights/work.md").stdout
    assert "rights/work.md  stale" in stood
    assert "course.md" not in stood
    assert "missing" in site.mooc("translate", "--status", "--language", "ar").stdout


@pytest.mark.parametrize(
    "arguments", [[], ["--status", "--mark"], ["--mark", "courses/tiny/course.md"]]
)
def test_translate_that_cannot_be_is_one_sentence(site: Site, arguments: list[str]) -> None:
    done = site.mooc("translate", *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_publish_takes_the_commit_not_the_files(site: Site) -> None:
    assert site.mooc("migrate").returncode == 0

    def git(*arguments: str) -> None:
        name = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(
            ["git", *name, *arguments], cwd=site.courses.parent, check=True, capture_output=True
        )

    git("init", "-q")
    git("add", "courses")
    git("commit", "-q", "-m", "First")
    path = break_it(site)
    assert "is live now" in site.mooc("publish").stdout
    assert "is live already" in site.mooc("publish").stdout
    worktree = site.mooc("publish", "--worktree")
    assert worktree.returncode == 1
    assert f"tiny/rights/{path.name}:4:" in worktree.stdout
    assert "stays live" in worktree.stdout
    one_sentence(site.mooc("publish", "--ref", "nowhere"), "nowhere")
    one_sentence(site.mooc("publish", "--course", "unheard"), "No such course")
    assert site.mooc("publish", "--course", "tiny", "--ref", "HEAD").returncode == 0


def test_publish_without_git_takes_the_files(site: Site) -> None:
    one_sentence(site.mooc("publish"), "mooc migrate")
    site.mooc("migrate")
    assert "is live now" in site.mooc("publish").stdout


def overlay(folder: Path, text: str = "") -> Path:
    """A private root with an overlay of the tiny course: the open pool with other questions."""
    pool = text or (TINY / "pools" / "rights.md").read_text().replace("question: ", "question: x-")
    (folder / "exams" / "tiny").mkdir(parents=True)
    (folder / "exams" / "tiny" / "overlay.md").write_text("---\noverlay: tiny\n---\n")
    (folder / "exams" / "tiny" / "secret.md").write_text(pool)
    return folder / "exams"


def test_a_private_root_is_checked_published_and_looked_after(site: Site, tmp_path: Path) -> None:
    both = {"MOOC_COURSES": f"courses:{overlay(tmp_path)}"}
    assert site.mooc("check", "courses", "exams").returncode == 0
    assert site.mooc("check", **both).stdout.endswith("1 course checked: no problems.\n")
    site.mooc("migrate")
    assert "tiny is live now" in site.mooc("publish", **both).stdout
    assert "tiny is live already" in site.mooc("publish", **both).stdout
    assert "tiny is live now" in site.mooc("publish").stdout  # the open pool again
    assert "content roots" in site.mooc("doctor", **both).stdout
    lost = site.mooc("doctor", MOOC_COURSES="courses:nowhere").stdout
    assert "There is no folder nowhere" in lost
    one_sentence(site.mooc("publish", MOOC_COURSES="courses:nowhere"), "nowhere")


def test_a_course_whose_folder_is_deleted_is_closed_until_it_comes_back(site: Site) -> None:
    second = site.courses / "second"
    shutil.copytree(TINY, second)
    head = second / "course.md"
    head.write_text(head.read_text().replace("id: tiny", "id: second"))
    site.mooc("migrate")
    assert "second is live now" in site.mooc("publish").stdout
    broken = head.read_text()
    head.write_text(broken.replace("id: second", "id: Second!"))
    assert "closed" not in site.mooc("publish").stdout
    shutil.rmtree(second)
    assert "closed" not in site.mooc("publish", "--course", "tiny").stdout
    assert "second is closed: its folder is gone" in site.mooc("publish").stdout
    assert "closed" not in site.mooc("publish").stdout
    shutil.copytree(TINY, second)
    head.write_text(broken)
    assert "second is live now" in site.mooc("publish").stdout


def test_problems_of_an_overlay_name_its_own_file(site: Site, tmp_path: Path) -> None:
    root = overlay(tmp_path, (TINY / "pools" / "rights.md").read_text())
    done = site.mooc("check", "courses", "exams")
    assert done.returncode == 1
    assert re.search(r"^exams/tiny/secret\.md:\d+:1: E263 ", done.stdout, re.MULTILINE)
    site.mooc("migrate")
    kept = site.mooc("publish", MOOC_COURSES=f"courses:{root}")
    assert kept.returncode == 1
    assert f"{root}/tiny/secret.md:" in kept.stdout
    assert "E260" in site.mooc("check", "exams").stdout


# ----------------------------------------------------------------------------------- people, upkeep


def test_people_are_made_and_get_roles(site: Site) -> None:
    site.mooc("migrate")
    assert "/first-admin/" in site.mooc("users", "link").stdout
    password = "correct horse battery staple"
    made = site.mooc("users", "create", "ada@example.org", "--name", "Ada", "--password", password)
    assert made.returncode == 0, made.stderr
    one_sentence(
        site.mooc("users", "create", "b@example.org", "--name", "B", "--password", "short"), "12"
    )
    one_sentence(
        site.mooc("users", "create", "ada@example.org", "--name", "A", "--password", password),
        "mooc:",
    )
    assert site.mooc("users", "grant", "ada@example.org", "admin").returncode == 0
    assert (
        site.mooc("users", "grant", "ada@example.org", "tutor", "--course", "tiny").returncode == 0
    )
    listed = site.mooc("users", "list").stdout
    assert "ada@example.org" in listed
    assert "tutor (tiny)" in listed
    one_sentence(site.mooc("users", "revoke", "ada@example.org", "admin"), "mooc:")
    one_sentence(site.mooc("users", "link"), "admin already")
    one_sentence(site.mooc("users", "confirm", "nobody@example.org"), "nobody@example.org")


def test_the_doctor_says_what_is_missing_and_the_line_that_fixes_it(site: Site) -> None:
    before = site.mooc("doctor")
    assert before.returncode == 1
    assert "fix: mooc migrate" in before.stdout
    site.mooc("migrate")
    site.mooc("publish")
    after = site.mooc("doctor").stdout
    assert "fix: mooc worker" in after
    assert "fix: mooc users link" in after
    assert "equals the facts" in after
    assert "Traceback" not in after


def test_settings_are_listed_with_their_values(site: Site) -> None:
    done = site.mooc("settings", MOOC_SITE_NAME="A site of our own")
    assert "MOOC_SITE_NAME" in done.stdout
    assert "A site of our own" in done.stdout


def test_the_help_reads_well(site: Site) -> None:
    text = site.mooc("--help").stdout
    assert "A site:" in text
    for name in (
        "run",
        "worker",
        "migrate",
        "doctor",
        "settings",
        "new",
        "check",
        "publish",
        "users",
    ):
        assert re.search(rf"^  {name} +[A-Z].*\.$", text, re.MULTILINE), name
