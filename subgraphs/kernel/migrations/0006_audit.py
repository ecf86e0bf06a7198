"""Dead letters are found at once, and what is done about them is on record."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import Position, UtcDateTime

revision = "0006_audit"
down_revision = "0005_timers"

_GIVEN_UP = sa.text("status IN ('dead', 'parked')")


def upgrade() -> None:
    op.create_index(
        "kernel_delivery_given_up",
        "kernel_delivery",
        ["id"],
        sqlite_where=_GIVEN_UP,
        postgresql_where=_GIVEN_UP,
    )
    op.create_table(
        "kernel_audit",
        sa.Column("pos", Position, primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("actor", sa.String(128)),
        sa.Column("correlation_id", sa.String(128), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
