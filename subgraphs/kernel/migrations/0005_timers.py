"""Deliveries that are due later, and dead ones that hold nobody back."""

import sqlalchemy as sa
from alembic import op

revision = "0005_timers"
down_revision = "0004_events"

_UNFINISHED = sa.text("status IN ('ready', 'timed', 'leased', 'dead')")


def upgrade() -> None:
    op.drop_index("kernel_delivery_unfinished", "kernel_delivery")
    op.create_index(
        "kernel_delivery_unfinished",
        "kernel_delivery",
        ["consumer", "key", "id"],
        sqlite_where=_UNFINISHED,
        postgresql_where=_UNFINISHED,
    )
