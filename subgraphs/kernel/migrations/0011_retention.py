"""What is finished is found by its age."""

import sqlalchemy as sa
from alembic import op

revision = "0011_retention"
down_revision = "0010_transport"

_FINISHED = sa.text("status IN ('done', 'dropped')")


def upgrade() -> None:
    op.create_index(
        "kernel_delivery_finished",
        "kernel_delivery",
        ["due"],
        sqlite_where=_FINISHED,
        postgresql_where=_FINISHED,
    )
