"""Tutors, and the people that identity has told of. The search makes its tables itself."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0001_tutors"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "tutoring_tutor",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("user_id", sa.String(36), nullable=False, unique=True),
        sa.Column("headline", sa.Text, nullable=False),
        sa.Column("bio", sa.Text, nullable=False),
        sa.Column("subjects", sa.JSON, nullable=False),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("hourly_rate_minor", sa.Integer),
        sa.Column("hourly_rate_currency", sa.String(3)),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("windows", sa.JSON, nullable=False),
        sa.Column("is_verified", sa.Boolean, nullable=False),
        sa.Column("is_listed", sa.Boolean, nullable=False),
        sa.Column("dashboard_since", UtcDateTime),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "tutoring_person",
        sa.Column("user_id", sa.String(36), primary_key=True),
        sa.Column("email", sa.String(254)),
    )
