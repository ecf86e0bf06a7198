"""Access tokens that are good no more, until they would have expired."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0018_withdrawals"
down_revision = "0017_blocked_keys"


def upgrade() -> None:
    op.create_table(
        "kernel_withdrawal",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(64)),
        sa.Column("before_version", sa.Integer),
        sa.Column("but_session_id", sa.String(64)),
        sa.Column("until", UtcDateTime, nullable=False),
    )
    op.create_index("kernel_withdrawal_until", "kernel_withdrawal", ["until"])
