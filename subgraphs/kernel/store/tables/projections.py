"""The generations of read models, and how far each has read its logs."""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text, false, literal_column

from subgraphs.kernel.store.columns import ErrorText, Position, UtcDateTime
from subgraphs.kernel.store.tables.metadata import metadata
from subgraphs.kernel.store.tables.partial import partial_index

projection = Table(
    "kernel_projection",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("status", String(8), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("tables", Text, nullable=False),
    Column("failed_source", String(80)),
    Column("failed_seq", Position),
    Column("error", ErrorText),
    Column("failed_at", UtcDateTime),
    Column("runner", String(36)),
    Column("under_way", Boolean, nullable=False, server_default=false()),
    Column("suspects", Integer, nullable=False, server_default="0"),
    Column("crashes", Integer, nullable=False, server_default="0"),
)

for _status in ("live", "building"):
    partial_index(
        f"kernel_projection_{_status}",
        projection.c.name,
        where=projection.c.status == literal_column(f"'{_status}'"),
        unique=True,
    )

projection_position = Table(
    "kernel_projection_position",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("source", String(80), primary_key=True),
    Column("seq", Position, nullable=False),
)
