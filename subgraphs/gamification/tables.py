"""The tables of gamification: first the truth, written through the repository.

The second half are templates of the read model's tables, which projections.py fills and queries read.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from subgraphs.kernel.store.columns import UtcDateTime
from subgraphs.people import person_table

metadata = MetaData()

person = person_table("gamification", metadata)
"""Users who are there, as identity tells."""

player = Table(
    "gamification_player",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("total_xp", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    Column("streak_days", Integer, nullable=False),
    Column("longest_streak", Integer, nullable=False),
    Column("last_active_day", Date),
    Column("days_before", Integer, nullable=False, server_default="0"),
    Column("last_day_before", Date),
    Column("time_zone", String(64), nullable=False, server_default="UTC"),
    Column("quests_completed", Integer, nullable=False, server_default="0"),
    Column("is_forgotten", Boolean, nullable=False, server_default=false()),
)

quest_progress = Table(
    "gamification_quest_progress",
    metadata,
    Column("player_id", ForeignKey("gamification_player.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("quest", String(32), primary_key=True),
    Column("progress", Integer, nullable=False),
    Column("is_completed", Boolean, nullable=False),
)

badge = Table(
    "gamification_badge",
    metadata,
    Column("player_id", ForeignKey("gamification_player.id"), primary_key=True),
    Column("badge", String(32), primary_key=True),
    Column("unlocked_at", UtcDateTime, nullable=False),
)

xp_transaction = Table(
    "gamification_xp_transaction",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("player_id", ForeignKey("gamification_player.id"), nullable=False),
    Column("source_type", String(16), nullable=False),
    Column("source_id", String(36), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("earned_at", UtcDateTime, nullable=False),
    UniqueConstraint("player_id", "source_type", "source_id", name="gamification_xp_transaction_once"),
    Index("gamification_xp_transaction_latest", "player_id", "earned_at"),
)

_read_model = MetaData()

standing = Table(
    "gamification_standing",
    _read_model,
    Column("player_id", String(36), primary_key=True),
    Column("total_xp", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    Column("streak_days", Integer, nullable=False),
    Column("longest_streak", Integer, nullable=False),
    Column("last_active_day", Date),
    Column("time_zone", String(64), nullable=False),
)

unlocked_badge = Table(
    "gamification_unlocked_badge",
    _read_model,
    Column("player_id", String(36), primary_key=True),
    Column("badge", String(32), primary_key=True),
    Column("unlocked_at", UtcDateTime, nullable=False),
)

earned_xp = Table(
    "gamification_earned_xp",
    _read_model,
    Column("id", String(36), primary_key=True),
    Column("player_id", String(36), nullable=False),
    Column("source_type", String(16), nullable=False),
    Column("source_id", String(36), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("earned_at", UtcDateTime, nullable=False),
    Index("gamification_earned_xp_latest", "player_id", "earned_at"),
)

leaderboard = Table(
    "gamification_leaderboard",
    _read_model,
    Column("type", String(16), primary_key=True),
    Column("period_starts_on", Date, primary_key=True),
    Column("player_id", String(36), primary_key=True),
    Column("xp", Integer, nullable=False),
    Index("gamification_leaderboard_order", "type", "period_starts_on", "xp", "player_id"),
)
