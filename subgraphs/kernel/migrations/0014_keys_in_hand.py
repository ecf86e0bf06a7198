"""Whether a message of a key is being handled is found at once, however many of it wait."""

import sqlalchemy as sa
from alembic import op

revision = "0014_keys_in_hand"
down_revision = "0013_projection_suspects"

_LEASED = sa.text("status = 'leased'")


def upgrade() -> None:
    op.drop_index("kernel_delivery_leased", "kernel_delivery")
    op.create_index(
        "kernel_delivery_leased",
        "kernel_delivery",
        ["key", "consumer"],
        sqlite_where=_LEASED,
        postgresql_where=_LEASED,
    )
