"""What the seeding remembers of itself."""

from sqlalchemy import Column, MetaData, String, Table

from subgraphs.kernel.store.columns import UtcDateTime

metadata = MetaData()

run = Table(
    "seed_run",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)
