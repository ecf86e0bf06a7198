"""Effects outside of the database."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0009_effects"
down_revision = "0008_projections"

_UNSETTLED = sa.text("status IN ('requested', 'called')")


def upgrade() -> None:
    op.create_table(
        "kernel_effect",
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("kind", sa.String(128), nullable=False),
        sa.Column("request", sa.String(80), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("calls", sa.Integer, nullable=False),
        sa.Column("requested_at", UtcDateTime, nullable=False),
        sa.Column("waiting_since", UtcDateTime, nullable=False),
        sa.Column("settled_at", UtcDateTime),
        sa.Column("result", sa.Text),
    )
    op.create_index(
        "kernel_effect_unsettled",
        "kernel_effect",
        ["kind", "requested_at"],
        sqlite_where=_UNSETTLED,
        postgresql_where=_UNSETTLED,
    )
