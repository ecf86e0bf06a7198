"""Players, their ledgers and the leaderboard."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0001_players"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "gamification_leaderboard",
        sa.Column("type", sa.String(16), primary_key=True),
        sa.Column("period_starts_on", sa.Date, primary_key=True),
        sa.Column("player_id", sa.String(36), primary_key=True),
        sa.Column("xp", sa.Integer, nullable=False),
    )
    op.create_index(
        "gamification_leaderboard_order",
        "gamification_leaderboard",
        ["type", "period_starts_on", "xp", "player_id"],
    )
    op.create_table(
        "gamification_player",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("total_xp", sa.Integer, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("streak_days", sa.Integer, nullable=False),
        sa.Column("longest_streak", sa.Integer, nullable=False),
        sa.Column("last_active_day", sa.Date),
    )
    op.create_table(
        "gamification_badge",
        sa.Column("player_id", sa.String(36), sa.ForeignKey("gamification_player.id"), primary_key=True),
        sa.Column("badge", sa.String(32), primary_key=True),
        sa.Column("unlocked_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "gamification_xp_transaction",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("player_id", sa.String(36), sa.ForeignKey("gamification_player.id"), nullable=False),
        sa.Column("source_type", sa.String(16), nullable=False),
        sa.Column("source_id", sa.String(36), nullable=False),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("earned_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("player_id", "source_type", "source_id", name="gamification_xp_transaction_once"),
    )
    op.create_index(
        "gamification_xp_transaction_latest", "gamification_xp_transaction", ["player_id", "earned_at"]
    )
