"""Who there is. Of whom nothing has been told yet, identity is asked."""

import sqlalchemy as sa
from alembic import op

revision = "0005_people"
down_revision = "0004_lessons_of_classes"


def upgrade() -> None:
    op.create_table(
        "learning_person",
        sa.Column("user_id", sa.String(36), primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("is_gone", sa.Boolean, nullable=False),
    )
