"""How Alembic reaches the database. Used by `mooc migrate` and `mooc run`."""

from alembic import context
from sqlalchemy import text

from mooc.db import UTCDateTime
from mooc.web import schema


def render_item(kind, thing, _autogen):
    """Migrations name no class of ours: they must run when the code has long changed."""
    if kind == "type" and isinstance(thing, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    engine = schema.migration_engine(context.config.attributes["url"])
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if not sqlite:
            # One at a time, however many app servers start together.
            connection.execute(text("SELECT pg_advisory_lock(20261123)"))
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=schema.metadata(),
            render_as_batch=sqlite,
            render_item=render_item,
            compare_type=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(f"rows without their parent: {broken[:3]}")
    engine.dispose()


run()
