"""Sagas."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0007_sagas"
down_revision = "0006_audit"

_LATE_SOME_DAY = sa.text("timeout_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "kernel_saga",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("type", sa.String(128), nullable=False),
        sa.Column("corr_key", sa.String(200), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16)),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("steps", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.Column("timeout_at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("error", sa.Text),
        sa.UniqueConstraint("type", "corr_key", name="kernel_saga_type_corr_key"),
    )
    op.create_index("kernel_saga_status_created_at", "kernel_saga", ["status", "created_at"])
    op.create_index(
        "kernel_saga_timeout_at",
        "kernel_saga",
        ["timeout_at"],
        sqlite_where=_LATE_SOME_DAY,
        postgresql_where=_LATE_SOME_DAY,
    )
