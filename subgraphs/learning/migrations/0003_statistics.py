"""How published courses fare."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0003_statistics"
down_revision = "0002_enrollments"


def upgrade() -> None:
    op.create_table(
        "learning_course_statistics",
        sa.Column("course_id", sa.String(36), primary_key=True),
        sa.Column("enrolled_count", sa.Integer, nullable=False),
        sa.Column("started_count", sa.Integer, nullable=False),
        sa.Column("completed_count", sa.Integer, nullable=False),
        sa.Column("average_percent", sa.Integer, nullable=False),
        sa.Column("average_score", sa.Integer),
        sa.Column("counted_at", UtcDateTime, nullable=False, index=True),
    )
