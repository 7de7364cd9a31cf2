"""A push arrives: proven, told once, fetched, published, reported."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from mooc.catalog import queries
from mooc.catalog.models import Push
from mooc.db import db
from mooc.operations.models import Job
from mooc.web import create_app
from mooc.web.config import Settings, load
from tests.conftest import SECRET, TINY, Cast, Mailbox
from tests.content.repositories import Entry, commit, files_of
from tests.factories import make_grant, make_user
from tests.pages import CheckingClient

HOOK = "a secret of the git host"


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """The repository on the git host, with the tiny course in it."""
    root = tmp_path / "host" / "courses.git"
    commit(root, tiny_files())
    return root


def tiny_files() -> dict[str, Entry]:
    return files_of(TINY, "courses/tiny/")


@pytest.fixture
def settings(var: Path, database: str, remote: Path) -> Settings:
    return load(
        {},
        var=str(var),
        database_url=database,
        secret_key=SECRET,
        port=8000,
        hook_secret=HOOK,
        fetch=f"file://{remote}",
        fetch_files=True,
        courses=str(var / "courses.git" / "courses"),
    )


def body_of(ref: str = "refs/heads/main") -> bytes:
    return json.dumps({"ref": ref, "after": "a" * 40}).encode()


def signed(body: bytes, secret: str = HOOK) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def github(body: bytes, delivery: str = "d-1", **more: str) -> dict[str, str]:
    return {
        "X-GitHub-Event": "push",
        "X-GitHub-Delivery": delivery,
        "X-Hub-Signature-256": f"sha256={signed(body)}",
        **more,
    }


def push(
    client: CheckingClient, headers: dict[str, str], body: bytes | None = None
) -> TestResponse:
    return client.post(
        "/hooks/push",
        data=body_of() if body is None else body,
        headers={"Content-Type": "application/json", **headers},
        csrf=False,
        checks=False,
    )


def jobs(app: Flask) -> int:
    with app.app_context():
        statement = select(func.count()).where(Job.kind == "courses.fetch")
        return db.session.scalar(statement) or 0


# ------------------------------------------------------------------------------------------- proof


def test_without_a_secret_there_is_no_hook(var: Path, database: str) -> None:
    app = create_app(load({}, var=str(var), database_url=database, secret_key=SECRET))
    app.config.update(TESTING=True)
    answer = app.test_client().post("/hooks/push", data=body_of(), headers=github(body_of()))
    assert answer.status_code == 404


PROOFS: list[dict[str, str]] = [
    github(body_of()),
    {
        "X-Gitea-Event": "push",
        "X-Gitea-Delivery": "d-1",
        "X-Gitea-Signature": signed(body_of()),
    },
    {"X-Gitlab-Event": "Push Hook", "X-Gitlab-Event-UUID": "d-1", "X-Gitlab-Token": HOOK},
]


@pytest.mark.parametrize("headers", PROOFS, ids=["github", "gitea", "gitlab"])
def test_a_push_that_proves_itself_promises_one_job(
    app: Flask, client: CheckingClient, headers: dict[str, str]
) -> None:
    assert push(client, headers).status_code == 202
    again = push(client, headers)
    assert (again.status_code, again.text) == (200, "already\n")
    assert jobs(app) == 1


FORGED = [
    {},
    {"X-Hub-Signature-256": "sha256="},
    {"X-Hub-Signature-256": f"sha256={signed(body_of(), 'another secret')}"},
    {"X-Hub-Signature-256": f"sha256={signed(b'another body')}"},
    {"X-Hub-Signature-256": "sha256=ключ".encode().decode("latin-1")},
    {"X-Gitea-Signature": signed(body_of())[:-1]},
    {"X-Gitlab-Token": ""},
    {"X-Gitlab-Token": HOOK + "x"},
    {"X-Gitlab-Token": HOOK, "X-Hub-Signature-256": "sha256=" + "0" * 64},
]


@pytest.mark.parametrize("headers", FORGED)
def test_a_push_without_proof_does_nothing(
    app: Flask, client: CheckingClient, headers: dict[str, str]
) -> None:
    answer = push(client, {"X-GitHub-Event": "push", "X-GitHub-Delivery": "d-1", **headers})
    assert answer.status_code == 403
    assert jobs(app) == 0
    assert HOOK not in answer.text


def test_the_secret_may_stand_in_a_file(app: Flask, client: CheckingClient, tmp_path: Path) -> None:
    file = tmp_path / "hook.secret"
    file.write_text(HOOK + "\n")
    here = app.extensions["mooc.settings"]
    app.extensions["mooc.settings"] = replace(here, hook_secret=str(file))
    assert push(client, github(body_of())).status_code == 202


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (body_of("refs/heads/draft"), {}, 200),
        (body_of("refs/tags/main"), {}, 200),
        (body_of(), {"X-GitHub-Event": "ping"}, 200),
        (body_of(), {"X-GitHub-Delivery": ""}, 400),
        (body_of(), {"X-GitHub-Delivery": "x" * 101}, 400),
        (b"no json", {}, 400),
        (b"[1]", {}, 400),
        (b"\xff", {}, 400),
        (b"x" * (2**20 + 1), {}, 413),
    ],
)
def test_what_is_no_push_to_the_branch_does_nothing(
    app: Flask, client: CheckingClient, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = push(client, github(body, **headers), body)
    assert answer.status_code == status
    assert jobs(app) == 0


def test_pushes_are_limited(client: CheckingClient) -> None:
    statuses = {push(client, {"X-GitHub-Event": "push"}).status_code for _each in range(61)}
    assert statuses == {403, 429}


# ------------------------------------------------------------------------------------- publishing


def deal(client: CheckingClient, run_jobs: Callable[..., int], delivery: str) -> None:
    assert push(client, github(body_of(), delivery)).status_code == 202
    run_jobs()


def last(app: Flask) -> Push:
    push = db.session.scalars(select(Push).order_by(Push.id.desc())).first()
    assert push is not None
    return push


@pytest.mark.both_databases
def test_the_fetched_head_is_published_and_a_bad_push_changes_nothing(
    app_context: Flask, client: CheckingClient, run_jobs: Callable[..., int], remote: Path
) -> None:
    deal(client, run_jobs, "d-1")
    assert queries.refresh().courses["tiny"].course.title == "A tiny course"
    assert [row["outcome"] for row in last(app_context).report] == ["published"]
    broken = tiny_files() | {"courses/tiny/exam.md": "---\nid: exam\nkind: exma\n---\n"}
    head = commit(remote, broken)
    deal(client, run_jobs, "d-2")
    push = last(app_context)
    (row,) = push.report
    assert (row["outcome"], push.revision, push.author) == ("kept", head, "Ann Author")
    assert any(p["path"].endswith("courses/tiny/exam.md") for p in row["problems"])
    assert "source" not in row["problems"][0]
    assert queries.refresh().courses["tiny"].course.title == "A tiny course"
    mended = tiny_files()
    course = mended["courses/tiny/course.md"]
    assert isinstance(course, bytes)
    mended["courses/tiny/course.md"] = course.replace(b"A tiny course", b"Mended", 1)
    commit(remote, mended)
    deal(client, run_jobs, "d-3")
    assert queries.refresh().courses["tiny"].course.title == "Mended"
    deal(client, run_jobs, "d-4")
    assert [row["outcome"] for row in last(app_context).report] == ["unchanged"]


def test_a_repository_that_is_away_is_noted_and_tried_again(
    app_context: Flask, client: CheckingClient, run_jobs: Callable[..., int], remote: Path
) -> None:
    remote.rename(remote.with_name("moved.git"))
    deal(client, run_jobs, "d-1")
    push = last(app_context)
    assert push.error.startswith("The repository could not be fetched")
    assert push.finished_at is None
    job = db.session.scalars(select(Job).where(Job.kind == "courses.fetch")).one()
    assert (job.state, job.tries) == ("waiting", 1)
    remote.with_name("moved.git").rename(remote)
    due = job.due_at
    db.session.rollback()
    run_jobs(due)
    db.session.expire_all()
    assert last(app_context).error == ""
    assert "tiny" in queries.refresh().courses


def test_the_author_who_is_staff_gets_the_letter(
    client: CheckingClient, cast: Cast, mailbox: Mailbox, remote: Path
) -> None:
    cast.grant("Ada Admin", "admin")
    staff(cast, "Ann", "ann@example.org")
    push(client, github(body_of()))
    (letter,) = mailbox.letters()
    assert "ann@example.org" in letter
    assert "/teach/tiny/releases" in letter
    assert HOOK not in letter


def test_a_strangers_commit_is_told_to_those_who_teach_the_course(
    client: CheckingClient, cast: Cast, mailbox: Mailbox, remote: Path
) -> None:
    cast.grant("Ines Instructor", "instructor", "tiny")
    cast.grant("Otto Other", "instructor", "other")
    cast.grant("Ada Admin", "admin")
    cast.user("Ann")  # has an account, and teaches nothing
    push(client, github(body_of()))
    (letter,) = mailbox.letters()
    assert "ines.instructor@example.org" in letter


def test_without_teachers_the_admins_are_told(
    client: CheckingClient, cast: Cast, mailbox: Mailbox, remote: Path
) -> None:
    cast.grant("Ada Admin", "admin")
    commit(remote, tiny_files() | {"courses/tiny/exam.md": "nothing"})
    push(client, github(body_of()))
    (letter,) = mailbox.letters()
    assert "ada.admin@example.org" in letter
    assert "courses/tiny/exam.md:1:1: E101" in letter.replace("=\n", "")


def staff(cast: Cast, name: str, email: str) -> None:
    """Somebody with a role and this very address."""
    with cast.app.app_context():
        user = make_user(name, email)
        make_grant(user, "instructor", "elsewhere")
        db.session.commit()
