"""Where work that takes many transactions stands."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from subgraphs.kernel.store.columns import ErrorText, UtcDateTime
from subgraphs.kernel.store.tables.metadata import metadata
from subgraphs.kernel.store.tables.partial import partial_index

saga = Table(
    "kernel_saga",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("type", String(128), nullable=False),
    Column("corr_key", String(200), nullable=False),
    Column("status", String(16), nullable=False),
    Column("outcome", String(16)),
    Column("data", Text, nullable=False),
    Column("steps", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("timeout_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("error", ErrorText),
    UniqueConstraint("type", "corr_key", name="kernel_saga_type_corr_key"),
    Index("kernel_saga_status_created_at", "status", "created_at"),
)

partial_index("kernel_saga_timeout_at", saga.c.timeout_at, where=saga.c.timeout_at.is_not(None))
