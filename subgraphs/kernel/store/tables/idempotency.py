"""What was asked under which key."""

from sqlalchemy import Column, Index, String, Table, Text

from subgraphs.kernel.store.columns import UtcDateTime
from subgraphs.kernel.store.tables.metadata import metadata

idempotency = Table(
    "kernel_idempotency",
    metadata,
    Column("scope", String(128), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("result", Text, nullable=False),
    Column("version", Text),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("kernel_idempotency_expires_at", "expires_at"),
)
