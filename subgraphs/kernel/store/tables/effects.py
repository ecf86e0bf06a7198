"""What was asked of providers, and what came of it."""

from sqlalchemy import Column, ColumnElement, FromClause, Integer, String, Table, Text, literal_column

from subgraphs.kernel.store.columns import UtcDateTime
from subgraphs.kernel.store.tables.metadata import metadata
from subgraphs.kernel.store.tables.partial import partial_index

effect = Table(
    "kernel_effect",
    metadata,
    Column("key", String(255), primary_key=True),  # sent to the provider as Idempotency-Key
    Column("kind", String(128), nullable=False),
    Column("request", String(80), nullable=False),
    Column("status", String(16), nullable=False),
    Column("calls", Integer, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("waiting_since", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("result", Text),
)


def unsettled(effects: FromClause) -> ColumnElement[bool]:
    """Asked for, and nothing came of it yet. Literals for the sake of the partial index."""
    return effects.c.status.in_([literal_column("'requested'"), literal_column("'called'")])


partial_index("kernel_effect_unsettled", effect.c.kind, effect.c.requested_at, where=unsettled(effect))
