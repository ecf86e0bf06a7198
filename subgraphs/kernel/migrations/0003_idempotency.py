"""What was asked under which key, and what came of it."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0003_idempotency"
down_revision = "0002_numbering"


def upgrade() -> None:
    op.create_table(
        "kernel_idempotency",
        sa.Column("scope", sa.String(128), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
    )
    op.create_index("kernel_idempotency_expires_at", "kernel_idempotency", ["expires_at"])
