"""The shape of the database: which migration it stands at, and bringing it to the newest."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from flask import Flask
from sqlalchemy import Engine, MetaData, create_engine, event, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from mooc.db import Base, db

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).resolve().parent.parent.parent / "migrations"
PACKAGES = ("operations", "accounts", "catalog", "learning", "certificates")

REVISION = re.compile(r"""^(down_)?revision\b[^=\n]*=\s*["'](\w+)["']""", re.MULTILINE)

State = Literal["current", "behind", "newer", "away"]


def metadata() -> MetaData:
    """All tables of all packages."""
    for package in PACKAGES:
        import_module(f"mooc.{package}.models")
    return Base.metadata


def state(app: Flask) -> State:
    """How the database stands to this program: current, behind, newer, or not reachable.

    Asked at every start, so it reads the migrations' names without loading Alembic.
    """
    known, newest = revisions()
    try:
        with app.app_context(), db.engine.connect() as connection:
            reading = connection.execution_options(read_only=True)
            at = set()
            if inspect(reading).has_table("alembic_version"):
                at = set(reading.execute(text("SELECT version_num FROM alembic_version")).scalars())
    except SQLAlchemyError:
        return "away"
    if at - known:
        return "newer"
    return "current" if at == newest else "behind"


def revisions() -> tuple[set[str], set[str]]:
    """All revisions there are, and the newest."""
    own: set[str] = set()
    followed: set[str] = set()
    for path in (FOLDER / "versions").glob("*.py"):
        for down, name in REVISION.findall(path.read_text("utf-8")):
            (followed if down else own).add(name)
    return own, own - followed


def upgrade(app: Flask, revision: str = "head") -> None:
    """Bring the database to a revision, all of it or nothing."""
    from alembic import command

    command.upgrade(config(_released(app)), revision)


def downgrade(app: Flask, revision: str) -> None:
    """Take the database back to a revision."""
    from alembic import command

    command.downgrade(config(_released(app)), revision)


def _released(app: Flask) -> str:
    """The address of the database, to which this process holds no connection any more."""
    with app.app_context():
        db.engine.dispose()
        return db.engine.url.render_as_string(hide_password=False)


def config(url: str) -> Config:
    """Alembic's configuration for a database."""
    from alembic.config import Config

    settings = Config(stdout=sys.stderr)
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["url"] = url
    return settings


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
