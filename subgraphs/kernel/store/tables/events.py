"""The histories of event-sourced aggregates."""

from sqlalchemy import Column, Integer, String, Table, Text, UniqueConstraint

from subgraphs.kernel.store.columns import Position, UtcDateTime
from subgraphs.kernel.store.tables.metadata import metadata
from subgraphs.kernel.store.tables.numbering import unnumbered
from subgraphs.kernel.store.tables.partial import partial_index

event = Table(
    "kernel_event",
    metadata,
    Column("pos", Position, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("seq", Position),
    Column("stream", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", String(128), nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("event_id", String(36), nullable=False, unique=True),
    Column("data", Text, nullable=False),
    Column("meta", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    UniqueConstraint("stream", "version", name="kernel_event_stream_version"),
    UniqueConstraint("source", "seq", name="kernel_event_source_seq"),
)

partial_index("kernel_event_unnumbered", event.c.pos, where=unnumbered(event))


snapshot = Table(
    "kernel_snapshot",
    metadata,
    Column("stream", String(200), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state_version", Integer, nullable=False),
    Column("data", Text, nullable=False),
)
