"""What people did about what the kernel could not do."""

from sqlalchemy import Column, String, Table, Text

from subgraphs.kernel.store.columns import Position, UtcDateTime
from subgraphs.kernel.store.tables.metadata import metadata

audit = Table(
    "kernel_audit",
    metadata,
    Column("pos", Position, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(128)),
    Column("correlation_id", String(128), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
)
