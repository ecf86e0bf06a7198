"""Who there is, and what. Nothing is kept of those who were known before: identity is asked about them."""

import sqlalchemy as sa
from alembic import op

revision = "0007_roles"
down_revision = "0006_bookkeepers"


_DELIVERY = sa.table("kernel_delivery", sa.column("consumer"))


def upgrade() -> None:
    op.drop_table("payments_person")
    op.create_table(
        "payments_person",
        sa.Column("user_id", sa.String(36), primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("is_gone", sa.Boolean, nullable=False),
    )
    op.execute(
        sa.update(_DELIVERY)
        .where(_DELIVERY.c.consumer == "payments.people")
        .values(consumer="payments.known_people")
    )
