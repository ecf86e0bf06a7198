"""What is paid for, and by which payments, so that nothing is paid twice."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002_purchases"
down_revision = "0001_payments"

_EVENT = sa.table(
    "kernel_event", *(sa.column(name) for name in ("source", "stream", "version", "type", "data"))
)
_STANDING = {
    "payments.payment_created": "PENDING",
    "payments.payment_completed": "COMPLETED",
    "payments.payment_failed": None,
    "payments.payment_revoked": None,
    "payments.payment_refunded": None,
}


def upgrade() -> None:
    purchase = op.create_table(
        "payments_purchase",
        sa.Column("payment_id", sa.String(36), primary_key=True),
        sa.Column("student_id", sa.String(36), nullable=False),
        sa.Column("bought", sa.String(64), nullable=False),
        sa.Column("standing", sa.String(16)),
        sa.Column("is_spent", sa.Boolean, nullable=False),
    )
    op.create_index("payments_purchase_of_student", "payments_purchase", ["student_id", "bought"])
    connection = op.get_bind()
    history = connection.execute(
        sa.select(_EVENT.c.type, _EVENT.c.data)
        .where(_EVENT.c.source == "payments")
        .order_by(_EVENT.c.stream, _EVENT.c.version)
    )
    rows: dict[str, dict[str, Any]] = {}
    for type_, data in history:
        event = json.loads(data)
        id_ = event["payment_id"]["value"]
        if type_ == "payments.payment_created" and (bought := _bought(event.get("purpose") or {})):
            student_id = event["student_id"]["value"]
            rows[id_] = {"payment_id": id_, "student_id": student_id, "bought": bought, "is_spent": False}
        if id_ in rows and type_ == "payments.refund_declined":
            rows[id_]["standing"] = "COMPLETED" if event["status"] == "COMPLETED" else None
        elif id_ in rows and type_ in _STANDING:
            rows[id_]["standing"] = _STANDING[type_]
    if rows:
        op.bulk_insert(purchase, list(rows.values()))


def _bought(purpose: dict[str, str | None]) -> str | None:
    for kind in ("course", "class", "subscription"):
        if id_ := purpose.get(f"{kind}_id"):
            return f"{kind}:{id_}"[:64]  # nobody has checked the oldest ones
    return None
