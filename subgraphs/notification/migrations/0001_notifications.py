"""Recipients, what they were told and how it got there."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0001_notifications"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "notification_recipient",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("first_name", sa.String(100), nullable=False),
        sa.Column("last_name", sa.String(100), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("phone", sa.String(16)),
        sa.Column("devices", sa.JSON, nullable=False),
        sa.Column("wishes", sa.JSON, nullable=False),
        sa.Column("read_up_to", UtcDateTime),
        sa.Column("is_forgotten", sa.Boolean, nullable=False),
    )
    op.create_table(
        "notification_notification",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("recipient_id", sa.String(36)),
        sa.Column("email", sa.String(254)),
        sa.Column("template", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("html", sa.Text),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("read_at", UtcDateTime),
        sa.Column("once_key", sa.String(64), unique=True),
        sa.Column("asked", sa.Text),
    )
    op.create_index(
        "notification_notification_inbox", "notification_notification", ["recipient_id", "created_at", "id"]
    )
    op.create_table(
        "notification_delivery",
        sa.Column(
            "notification_id", sa.String(36), sa.ForeignKey("notification_notification.id"), primary_key=True
        ),
        sa.Column("channel", sa.String(8), primary_key=True),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("settled_at", UtcDateTime),
        sa.Column("reason", sa.Text),
    )
    latest = ["created_at", "notification_id", "channel"]
    op.create_index("notification_delivery_by_status", "notification_delivery", ["status", *latest])
    op.create_index("notification_delivery_latest", "notification_delivery", latest)
    op.create_table(
        "notification_title",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
    )
