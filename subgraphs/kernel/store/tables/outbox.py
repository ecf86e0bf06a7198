"""What contexts have published, and how far the histories of databases are read by others."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from subgraphs.kernel.store.columns import Position, UtcDateTime
from subgraphs.kernel.store.tables.metadata import metadata
from subgraphs.kernel.store.tables.numbering import unnumbered
from subgraphs.kernel.store.tables.partial import partial_index

outbox = Table(
    "kernel_outbox",
    metadata,
    Column("pos", Position, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("seq", Position),
    Column("message_id", String(36), nullable=False, unique=True),
    Column("type", String(128), nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("key", String(128), nullable=False),
    Column("recipient", String(128)),  # the only consumer, or everybody
    Column("data", Text, nullable=False),
    Column("meta", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("source", "seq", name="kernel_outbox_source_seq"),
)

partial_index("kernel_outbox_unnumbered", outbox.c.pos, where=unnumbered(outbox))


epoch = Table(
    "kernel_epoch",
    metadata,
    Column("pos", Position, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("id", String(36), nullable=False, unique=True),
    Column("after_seq", Position, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Index("kernel_epoch_source", "source", "pos"),
)


intake = Table(
    "kernel_intake",
    metadata,
    Column("context", String(64), primary_key=True),
    Column("source", String(64), primary_key=True),
    Column("next_seq", Position, nullable=False),
    Column("lineage", Text, nullable=False),
)
