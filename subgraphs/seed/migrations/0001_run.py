"""The marker of a seeding."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0001_run"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "seed_run",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("begun_at", UtcDateTime, nullable=False),
        sa.Column("finished_at", UtcDateTime),
    )
