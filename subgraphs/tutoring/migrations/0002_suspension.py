"""Who is found again as soon as they may log in."""

import sqlalchemy as sa
from alembic import op

revision = "0002_suspension"
down_revision = "0001_tutors"


def upgrade() -> None:
    with op.batch_alter_table("tutoring_tutor") as tutors:
        tutors.add_column(sa.Column("is_suspended", sa.Boolean, nullable=False, server_default=sa.false()))
