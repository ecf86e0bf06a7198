"""Rows of the outbox may be committed first and numbered afterwards."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import Position

revision = "0002_numbering"
down_revision = "0001_messaging"


def upgrade() -> None:
    with op.batch_alter_table("kernel_outbox") as outbox:
        outbox.alter_column("seq", existing_type=Position, nullable=True)
    op.create_index(
        "kernel_outbox_unnumbered",
        "kernel_outbox",
        ["pos"],
        sqlite_where=sa.text("seq IS NULL"),
        postgresql_where=sa.text("seq IS NULL"),
    )
