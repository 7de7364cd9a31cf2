"""The migrations lead to exactly the tables that the models describe, on both databases."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect, text

from mooc.web import create_app, schema
from mooc.web.config import load


@pytest.fixture(params=["sqlite", "postgresql"])
def blank(request: pytest.FixtureRequest, var: Path) -> Flask:
    """A site whose database has no tables at all."""
    url = ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        url = server.create(f"{server.name}_blank")
    return create_app(load({}, var=str(var), database_url=url))


def tables(app: Flask) -> set[str]:
    engine = schema.migration_engine(address(app))
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names())
    engine.dispose()
    return names


def address(app: Flask) -> str:
    return str(app.config["SQLALCHEMY_DATABASE_URI"])


def differences(app: Flask) -> list[Any]:
    engine = schema.migration_engine(address(app))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, schema.metadata())
    engine.dispose()
    return list(found)


def test_migrations_go_up_down_and_up_and_equal_the_models(blank: Flask) -> None:
    assert schema.state(blank) == "behind"
    schema.upgrade(blank)
    assert schema.state(blank) == "current"
    assert differences(blank) == []
    schema.downgrade(blank, "base")
    assert tables(blank) <= {"alembic_version"}
    schema.upgrade(blank)
    assert differences(blank) == []


def test_items_published_before_they_were_kept_are_found(blank: Flask) -> None:
    schema.upgrade(blank)
    schema.downgrade(blank, "0004")
    engine = schema.migration_engine(address(blank))
    columns = "id, course_id, hash, tree_hash, title, sources, files, compiled, published_at"
    with engine.begin() as connection:
        for number, items in ((1, '[{"id": "old"}, {"id": "both"}]'), (2, '[{"id": "both"}]')):
            row = f"{number}, 'c', '{number}', '', 'C', '[]', '{{}}', :compiled, '2026-01-01'"
            statement = text(f"INSERT INTO release ({columns}) VALUES ({row})")
            connection.execute(statement, {"compiled": f'{{"items": {items}}}'})
    schema.upgrade(blank)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT item_id, release_id FROM published_item"))
        assert dict(map(tuple, rows)) == {"old": 1, "both": 2}
    engine.dispose()


def test_migrating_again_changes_nothing(blank: Flask) -> None:
    schema.upgrade(blank)
    before = tables(blank)
    schema.upgrade(blank)
    assert tables(blank) == before


def test_there_is_one_newest_revision() -> None:
    known, newest = schema.revisions()
    assert len(newest) == 1
    assert newest <= known


def test_a_database_of_a_newer_version_is_known_as_such(var: Path) -> None:
    app = create_app(load({}, var=str(var)))
    schema.upgrade(app)
    with sqlite3.connect(var / "mooc.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from the future'")
    assert schema.state(app) == "newer"


def test_a_migration_that_fails_leaves_nothing_behind(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(load({}, var=str(var)))
    with sqlite3.connect(var / "mooc.sqlite") as connection:
        connection.execute("CREATE TABLE enrollment (id INTEGER)")  # stands in its way
    with pytest.raises(Exception, match="enrollment"):
        schema.upgrade(app)
    assert tables(app) == {"enrollment"}
    assert schema.state(app) == "behind"
