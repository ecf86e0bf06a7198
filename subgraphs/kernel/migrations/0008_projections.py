"""Read models by generations, and what answers to repeated requests were worth."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import Position, UtcDateTime

revision = "0008_projections"
down_revision = "0007_sagas"


def upgrade() -> None:
    op.create_table(
        "kernel_projection",
        sa.Column("name", sa.String(128), primary_key=True),
        sa.Column("generation", sa.Integer, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("tables", sa.Text, nullable=False),
        sa.Column("failed_source", sa.String(80)),
        sa.Column("failed_seq", Position),
        sa.Column("error", sa.Text),
        sa.Column("failed_at", UtcDateTime),
    )
    for status in ("live", "building"):
        only_one = sa.text(f"status = '{status}'")
        op.create_index(
            f"kernel_projection_{status}",
            "kernel_projection",
            ["name"],
            unique=True,
            sqlite_where=only_one,
            postgresql_where=only_one,
        )
    op.create_table(
        "kernel_projection_position",
        sa.Column("name", sa.String(128), primary_key=True),
        sa.Column("generation", sa.Integer, primary_key=True),
        sa.Column("source", sa.String(80), primary_key=True),
        sa.Column("seq", Position, nullable=False),
    )
    op.add_column("kernel_idempotency", sa.Column("version", sa.Text))
