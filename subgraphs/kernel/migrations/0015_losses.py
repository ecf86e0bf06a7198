"""A message that ends the connection of whoever handles it is found, and given up."""

import sqlalchemy as sa
from alembic import op

revision = "0015_losses"
down_revision = "0014_keys_in_hand"


def upgrade() -> None:
    op.add_column("kernel_delivery", sa.Column("losses", sa.Integer, nullable=False, server_default="0"))
