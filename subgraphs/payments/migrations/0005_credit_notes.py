"""Credit notes. Invoices of what has gone back, or failed, before have theirs from the beginning."""

import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0005_credit_notes"
down_revision = "0004_people"

_EVENT = sa.table(
    "kernel_event", *(sa.column(name) for name in ("source", "stream", "version", "type", "data"))
)
_INVOICE = sa.table(
    "payments_invoice",
    *(sa.column(name) for name in ("id", "year", "place", "payment_id", "student_id", "currency")),
)


def upgrade() -> None:
    note = op.create_table(
        "payments_credit_note",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("invoice_id", sa.String(36), nullable=False),
        sa.Column("student_id", sa.String(36), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("is_reversal", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("issued_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("year", "place", name="payments_credit_note_number"),
    )
    op.create_index("payments_credit_note_invoice", "payments_credit_note", ["invoice_id", "year", "place"])
    op.create_index("payments_credit_note_student", "payments_credit_note", ["student_id", "year", "place"])
    series = op.create_table(
        "payments_credit_note_series",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last_place", sa.Integer, nullable=False),
    )
    connection, now = op.get_bind(), datetime.now(UTC)
    invoices = connection.execute(sa.select(_INVOICE).order_by(_INVOICE.c.year, _INVOICE.c.place)).all()
    gone = _gone(connection) if invoices else {}
    rows: list[dict[str, Any]] = []
    for invoice in invoices:
        minor, reason = gone.get(invoice.payment_id, (0, ""))
        if minor:
            rows.append(
                {
                    "id": str(uuid4()),
                    "version": 1,
                    "year": now.year,
                    "place": len(rows) + 1,
                    "invoice_id": invoice.id,
                    "student_id": invoice.student_id,
                    "amount_minor": minor,
                    "currency": invoice.currency,
                    "is_reversal": False,
                    "reason": reason,
                    "issued_at": now,
                }
            )
    if rows:
        op.bulk_insert(note, rows)
        op.bulk_insert(series, [{"year": now.year, "last_place": len(rows)}])


def _gone(connection: sa.Connection) -> dict[str, tuple[int, str]]:
    """What has gone back of each payment, or will never come, and why."""
    history = connection.execute(
        sa.select(_EVENT.c.type, _EVENT.c.data)
        .where(_EVENT.c.source == "payments")
        .order_by(_EVENT.c.stream, _EVENT.c.version)
    )
    whole: dict[str, int] = {}
    back: dict[str, int] = defaultdict(int)
    reasons: dict[str, str] = {}
    disputed: dict[tuple[str, str], int] = {}
    for type_, data in history:
        event = json.loads(data)
        id_ = event["payment_id"]["value"]
        match type_:
            case "payments.payment_created":
                whole[id_] = event["amount"]["amount_minor"]
            case "payments.payment_failed" | "payments.payment_refunded":
                back[id_], reasons[id_] = whole.get(id_, 0), event["reason"]
            case "payments.payment_partly_refunded":
                back[id_] += event["amount"]["amount_minor"]
                reasons[id_] = event["reason"]
            case "payments.refund_declined":
                came_back = event.get("came_back")
                back[id_] -= back[id_] if came_back is None else came_back["amount_minor"]
            case "payments.dispute_opened":
                disputed[id_, event["dispute"]] = event["amount"]["amount_minor"]
            case "payments.dispute_closed" if event["is_lost"]:
                taken = disputed.get((id_, event["dispute"]), 0)
                back[id_], reasons[id_] = min(back[id_] + taken, whole.get(id_, 0)), "CHARGEBACK"
    return {id_: (minor, reasons.get(id_, "")) for id_, minor in back.items()}
