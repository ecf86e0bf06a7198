"""Usage of long ago is kept by the day."""

import sqlalchemy as sa
from alembic import op

revision = "0007_usage_by_the_day"
down_revision = "0006_webhooks"


def upgrade() -> None:
    op.add_column(
        "registry_usage", sa.Column("hours", sa.Integer, nullable=False, server_default=sa.text("1"))
    )
    op.create_index("ix_registry_usage_hours_hour", "registry_usage", ["hours", "hour"])
