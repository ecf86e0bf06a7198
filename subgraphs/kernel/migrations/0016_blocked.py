"""What stands behind a dead letter is blocked, and unfinished as well."""

import sqlalchemy as sa
from alembic import op

revision = "0016_blocked"
down_revision = "0015_losses"

_UNFINISHED = sa.text("status IN ('ready', 'timed', 'leased', 'dead', 'unknown', 'blocked')")


def upgrade() -> None:
    op.drop_index("kernel_delivery_unfinished", "kernel_delivery")
    op.create_index(
        "kernel_delivery_unfinished",
        "kernel_delivery",
        ["consumer", "key", "id"],
        sqlite_where=_UNFINISHED,
        postgresql_where=_UNFINISHED,
    )
