"""Access tokens that are good no more, until they would have expired."""

from sqlalchemy import Column, Index, Integer, String, Table

from subgraphs.kernel.store.columns import UtcDateTime
from subgraphs.kernel.store.tables.metadata import metadata

withdrawal = Table(
    "kernel_withdrawal",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("user_id", String(64), nullable=False),
    Column("session_id", String(64)),
    Column("before_version", Integer),
    Column("but_session_id", String(64)),
    Column("until", UtcDateTime, nullable=False),
    Index("kernel_withdrawal_until", "until"),
)
