"""Messages between databases, and messages that wait for a newer program."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import Position, UtcDateTime

revision = "0010_transport"
down_revision = "0009_effects"

_UNFINISHED = sa.text("status IN ('ready', 'timed', 'leased', 'dead', 'unknown')")
_GIVEN_UP = sa.text("status IN ('dead', 'parked', 'unknown')")
_NOT_KNOWN = sa.text("status = 'unknown'")


def upgrade() -> None:
    op.add_column("kernel_outbox", sa.Column("recipient", sa.String(128)))
    op.create_table(
        "kernel_epoch",
        sa.Column("pos", Position, primary_key=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("after_seq", Position, nullable=False),
        sa.Column("began_at", UtcDateTime, nullable=False),
    )
    op.create_index("kernel_epoch_source", "kernel_epoch", ["source", "pos"])
    op.create_table(
        "kernel_intake",
        sa.Column("context", sa.String(64), primary_key=True),
        sa.Column("source", sa.String(64), primary_key=True),
        sa.Column("next_seq", Position, nullable=False),
        sa.Column("lineage", sa.Text, nullable=False),
    )
    op.drop_index("kernel_delivery_unfinished", "kernel_delivery")
    op.drop_index("kernel_delivery_given_up", "kernel_delivery")
    _create_index("kernel_delivery_unfinished", ["consumer", "key", "id"], _UNFINISHED)
    _create_index("kernel_delivery_given_up", ["id"], _GIVEN_UP)
    _create_index("kernel_delivery_not_known", ["id"], _NOT_KNOWN)


def _create_index(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "kernel_delivery", columns, sqlite_where=where, postgresql_where=where)
