"""What happens to players is an event; the leaderboard is a read model that follows the events.

What has happened before becomes events, too, as far as the ledger knows it: they have the shapes of their
first versions, whatever later versions of the program make of them.
"""

import json
from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0002_events"
down_revision = "0001_players"

_PLAYER = sa.table(
    "gamification_player",
    sa.column("id"),
    sa.column("streak_days"),
    sa.column("longest_streak"),
    sa.column("last_active_day", sa.Date),
)
_XP = sa.table(
    "gamification_xp_transaction",
    sa.column("id"),
    sa.column("player_id"),
    sa.column("source_type"),
    sa.column("source_id"),
    sa.column("amount"),
    sa.column("reason"),
    sa.column("earned_at", UtcDateTime),
)
_BADGE = sa.table(
    "gamification_badge", sa.column("player_id"), sa.column("badge"), sa.column("unlocked_at", UtcDateTime)
)
_EVENT = sa.table(
    "kernel_event",
    *(sa.column(name) for name in ("source", "seq", "stream", "version", "type", "schema_version")),
    *(sa.column(name) for name in ("event_id", "data", "meta")),
    sa.column("recorded_at", UtcDateTime),
)


def upgrade() -> None:
    op.drop_table("gamification_leaderboard")
    connection = op.get_bind()
    # Rows of PostgreSQL are numbered by whoever is in charge of that.
    is_numbered = connection.dialect.name == "sqlite"
    versions = defaultdict[str, int](int)
    rows = []
    for seq, (at, player_id, id_, name, data) in enumerate(_history(connection), start=1):
        versions[player_id] += 1
        body = {"player_id": {"value": player_id}, **data, "occurred_at": at.isoformat()}
        rows.append(
            {
                "source": "gamification",
                "seq": seq if is_numbered else None,
                "stream": f"gamification.player-{player_id}",
                "version": versions[player_id],
                "type": f"gamification.{name}",
                "schema_version": 1,
                "event_id": id_,
                "data": json.dumps(body),
                "meta": json.dumps(_metadata(id_, player_id, at)),
                "recorded_at": at,
            }
        )
    if rows:
        connection.execute(sa.insert(_EVENT), rows)


def _history(connection: sa.Connection) -> list[tuple[datetime, str, str, str, dict[str, Any]]]:
    """When, to whom, under which id, what: in the order in which it happened."""
    events: list[tuple[datetime, str, str, str, dict[str, Any]]] = []
    totals, latest = defaultdict[str, int](int), dict[str, datetime]()
    for row in connection.execute(sa.select(_XP).order_by(_XP.c.earned_at, _XP.c.id)):
        totals[row.player_id] += row.amount
        latest[row.player_id] = row.earned_at
        data = {
            "amount": {"points": row.amount},
            "reason": row.reason,
            "source": {"type": row.source_type, "id": row.source_id},
            "total_xp": totals[row.player_id],
        }
        events.append((row.earned_at, row.player_id, row.id, "xp_earned", data))
    for row in connection.execute(sa.select(_PLAYER).order_by(_PLAYER.c.id)):
        last_day = row.last_active_day.isoformat() if row.last_active_day else None
        streak = {"days": row.streak_days, "longest": row.longest_streak, "last_day": last_day}
        if row.id in latest:
            events.append((latest[row.id], row.id, str(uuid4()), "streak_updated", {"streak": streak}))
    for row in connection.execute(sa.select(_BADGE).order_by(_BADGE.c.unlocked_at, _BADGE.c.badge)):
        data = {"badge": row.badge}
        events.append((row.unlocked_at, row.player_id, str(uuid4()), "badge_unlocked", data))
    return sorted(events, key=lambda event: event[0])


def _metadata(event_id: str, player_id: str, at: datetime) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "aggregate_id": player_id,
        "occurred_at": at.isoformat(),
        "correlation_id": event_id,
        "causation_id": None,
        "actor": None,
    }
