"""Fetch a repository of courses into a bare mirror: git with everything off that is not needed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dulwich.objectspec import parse_commit
from dulwich.refs import HEADREF, Ref
from dulwich.repo import Repo

from mooc.errors import Conflict, Invalid

TIMEOUT = 180  # seconds for one fetch
MOST = 500 * 2**20  # bytes of one pack
SCP = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?!/?/|:)[^:\s]+")
BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}")
OFF = (
    ("fetch.fsckObjects", "true"),
    ("transfer.fsckObjects", "true"),
    ("fetch.unpackLimit", "1"),  # one pack file, whose size the limit below bounds
    ("http.followRedirects", "false"),
    ("http.lowSpeedLimit", "1000"),
    ("http.lowSpeedTime", "30"),
    ("credential.helper", ""),
    ("core.hooksPath", "/dev/null"),
    ("core.fsmonitor", "false"),
    ("core.askPass", "/bin/false"),
    ("submodule.recurse", "false"),
    ("fetch.recurseSubmodules", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
)
SSH = "ssh -F /dev/null -oBatchMode=yes -oStrictHostKeyChecking=yes -oConnectTimeout=15"


@dataclass(frozen=True, slots=True)
class Commit:
    """What was fetched."""

    id: str
    author: str
    author_email: str


def name_of(address: str) -> str:
    """What a repository's mirror is called: `courses.git` for https://git.example/ip/courses."""
    last = re.split(r"[/:]", address.rstrip("/"))[-1].removesuffix(".git")
    return re.sub(r"[^A-Za-z0-9_-]", "-", last).strip("-")[:80] + ".git"


def check_address(address: str, *, files: bool = False) -> None:
    """Raise Invalid `fetch.address` for anything but https and ssh without a password.

    `files` lets file:// through, for tests.
    """
    if not address.isprintable() or " " in address or address.startswith("-") or "::" in address:
        raise Invalid("fetch.address", why="it is no address of a repository")
    if "://" not in address:
        if not SCP.fullmatch(address):
            raise Invalid("fetch.address", why="it begins with neither https:// nor ssh://")
        return
    parts = urlsplit(address)
    if parts.scheme == "file" and files and parts.hostname is None:
        return
    if parts.scheme not in ("https", "ssh"):
        raise Invalid("fetch.address", why="it begins with neither https:// nor ssh://")
    if parts.password is not None or (parts.scheme == "https" and parts.username is not None):
        raise Invalid("fetch.address", why="it holds a password; use ssh and a key instead")
    if not parts.hostname or parts.hostname.startswith("-") or (parts.username or "")[:1] == "-":
        raise Invalid("fetch.address", why="it names no host")


def check_branch(branch: str) -> None:
    """Raise Invalid `fetch.branch` for what git would not take as a branch."""
    parts = branch.split("/")
    bad = any(not p or p.startswith(".") or p.endswith((".", ".lock")) for p in parts)
    if bad or ".." in branch or not BRANCH.fullmatch(branch):
        raise Invalid("fetch.branch", branch=branch[:100])


def fetch(address: str, folder: Path, branch: str, *, files: bool = False) -> Commit:
    """Bring a branch of a repository into its mirror in `folder`; the commit it is at.

    Raises Conflict `fetch.failed` with the reason as git gives it.
    """
    check_address(address, files=files)
    check_branch(branch)
    mirror = folder / name_of(address)
    if not (mirror / "HEAD").exists():
        mirror.mkdir(parents=True, exist_ok=True)
        Repo.init_bare(str(mirror)).close()
    with tempfile.TemporaryDirectory(prefix="mooc-git-") as home:
        _git(mirror, address, branch, home, files=files)
    with Repo(str(mirror)) as repo:
        head = Ref(f"refs/heads/{branch}".encode())
        repo.refs.set_symbolic_ref(HEADREF, head)
        commit = parse_commit(repo, head)
        author = commit.author.decode("utf-8", "replace")
    name, _mark, email = author.partition("<")
    return Commit(commit.id.decode(), name.strip()[:200], email.rstrip("> ")[:320])


def _git(mirror: Path, address: str, branch: str, home: str, *, files: bool) -> None:
    allowed = ("https", "ssh", "file") if files else ("https", "ssh")
    options = [
        *OFF,
        ("protocol.allow", "never"),
        *((f"protocol.{p}.allow", "always") for p in allowed),
    ]
    command = [
        *("/bin/sh", "-c", f'ulimit -f {MOST // 512}; exec git "$@"', "git"),
        *(part for name, value in options for part in ("-c", f"{name}={value}")),
        *("--git-dir", str(mirror), "fetch", "--no-tags", "--no-recurse-submodules"),
        *("--no-write-fetch-head", "--no-auto-maintenance", "--quiet", "--force"),
        *("--end-of-options", address, f"+refs/heads/{branch}:refs/heads/{branch}"),
    ]
    process = subprocess.Popen(  # noqa: S603 - fixed command; address and branch were checked
        command,
        cwd=home,
        env=_environment(home, allowed),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _out, said = process.communicate(timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise Conflict("fetch.failed", why=f"it took longer than {TIMEOUT} seconds") from None
    if process.returncode:
        raise Conflict("fetch.failed", why=_reason(said, process.returncode))


def _environment(home: str, allowed: tuple[str, ...]) -> dict[str, str]:
    """Nothing of this process's own: no home, no configuration, no prompt, no other protocol."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": home,
        "XDG_CONFIG_HOME": home,
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        "SSH_ASKPASS": "/bin/false",
        "GIT_SSH_COMMAND": SSH,
        "GIT_ALLOW_PROTOCOL": ":".join(allowed),
        "GIT_PROTOCOL_FROM_USER": "0",
    }


def _reason(said: bytes, code: int) -> str:
    """What git said, in one printable line; a signal is how the size limit shows."""
    if code in (-signal.SIGXFSZ, 128 + signal.SIGXFSZ) or b"File size limit" in said:
        return f"it is larger than {MOST // 2**20} MB"
    lines = said.decode("utf-8", "replace").strip().splitlines()
    words = next((line for line in lines if line.startswith("fatal:")), lines[-1] if lines else "")
    return "".join(c for c in words if c.isprintable())[:300] or f"git ended with {code}"
