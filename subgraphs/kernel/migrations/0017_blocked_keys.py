"""Whether something is blocked that stands behind nothing is found at once, however much waits."""

import sqlalchemy as sa
from alembic import op

revision = "0017_blocked_keys"
down_revision = "0016_blocked"

_BLOCKED = sa.text("status = 'blocked'")


def upgrade() -> None:
    op.create_index(
        "kernel_delivery_blocked",
        "kernel_delivery",
        ["consumer", "key", "id"],
        sqlite_where=_BLOCKED,
        postgresql_where=_BLOCKED,
    )
