"""The outbox and the deliveries."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import Position, UtcDateTime

revision = "0001_messaging"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "kernel_outbox",
        sa.Column("pos", Position, primary_key=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("seq", Position, nullable=False),
        sa.Column("message_id", sa.String(36), nullable=False, unique=True),
        sa.Column("type", sa.String(128), nullable=False),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("meta", sa.Text, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("source", "seq", name="kernel_outbox_source_seq"),
    )
    op.create_table(
        "kernel_delivery",
        sa.Column("id", Position, primary_key=True),
        sa.Column("consumer", sa.String(128), nullable=False),
        sa.Column("message_id", sa.String(36), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("type", sa.String(128), nullable=False),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("meta", sa.Text, nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("due", UtcDateTime, nullable=False),
        sa.Column("lease_until", UtcDateTime),
        sa.Column("token", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("crashes", sa.Integer, nullable=False),
        sa.Column("last_error", sa.Text),
        sa.UniqueConstraint("consumer", "message_id", name="kernel_delivery_consumer_message"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "kernel_delivery_unfinished",
        "kernel_delivery",
        ["consumer", "key", "id"],
        sqlite_where=sa.text("status != 'done'"),
        postgresql_where=sa.text("status != 'done'"),
    )
