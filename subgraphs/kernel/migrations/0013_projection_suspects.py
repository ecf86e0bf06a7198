"""An entry that kills the process which applies it is found, and stops its read model."""

import sqlalchemy as sa
from alembic import op

revision = "0013_projection_suspects"
down_revision = "0012_claims"


def upgrade() -> None:
    for column in (
        sa.Column("runner", sa.String(36)),
        sa.Column("under_way", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("suspects", sa.Integer, nullable=False, server_default="0"),
        sa.Column("crashes", sa.Integer, nullable=False, server_default="0"),
    ):
        op.add_column("kernel_projection", column)
