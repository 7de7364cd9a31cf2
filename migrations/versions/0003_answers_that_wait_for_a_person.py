"""Answers that wait for a person"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waiting", sa.Integer(), server_default="0", nullable=False))
    for table in ("mark", "practice_answer"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in ("credit_num", "credit_den"):
                batch_op.alter_column(column, existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    for table in ("mark", "practice_answer"):
        for column in ("credit_num", "credit_den"):
            # What nobody marked has no place in the old tables.
            op.execute(f"DELETE FROM {table} WHERE {column} IS NULL")  # noqa: S608 - our own names
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in ("credit_num", "credit_den"):
                batch_op.alter_column(column, existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_column("waiting")
