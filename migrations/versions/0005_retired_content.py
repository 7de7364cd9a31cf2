"""Retired items and closed courses"""

from __future__ import annotations

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "published_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=60), nullable=False),
        sa.Column("item_id", sa.String(length=60), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_published_item_release_id_release")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_item")),
    )
    with op.batch_alter_table("published_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_published_item_course_id_item_id"), ["course_id", "item_id"], unique=True
        )
    with op.batch_alter_table("live_release", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    _remember_items()


def _remember_items() -> None:
    """Which release was the last to hold each item, for all that was published so far."""
    release = sa.table("release", *map(sa.column, ("id", "course_id", "compiled")))
    known: dict[tuple[str, str], int] = {}
    connection = op.get_bind()
    for row in connection.execute(sa.select(release).order_by(release.c.id)):
        for item in json.loads(row.compiled)["items"]:
            known[row.course_id, item["id"]] = row.id
    names = ("course_id", "item_id", "release_id")
    table = sa.table("published_item", *map(sa.column, names))
    rows = [dict(zip(names, (*key, value), strict=True)) for key, value in known.items()]
    if rows:
        connection.execute(sa.insert(table), rows)


def downgrade() -> None:
    with op.batch_alter_table("live_release", schema=None) as batch_op:
        batch_op.drop_column("closed_at")
    op.drop_table("published_item")
