"""Players have a streak before the one that goes on, to which late news may join it."""

import sqlalchemy as sa
from alembic import op

revision = "0004_streaks"
down_revision = "0003_quests"


def upgrade() -> None:
    op.add_column(
        "gamification_player", sa.Column("days_before", sa.Integer, nullable=False, server_default="0")
    )
    op.add_column("gamification_player", sa.Column("last_day_before", sa.Date))
