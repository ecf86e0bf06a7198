"""What payments tells about payments for classes."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0003_payments"
down_revision = "0002_lessons"


def upgrade() -> None:
    op.create_table(
        "classes_payment",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("class_id", sa.String(36), nullable=False),
        sa.Column("student_id", sa.String(36), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("initiated_at", UtcDateTime, nullable=False),
    )
    op.create_index(
        "classes_payment_of_student", "classes_payment", ["class_id", "student_id", "initiated_at", "id"]
    )
