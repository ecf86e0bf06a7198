"""Users that identity providers vouch for."""

import sqlalchemy as sa
from alembic import op

revision = "0003_external"
down_revision = "0002_trust"


def upgrade() -> None:
    op.create_table(
        "identity_external_identity",
        sa.Column("issuer", sa.String(255), primary_key=True),
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("user_id", sa.String(36), nullable=False, index=True),
    )
