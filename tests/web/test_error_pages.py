"""Every way to fail ends in a page that says what happened, what was kept, what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, abort
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from mooc.db import db
from mooc.errors import Conflict, Invalid, NotAllowed, NotFound
from mooc.web.database import status_of
from mooc.web.i18n import SENTENCES
from mooc.web.security import allow, same_origin
from tests.conftest import Cast
from tests.pages import CheckingClient


def add_view(app: Flask, act: Callable[[], Any]) -> None:
    @app.route("/trouble", methods=["GET", "POST"])
    @same_origin
    @allow("everyone")
    def trouble() -> Any:
        return act()


@pytest.mark.parametrize(
    ("error", "status"),
    [(NotFound("course"), 404), (NotAllowed("x"), 403), (Conflict("x"), 409), (Invalid("x"), 422)],
)
def test_the_four_families_have_their_status(
    app: Flask, client: CheckingClient, error: Exception, status: int
) -> None:
    def act() -> None:
        raise error

    add_view(app, act)
    assert client.get("/trouble").status_code == status


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503])
def test_every_status_has_a_designed_page(
    app: Flask, client: CheckingClient, cast: Cast, status: int
) -> None:
    add_view(app, lambda: abort(status))
    for browser in (client, cast.browser("Lena Learner")):
        answer = browser.get("/trouble")
        assert answer.status_code == status
        assert '<link rel="stylesheet"' in answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_an_error_of_ours_shows_a_reference_and_no_details(
    app: Flask, client: CheckingClient, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["SHOW_ERROR_PAGES"] = True
    add_view(app, lambda: 1 / 0)
    answer = client.get("/trouble")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    logged = [line for line in caplog.records if "on GET /trouble" in line.getMessage()]
    assert logged
    assert logged[0].getMessage().split()[0] in answer.text


def test_a_locked_database_keeps_what_was_typed(app: Flask, cast: Cast) -> None:
    def act() -> str:
        raise OperationalError("UPDATE", {}, sqlite3.OperationalError("database is locked"))

    add_view(app, act)
    browser = cast.browser("Lena Learner")
    typed = {"answer": 'My "long" answer <3', "password": "never shown again"}
    answer = browser.post("/trouble", data=typed)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "My &#34;long&#34; answer &lt;3" in answer.text
    assert "never shown again" not in answer.text


def test_a_full_disk_says_so(app: Flask, client: CheckingClient) -> None:
    def act() -> str:
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))

    add_view(app, act)
    assert client.post("/trouble", data={"answer": "kept"}).status_code == 507


def test_error_pages_need_no_database(app: Flask, cast: Cast) -> None:
    browser = cast.browser("Lena Learner")

    add_view(app, lambda: db.session.execute(db.text("SELECT 1")))
    with app.app_context():
        db.engine.dispose()
    path = app.extensions["mooc.settings"].var_path / "mooc.sqlite"
    path.rename(path.with_suffix(".gone"))
    path.mkdir()  # nothing can be opened there
    answer = browser.get("/trouble")
    assert answer.status_code == 503
    assert "<h1>" in answer.text


def test_error_pages_survive_a_broken_template(
    app: Flask, client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(app.jinja_env.globals, "asset")
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_scripts_get_their_errors_as_json(client: CheckingClient) -> None:
    answer = client.get("/courses/unknown", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["error"] == "course"
    assert answer.json["message"]


def test_every_sentence_takes_its_parameters(app: Flask) -> None:
    with app.test_request_context():
        for code, words in SENTENCES.items():
            assert str(words), code


class Reported(Exception):
    """What a PostgreSQL driver raises: an error with a state."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("trouble")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("53100", 507),
        ("08006", 503),
        ("57P01", 503),
        ("40P01", 503),
        ("55P03", 503),
        ("42P01", 500),
    ],
)
def test_postgresql_states_have_their_status(state: str, status: int) -> None:
    assert status_of(DBAPIError("SELECT", {}, Reported(state))) == status


def test_a_missing_table_is_our_own_mistake() -> None:
    error = OperationalError("SELECT", {}, sqlite3.OperationalError("no such table: job"))
    assert status_of(error) == 500


def test_an_exhausted_pool_is_a_busy_site() -> None:
    assert status_of(PoolTimeout("no connection")) == 503


def impatient(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA busy_timeout=50")


def test_a_locked_file_ends_in_a_busy_page(app: Flask, cast: Cast) -> None:
    """A real lock: another process writes while we want to."""
    browser = cast.browser("Lena Learner")
    path = app.extensions["mooc.settings"].var_path / "mooc.sqlite"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        add_view(app, lambda: db.session.execute(db.text("SELECT 1")))
        with app.app_context():
            db.engine.dispose()
            event.listen(db.engine, "connect", impatient)
        answer = browser.post("/trouble", data={"answer": "kept"})
        assert answer.status_code == 503
        assert 'value="kept"' in answer.text
        assert browser.get("/healthz").status_code == 200
    finally:
        other.execute("ROLLBACK")
        other.close()
