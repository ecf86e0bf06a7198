"""Histories of event-sourced aggregates, and their snapshots."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import Position, UtcDateTime

revision = "0004_events"
down_revision = "0003_idempotency"


def upgrade() -> None:
    op.create_table(
        "kernel_event",
        sa.Column("pos", Position, primary_key=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("seq", Position),
        sa.Column("stream", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("type", sa.String(128), nullable=False),
        sa.Column("schema_version", sa.Integer, nullable=False),
        sa.Column("event_id", sa.String(36), nullable=False, unique=True),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("meta", sa.Text, nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("stream", "version", name="kernel_event_stream_version"),
        sa.UniqueConstraint("source", "seq", name="kernel_event_source_seq"),
    )
    op.create_index(
        "kernel_event_unnumbered",
        "kernel_event",
        ["pos"],
        sqlite_where=sa.text("seq IS NULL"),
        postgresql_where=sa.text("seq IS NULL"),
    )
    op.create_table(
        "kernel_snapshot",
        sa.Column("stream", sa.String(200), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state_version", sa.Integer, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
    )
