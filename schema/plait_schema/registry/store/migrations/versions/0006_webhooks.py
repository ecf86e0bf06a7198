"""Webhooks, and what is to be told to them."""

import sqlalchemy as sa
from alembic import op

revision = "0006_webhooks"
down_revision = "0005_approved_findings"


def upgrade() -> None:
    op.create_table(
        "registry_webhook",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("topics", sa.JSON, nullable=False),
        sa.Column("pattern", sa.Text, nullable=False),
        sa.Column("form", sa.String(16), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
    )
    op.create_table(
        "registry_webhook_delivery",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("webhook", sa.String(32), nullable=False, index=True),
        sa.Column("topic", sa.String(32), nullable=False),
        sa.Column("target", sa.Text),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due", sa.BigInteger, index=True),
        sa.Column("status", sa.Integer),
        sa.Column("reason", sa.Text),
        sa.Column("finished_at", sa.BigInteger),
    )
