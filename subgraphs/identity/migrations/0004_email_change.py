"""The address that somebody wants to have, and the token that was sent there."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0004_email_change"
down_revision = "0003_external"


def upgrade() -> None:
    with op.batch_alter_table("identity_user") as users:
        users.add_column(sa.Column("new_email", sa.String(254)))
        users.add_column(sa.Column("email_change_hash", sa.String(64)))
        users.add_column(sa.Column("email_change_expires_at", UtcDateTime))
        users.create_unique_constraint("uq_identity_user_email_change_hash", ["email_change_hash"])
