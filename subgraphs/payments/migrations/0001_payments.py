"""Cards, those who wait for answers, what the provider has told, invoices, subscriptions."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0001_payments"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "payments_card",
        sa.Column("student_id", sa.String(36), primary_key=True),
        sa.Column("token", sa.String(100), nullable=False),
        sa.Column("customer", sa.String(100)),
        sa.Column("registered_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "payments_asker",
        sa.Column("request_id", sa.String(36), primary_key=True),
        sa.Column("payment_id", sa.String(36), nullable=False),
        sa.Column("wants", sa.String(16), nullable=False),
        sa.Column("consumer", sa.String(128), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
    )
    op.create_index("payments_asker_payment", "payments_asker", ["payment_id"])
    op.create_table(
        "payments_provider_event",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("received_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "payments_invoice",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("payment_id", sa.String(36), nullable=False),
        sa.Column("student_id", sa.String(36), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("issued_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("payment_id", name="payments_invoice_once"),
        sa.UniqueConstraint("year", "place", name="payments_invoice_number"),
    )
    op.create_index("payments_invoice_student", "payments_invoice", ["student_id", "year", "place"])
    op.create_table(
        "payments_invoice_series",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last_place", sa.Integer, nullable=False),
    )
    op.create_table(
        "payments_subscription",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("student_id", sa.String(36), nullable=False),
        sa.Column("plan", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("paid_until", UtcDateTime),
        sa.Column("cancelled_at", UtcDateTime),
    )
    op.create_index("payments_subscription_student", "payments_subscription", ["student_id", "started_at"])
