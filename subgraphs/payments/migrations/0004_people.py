"""Who there is. What identity has told of late, and who has paid, is known from the beginning."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004_people"
down_revision = "0003_references"

_TOLD = sa.table("kernel_outbox", sa.column("type"), sa.column("data"))
_PURCHASE = sa.table("payments_purchase", sa.column("student_id"))


def upgrade() -> None:
    person = op.create_table("payments_person", sa.Column("user_id", sa.String(36), primary_key=True))
    connection = op.get_bind()
    told = connection.scalars(sa.select(_TOLD.c.data).where(_TOLD.c.type == "identity.user_created"))
    known = {json.loads(data)["user_id"] for data in told}
    known |= set(connection.scalars(sa.select(_PURCHASE.c.student_id)))
    gone = connection.scalars(sa.select(_TOLD.c.data).where(_TOLD.c.type == "identity.user_deleted"))
    known -= {json.loads(data)["user_id"] for data in gone}
    if known:
        op.bulk_insert(person, [{"user_id": user_id} for user_id in sorted(known)])
