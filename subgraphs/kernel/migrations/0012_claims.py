"""What can be claimed is found in the order in which it is due, what may be orphaned among what is leased."""

import sqlalchemy as sa
from alembic import op

revision = "0012_claims"
down_revision = "0011_retention"

_CLAIMABLE = sa.text("status IN ('ready', 'timed')")
_LEASED = sa.text("status = 'leased'")


def upgrade() -> None:
    op.create_index(
        "kernel_delivery_claimable",
        "kernel_delivery",
        ["due", "id"],
        sqlite_where=_CLAIMABLE,
        postgresql_where=_CLAIMABLE,
    )
    op.create_index(
        "kernel_delivery_leased",
        "kernel_delivery",
        ["lease_until"],
        sqlite_where=_LEASED,
        postgresql_where=_LEASED,
    )
