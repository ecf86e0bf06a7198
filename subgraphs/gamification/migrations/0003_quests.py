"""Players live by clocks of their own, and have quests each day."""

import sqlalchemy as sa
from alembic import op

revision = "0003_quests"
down_revision = "0002_events"


def upgrade() -> None:
    op.add_column(
        "gamification_player", sa.Column("time_zone", sa.String(64), nullable=False, server_default="UTC")
    )
    op.add_column(
        "gamification_player", sa.Column("quests_completed", sa.Integer, nullable=False, server_default="0")
    )
    op.add_column(
        "gamification_player",
        sa.Column("is_forgotten", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "gamification_quest_progress",
        sa.Column("player_id", sa.String(36), sa.ForeignKey("gamification_player.id"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("quest", sa.String(32), primary_key=True),
        sa.Column("progress", sa.Integer, nullable=False),
        sa.Column("is_completed", sa.Boolean, nullable=False),
    )
