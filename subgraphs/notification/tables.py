"""The tables of notification."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

from subgraphs.kernel.store.columns import UtcDateTime

metadata = MetaData()

recipient = Table(
    "notification_recipient",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("email", String(254)),
    Column("first_name", String(100), nullable=False),
    Column("last_name", String(100), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("phone", String(16)),
    Column("devices", JSON, nullable=False),
    Column("wishes", JSON, nullable=False),
    Column("read_up_to", UtcDateTime),
    Column("is_forgotten", Boolean, nullable=False),
)

notification = Table(
    "notification_notification",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("recipient_id", String(36)),
    Column("email", String(254)),
    Column("template", String(32), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text),
    Column("html", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime),
    Column("once_key", String(64), unique=True),
    Column("asked", Text),
    Index("notification_notification_inbox", "recipient_id", "created_at", "id"),
)
"""`once_key` is the same for what one person is told once; `asked` says who waits for the answer, as JSON."""

delivery = Table(
    "notification_delivery",
    metadata,
    Column("notification_id", ForeignKey("notification_notification.id"), primary_key=True),
    Column("channel", String(8), primary_key=True),
    Column("status", String(8), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("reason", Text),
    Index("notification_delivery_by_status", "status", "created_at", "notification_id", "channel"),
    Index("notification_delivery_latest", "created_at", "notification_id", "channel"),
)

title = Table(
    "notification_title",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("title", Text, nullable=False),
)
"""What courses, classes and assignments are called, as their contexts told it."""
