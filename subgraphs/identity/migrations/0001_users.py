"""Users with their profiles."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0001_users"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "identity_user",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(128), nullable=False),
        sa.Column("first_name", sa.String(100), nullable=False),
        sa.Column("last_name", sa.String(100), nullable=False),
        sa.Column("bio", sa.Text),
        sa.Column("avatar_url", sa.String(2048)),
        sa.Column("skills", sa.JSON, nullable=False),
        sa.Column("role", sa.String(16), nullable=False, index=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False, index=True),
        sa.Column("updated_at", UtcDateTime, nullable=False),
    )
