"""The database of a site: its engine, its transactions, and what its troubles mean to a reader."""

from __future__ import annotations

from flask import Flask, request
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from mooc.db import READS_ONLY, db, prepare_sqlite
from mooc.web.config import Settings

SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
STATEMENT_TIMEOUT = "20s"
# PostgreSQL: too many connections, lock not available, deadlock, serialization, statement timeout
BUSY_STATES = ("53300", "55P03", "40P01", "40001", "57014")


def init(app: Flask) -> None:
    """Connect Flask-SQLAlchemy; safe methods read, all others take the write lock at once."""
    settings: Settings = app.extensions["mooc.settings"]
    url = _driver(settings.database)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url, settings.threads)
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)

    @app.before_request
    def choose_transaction() -> None:
        READS_ONLY.set(request.method in SAFE_METHODS)

    @app.teardown_request
    def forget_choice(_error: BaseException | None) -> None:
        READS_ONLY.set(False)


def _driver(url: str) -> str:
    """Name the driver: SQLAlchemy 2.1 changed what a bare `postgresql://` means."""
    scheme, rest = url.split("://", 1)
    if scheme in ("postgres", "postgresql"):
        scheme = "postgresql+psycopg"
    return f"{scheme}://{rest}"


def _engine_options(url: str, threads: int) -> dict[str, object]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 5}, "pool_size": threads + 2, "max_overflow": 8}
    return {
        "pool_pre_ping": True,
        "pool_size": threads + 2,
        "max_overflow": 4,
        "pool_recycle": 1800,
        "connect_args": {
            "connect_timeout": 5,
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT} -c timezone=UTC",
        },
    }


def status_of(error: SQLAlchemyError) -> int:
    """503 for a database that is busy or away, 507 for a full disk, 500 for a mistake of ours."""
    if isinstance(error, PoolTimeout):
        return 503
    if not isinstance(error, DBAPIError):
        return 500
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        if state == "53100":
            return 507
        away = state.startswith(("08", "57P"))
        return 503 if away or state in BUSY_STATES else 500
    words = str(error.orig).lower()
    if "is full" in words or "no space left" in words:
        return 507
    away_words = ("locked", "busy", "unable to open", "disk i/o", "readonly", "read-only")
    if error.connection_invalidated or any(word in words for word in away_words):
        return 503
    # psycopg gives no state when no server answers
    return 503 if type(error.orig).__module__.startswith("psycopg") else 500
