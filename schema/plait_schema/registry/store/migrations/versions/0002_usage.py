"""What clients send, by the hour."""

import sqlalchemy as sa
from alembic import op

revision = "0002_usage"
down_revision = "0001_registry"


def upgrade() -> None:
    op.create_table(
        "registry_operation",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_table(
        "registry_usage",
        sa.Column("graph", sa.String(64), primary_key=True),
        sa.Column("variant", sa.String(64), primary_key=True),
        sa.Column("hour", sa.BigInteger, primary_key=True),
        sa.Column("operation", sa.String(64), primary_key=True),
        sa.Column("client", sa.String(200), primary_key=True),
        sa.Column("client_version", sa.String(200), primary_key=True),
        sa.Column("requests", sa.BigInteger, nullable=False),
        sa.Column("errors", sa.BigInteger, nullable=False),
        sa.Column("durations", sa.JSON, nullable=False),
    )
    op.create_table(
        "registry_report",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
