"""Who has not paid waits, and who has their money back has left."""

import sqlalchemy as sa
from alembic import op

revision = "0004_enrollment_status"
down_revision = "0003_payments"


def upgrade() -> None:
    status = sa.Column("status", sa.String(16), nullable=False, server_default="ACTIVE")
    op.add_column("classes_enrollment", status)
