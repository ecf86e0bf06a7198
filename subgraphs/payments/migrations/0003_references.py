"""What the provider calls payments, by which those are known that its news do not name."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003_references"
down_revision = "0002_purchases"

_EVENT = sa.table("kernel_event", *(sa.column(name) for name in ("source", "type", "data")))
_NAMED = ("payments.charge_accepted", "payments.payment_completed", "payments.late_payment_received")
_LONGEST = 255


def upgrade() -> None:
    reference = op.create_table(
        "payments_reference",
        sa.Column("reference", sa.String(_LONGEST), primary_key=True),
        sa.Column("payment_id", sa.String(36), nullable=False),
    )
    told = op.get_bind().scalars(
        sa.select(_EVENT.c.data).where(_EVENT.c.source == "payments", _EVENT.c.type.in_(_NAMED))
    )
    rows: dict[str, str] = {}
    for data in told:
        event = json.loads(data)
        if (name := event["reference"]) and len(name) <= _LONGEST:
            rows.setdefault(name, event["payment_id"]["value"])
    if rows:
        op.bulk_insert(reference, [{"reference": name, "payment_id": id_} for name, id_ in rows.items()])
