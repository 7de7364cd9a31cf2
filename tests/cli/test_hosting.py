"""What `mooc new ci` and `mooc new hook` write: valid, of few rights, and the hook does block."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from mooc.cli import mooc
from mooc.content import scaffold
from tests.cli.command import Desk
from tests.cli.test_ids import git

EXAM = "courses/demo/exam.md"


def workflow(host: str) -> dict[Any, Any]:
    found = yaml.safe_load(scaffold.workflow(host))
    assert isinstance(found, dict)
    return found


def commit(desk: Desk, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Commit as people do, hooks and all."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        ["git", *who, "commit", "-m", "Change", *arguments],
        cwd=desk.folder, capture_output=True, text=True, check=False, env=clean,
    )  # fmt: skip


@pytest.fixture
def hooked(desk: Desk) -> Desk:
    """A repository with the course committed and the hook in place."""
    git(desk, "init")
    git(desk, "add", ".")
    git(desk, "commit", "-m", "One")
    assert desk.done("new", "hook") == "wrote .git/hooks/pre-commit\n"
    return desk


def test_the_hook_refuses_a_broken_course(hooked: Desk) -> None:
    hooked.write(EXAM, hooked.read(EXAM).replace("pass_mark", "pas_mark"))
    git(hooked, "add", ".")
    refused = commit(hooked)
    assert refused.returncode == 1
    said = refused.stdout + refused.stderr
    assert f"{EXAM}:5:1: E103 unknown key 'pas_mark'" in said
    assert "1 course checked: 1 error" in said
    assert commit(hooked, "--no-verify").returncode == 0


def test_the_hook_looks_at_what_is_staged(hooked: Desk) -> None:
    good = hooked.read(EXAM)
    hooked.write(EXAM, good + "\nMore.\n")
    git(hooked, "add", ".")
    hooked.write(EXAM, "broken, and not staged")
    assert commit(hooked).returncode == 0
    hooked.write(EXAM, good.replace("pools/", "pool/"))
    git(hooked, "add", ".")
    hooked.write(EXAM, good)
    assert commit(hooked).returncode == 1
    assert commit(hooked, "-a").returncode == 0  # with an index of its own


def test_the_hook_leaves_other_commits_alone(hooked: Desk) -> None:
    hooked.write(EXAM, "broken")
    git(hooked, "add", ".")
    assert commit(hooked, "--no-verify").returncode == 0
    hooked.write("elsewhere.txt", "text")
    git(hooked, "add", ".")
    done = commit(hooked)
    assert (done.returncode, "checked" in done.stdout + done.stderr) == (0, False)


def test_the_first_commit_is_checked_too(desk: Desk) -> None:
    git(desk, "init")
    desk.done("new", "hook")
    desk.write(EXAM, "broken")
    git(desk, "add", ".")
    assert commit(desk).returncode == 1


def test_a_hook_that_lost_its_program_says_so_and_lets_go(hooked: Desk) -> None:
    path = hooked.path(".git/hooks/pre-commit")
    path.write_text(path.read_text().replace(sys.executable, "/nowhere/python"))
    hooked.write(EXAM, "broken")
    git(hooked, "add", ".")
    done = commit(hooked)
    assert (done.returncode, "mooc is not where it was" in done.stderr) == (0, True)


def test_hooks_of_somebody_else_are_kept(hooked: Desk) -> None:
    again = hooked.mooc("new", "hook")
    assert (again.code, "is there already" in again.err) == (2, True)


def test_a_folder_of_hooks_of_ones_own_is_used(desk: Desk) -> None:
    git(desk, "init")
    git(desk, "config", "core.hooksPath", "hooks")
    assert desk.done("new", "hook") == "wrote hooks/pre-commit\n"


def test_without_a_repository_there_is_nothing_to_watch(empty: Desk) -> None:
    for arguments in (("hook",), ("ci", "github")):
        done = empty.mooc("new", *arguments)
        assert (done.code, "in no git repository" in done.err) == (2, True)


# ---------------------------------------------------------------------------------------- git hosts


@pytest.mark.parametrize("host", scaffold.HOSTS)
def test_a_workflow_is_written_where_the_host_looks(desk: Desk, host: str) -> None:
    git(desk, "init")
    assert f"wrote {scaffold.HOSTS[host]}\n" in desk.done("new", "ci", host)
    assert desk.read(scaffold.HOSTS[host]) == scaffold.workflow(host)
    assert desk.mooc("new", "ci", host).code == 2


@pytest.mark.parametrize("host", scaffold.HOSTS)
def test_a_workflow_runs_commands_there_are(host: str) -> None:
    used = re.findall(r"(?<![\w`.])mooc (check|diff)([^\n>|&;]*)", scaffold.workflow(host))
    assert {name for name, _rest in used} == {"check", "diff"}
    for name, rest in used:
        known = {option: p for p in mooc.commands[name].params for option in p.opts}
        for option, value in re.findall(r"(--[a-z-]+)(?: ([a-z]+))?", rest):
            assert option in known, f"mooc {name} has no {option}"
            if isinstance(known[option].type, click.Choice):
                assert value in known[option].type.choices


def test_each_job_on_github_has_the_rights_it_needs_and_no_others() -> None:
    found = workflow("github")
    assert found["permissions"] == {}
    rights = {name: job["permissions"] for name, job in found["jobs"].items()}
    assert rights == {"check": {"contents": "read"}, "comment": {"pull-requests": "write"}}
    assert "pull_request_target" not in found[True]  # YAML 1.1 takes "on" for yes


def test_nothing_that_others_wrote_becomes_part_of_a_script_on_github() -> None:
    steps = [step for job in workflow("github")["jobs"].values() for step in job["steps"]]
    scripts = [step["run"] for step in steps if "run" in step]
    assert scripts
    assert not [script for script in scripts if "${{" in script]
    uses = {step["uses"].split("/")[0] for step in steps if "uses" in step}
    assert uses == {"actions"}
    for script in scripts:
        subprocess.run(["bash", "-n", "-c", script], check=True)
    writing = [s for s in workflow("github")["jobs"]["comment"]["steps"] if "checkout" in str(s)]
    assert writing == []


def test_on_gitlab_the_token_meets_no_file_of_the_change() -> None:
    found = workflow("gitlab")
    job = found["courses-comment"]
    assert job["variables"] == {"GIT_STRATEGY": "none"}
    assert "COURSES_COMMENT_TOKEN" not in json.dumps(found["courses"])
    for script in [*found["courses"]["script"], *job["script"]]:
        subprocess.run(["bash", "-n", "-c", script], check=True)
    inner = re.search(r"<<'END'\n(.*)\nEND", job["script"][0], re.DOTALL)
    assert inner
    compile(inner[1], "comment", "exec")


def test_problems_are_reported_as_gitlab_reads_them(desk: Desk) -> None:
    desk.write(EXAM, desk.read(EXAM).replace("pass_mark", "pas_mark"))
    lesson = "courses/demo/writing/how-a-lesson-is-made.md"
    desk.write(lesson, desk.read(lesson) + "\n## More\n\n[x](none.md)\n\n[x](none.md)\n")
    done = desk.mooc("check", "--format", "gitlab")
    found = json.loads(done.out)
    assert done.code == 1
    first = next(each for each in found if each["check_name"] == "E103")
    assert first["location"] == {"path": EXAM, "lines": {"begin": 5}}
    assert first["severity"] == "major"
    assert first["description"].startswith("E103 unknown key 'pas_mark'. Did you mean pass_mark?")
    prints = [each["fingerprint"] for each in found]
    assert len(set(prints)) == len(prints) > 2


def test_a_problem_that_only_moved_is_the_same_to_gitlab(desk: Desk) -> None:
    text = desk.read(EXAM).replace("pools/", "pool/")
    desk.write(EXAM, text)
    before = {
        each["fingerprint"] for each in json.loads(desk.mooc("check", "--format", "gitlab").out)
    }
    desk.write(EXAM, text.replace("Two questions", "Some words.\n\nTwo questions"))
    after = {
        each["fingerprint"] for each in json.loads(desk.mooc("check", "--format", "gitlab").out)
    }
    assert before == after


def test_pre_commit_knows_the_check() -> None:
    path = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
    hooks = yaml.safe_load(path.read_text("utf-8"))
    assert [hook["id"] for hook in hooks] == ["mooc-check", "mooc-fmt"]
    for hook in hooks:
        assert mooc.commands[hook["entry"].split()[1]]
        assert re.search(hook["files"], EXAM)
        assert not re.search(hook["files"], "mooc/cli/check.py")
