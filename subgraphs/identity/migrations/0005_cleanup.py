"""Sessions that have expired are found by when they did."""

from alembic import op

revision = "0005_cleanup"
down_revision = "0004_email_change"


def upgrade() -> None:
    op.create_index("ix_identity_session_expires_at", "identity_session", ["expires_at"])
