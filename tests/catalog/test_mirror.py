"""Fetching a repository: which addresses are taken, and what git is not allowed to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mooc.catalog import mirror
from mooc.content.loader import load
from mooc.content.source import GitTree
from mooc.errors import Conflict, Invalid
from tests.conftest import TINY
from tests.content.repositories import commit, files_of
from tests.content.trees import TODAY

GOOD = [
    "https://git.example.org/ip/courses",
    "https://git.example.org:8443/ip/courses.git",
    "ssh://git@git.example.org/ip/courses.git",
    "git@git.example.org:ip/courses.git",
]
BAD = [
    "http://git.example.org/ip/courses",
    "git://git.example.org/ip/courses",
    "ftp://git.example.org/x",
    "file:///srv/courses.git",
    "/srv/courses.git",
    "../courses.git",
    "ext::sh -c touch% /tmp/x",
    "ext::sh",
    "fd::17",
    "--upload-pack=touch /tmp/x",
    "-oProxyCommand=x:y",
    "ssh://-oProxyCommand=x/y",
    "ssh://-x@host/y",
    "git@-oProxyCommand=x:y",
    "https://user:word@git.example.org/x",
    "https://token@git.example.org/x",
    "ssh://git:word@git.example.org/x",
    "https:///x",
    "https://git.example.org/x y",
    "https://git.example.org/x\n",
    "",
]


@pytest.mark.parametrize("address", GOOD)
def test_https_and_ssh_are_taken(address: str) -> None:
    mirror.check_address(address)
    assert mirror.name_of(address) == "courses.git"


@pytest.mark.parametrize("address", BAD)
def test_everything_else_is_refused_before_git_sees_it(address: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        mirror.fetch(address, tmp_path, "main")
    assert refused.value.code == "fetch.address"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "branch", ["", "-x", "a..b", "a/.b", "a.lock", "a b", "a:b", "../x", "a//b"]
)
def test_a_branch_is_a_name(branch: str) -> None:
    with pytest.raises(Invalid):
        mirror.check_branch(branch)


def test_a_fetch_follows_the_branch_even_when_history_was_rewritten(tmp_path: Path) -> None:
    host = tmp_path / "host" / "courses.git"
    first = commit(host, files_of(TINY))
    at = mirror.fetch(f"file://{host}", tmp_path, "main", files=True)
    assert (at.id, at.author, at.author_email) == (first, "Ann Author", "ann@example.org")
    assert load(GitTree(tmp_path / "courses.git"), TODAY).course is not None
    (host / "refs" / "heads" / "main").unlink()
    second = commit(host, {"course.md": "another"})
    assert mirror.fetch(f"file://{host}", tmp_path, "main", files=True).id == second
    assert GitTree(tmp_path / "courses.git").revision == second


@pytest.mark.parametrize("what", ["branch", "repository"])
def test_what_is_not_there_is_said_in_one_line(tmp_path: Path, what: str) -> None:
    host = tmp_path / "host" / "courses.git"
    if what == "branch":
        commit(host, files_of(TINY), branch="other")
    with pytest.raises(Conflict) as failed:
        mirror.fetch(f"file://{host}", tmp_path, "main", files=True)
    why = failed.value.params["why"]
    assert isinstance(why, str)
    assert why.startswith("fatal: ")
    assert "\n" not in why


def test_git_takes_no_file_unless_tests_say_so(tmp_path: Path) -> None:
    host = tmp_path / "host" / "courses.git"
    commit(host, files_of(TINY))
    (tmp_path / "courses.git").mkdir()
    mirror.Repo.init_bare(str(tmp_path / "courses.git")).close()
    with pytest.raises(Conflict, match="fetch") as failed:
        mirror._git(tmp_path / "courses.git", f"file://{host}", "main", str(tmp_path), files=False)
    assert "not allowed" in str(failed.value.params["why"])


def test_nobodys_configuration_and_no_hook_has_a_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = tmp_path / "host" / "courses.git"
    commit(host, files_of(TINY))
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(f'[url "{tmp_path}/evil"]\n\tinsteadOf = file://{host}\n')
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.file://{tmp_path}/evil.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", f"file://{host}")
    mirror.fetch(f"file://{host}", tmp_path, "main", files=True)
    hook = tmp_path / "courses.git" / "hooks" / "reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    commit(host, {"course.md": "another"})
    mirror.fetch(f"file://{host}", tmp_path, "main", files=True)
    assert not (tmp_path / "ran").exists()


def test_an_object_that_git_would_not_make_is_refused(tmp_path: Path) -> None:
    host = tmp_path / "host" / "courses.git"
    commit(host, {**files_of(TINY), ".git/config": "[core]\n"})
    with pytest.raises(Conflict) as failed:
        mirror.fetch(f"file://{host}", tmp_path, "main", files=True)
    assert "hasDotgit" in str(failed.value.params["why"]) or "fsck" in str(failed.value.params)


def test_a_pack_over_the_limit_ends_the_fetch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = tmp_path / "host" / "courses.git"
    commit(host, {"big.bin": os.urandom(300_000)})
    monkeypatch.setattr(mirror, "MOST", 100 * 1024)
    with pytest.raises(Conflict):
        mirror.fetch(f"file://{host}", tmp_path, "main", files=True)
    assert not any((tmp_path / "courses.git" / "refs" / "heads").iterdir())


def test_a_host_that_never_answers_ends_the_fetch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\nsleep 30\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(mirror, "TIMEOUT", 0.3)
    with pytest.raises(Conflict) as failed:
        mirror.fetch("https://git.example.org/x", tmp_path, "main")
    assert "longer than" in str(failed.value.params["why"])
