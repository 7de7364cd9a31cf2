"""The shape of the database: which migration it stands at, and bringing it to the newest."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from mooc.db import Base, db

FOLDER = Path(__file__).resolve().parent.parent.parent / "migrations"
PACKAGES = ("operations", "accounts", "catalog", "learning", "certificates")

State = Literal["current", "behind", "newer", "away"]


def metadata() -> MetaData:
    """All tables of all packages."""
    for package in PACKAGES:
        import_module(f"mooc.{package}.models")
    return Base.metadata


def state(app: Flask) -> State:
    """How the database stands to this program: current, behind, newer, or not reachable."""
    known = {script.revision for script in _scripts().walk_revisions()}
    try:
        with app.app_context(), db.engine.connect() as connection:
            reading = connection.execution_options(read_only=True)
            at = MigrationContext.configure(reading).get_current_heads()
    except SQLAlchemyError:
        return "away"
    if any(revision not in known for revision in at):
        return "newer"
    return "current" if set(at) == set(_scripts().get_heads()) else "behind"


def upgrade(app: Flask, revision: str = "head") -> None:
    """Bring the database to a revision, all of it or nothing."""
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
        db.engine.dispose()
    command.upgrade(_config(url), revision)


def downgrade(app: Flask, revision: str) -> None:
    """Take the database back to a revision."""
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
        db.engine.dispose()
    command.downgrade(_config(url), revision)


def config(url: str) -> Config:
    """Alembic's configuration for a database."""
    return _config(url)


def _config(url: str) -> Config:
    settings = Config(stdout=sys.stderr)
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["url"] = url
    return settings


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(FOLDER))


def migration_engine(url: str) -> Engine:
    """An engine for migrations: on SQLite one transaction around everything, foreign keys off,
    because Alembic rebuilds tables there and a dropped table would take its children along."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def connect(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA busy_timeout=20000")
            connection.execute("PRAGMA foreign_keys=OFF")

        @event.listens_for(engine, "begin")
        def begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
