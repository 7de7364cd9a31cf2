"""The database: one declarative base, one session, and times that are always UTC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from threading import Lock
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import DateTime, Executable, MetaData, create_engine, event
from sqlalchemy.engine import Connection, Dialect, Engine, Row
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every model subclasses this directly and names its table."""

    metadata = MetaData(naming_convention=NAMING)


# Whether the request in progress only reads: set for each by the web, without making a session.
READS_ONLY: ContextVar[bool] = ContextVar("reads_only", default=False)


class ReadOrWriteSession(Session):
    """A session whose transactions only read: in a request that `READS_ONLY`, and in `reading()`.

    On SQLite such a transaction is a plain BEGIN that never waits for a writer; elsewhere nothing
    changes.
    """

    _readers: ClassVar[WeakKeyDictionary[Any, Engine]] = WeakKeyDictionary()

    def get_bind(self, *args: Any, **kwargs: Any) -> Any:
        bind = super().get_bind(*args, **kwargs)
        only_reads = READS_ONLY.get() or self.info.get("read_only")
        if not only_reads or not isinstance(bind, Engine):
            return bind
        reader = self._readers.get(bind)
        if reader is None:
            reader = self._readers[bind] = bind.execution_options(read_only=True)
        return reader


db = SQLAlchemy(model_class=Base, session_options={"class_": ReadOrWriteSession})


@contextmanager
def reading() -> Iterator[None]:
    """Read without holding the write lock, then end that transaction.

    For jobs that do something slow (a PDF, a mail server) between reading and writing: what was
    loaded inside stays usable as plain values, the next statement begins a fresh transaction.
    """
    session = db.session()
    if session.in_transaction():
        raise RuntimeError("reading() begins its own transaction; end the one in progress first")
    session.info["read_only"] = True
    try:
        yield
    finally:
        session.rollback()
        session.info.pop("read_only", None)


_fetchers: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()
_writers: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def writer() -> Engine:
    """The engine behind `writing`."""
    return _beside(_writers, "default")


def fetcher() -> Engine:
    """An engine beside the session's, for single statements that read: no transaction around them.

    For hot pages, which ask once: a session and its BEGIN would cost more than the question.
    """
    return _beside(_fetchers, "AUTOCOMMIT")


def _beside(engines: WeakKeyDictionary[Engine, Engine], level: str) -> Engine:
    """An engine to the session's database, connections not reset: blocks end themselves."""
    found = engines.get(db.engine)
    if found is None:
        sqlite = db.engine.dialect.name == "sqlite"
        options: dict[str, Any] = {"isolation_level": level} if level != "default" else {}
        found = create_engine(
            db.engine.url,
            pool_pre_ping=not sqlite,
            pool_reset_on_return=None,
            connect_args={"timeout": 5} if sqlite else {"connect_timeout": 5},
            **options,
        )
        if sqlite and level == "default":
            prepare_sqlite(found)
        elif sqlite:
            event.listen(found, "connect", _set_pragmas)
        engines[db.engine] = found
    return found


_turn = Lock()


@contextmanager
def writing() -> Iterator[Connection]:
    """A connection whose transaction commits at the end of the block; for hot writes.

    On SQLite the threads of a process take turns at a lock of their own: SQLite's way of waiting is
    to poll, which costs processor time and is not fair.
    """
    engine = writer()
    with _turn if engine.dialect.name == "sqlite" else nullcontext(), engine.begin() as connection:
        yield connection


def fetch_one(statement: Executable, parameters: dict[str, Any]) -> Row[Any] | None:
    """The first row of one reading statement, as it is committed now."""
    with fetcher().connect() as connection:
        return connection.execute(statement, parameters).first()


class UTCDateTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC on both sides; a naive datetime is refused rather than guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: pass an aware one in UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def utcnow() -> datetime:
    """The current moment, aware, in UTC. Called in entry points only: rules take `now`."""
    return datetime.now(UTC)


def prepare_sqlite(engine: Engine) -> None:
    """Make SQLite safe for several processes: WAL, full sync, a busy timeout, explicit BEGIN.

    A transaction begins as BEGIN IMMEDIATE unless the connection was opened with the execution
    option `read_only`: upgrading a read snapshot to a write fails at once when another writer was
    faster, and no busy timeout helps (measured: 479 errors deferred, none immediate).
    """

    event.listen(engine, "connect", _set_pragmas)

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        read_only = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
