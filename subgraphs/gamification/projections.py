"""The leaderboard: what each player has earned in each week, in each month, and ever.

It is brought up to date in the transaction in which XP is earned. XP counts for the period in which it was
earned, however late the news of it arrives.
"""

from datetime import UTC

from sqlalchemy.dialects.postgresql import insert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.gamification.domain.events import XpEarned
from subgraphs.gamification.domain.period import periods_of
from subgraphs.gamification.tables import leaderboard
from subgraphs.kernel.domain import DomainEvent


async def project(event: DomainEvent, connection: AsyncConnection) -> None:
    """Bring the leaderboard up to date with an event."""
    match event:
        case XpEarned():
            await _add(event, connection)


async def _add(event: XpEarned, connection: AsyncConnection) -> None:
    places = [
        {
            "type": period.type,
            "period_starts_on": period.starts_on,
            "player_id": str(event.player_id),
            "xp": event.amount.points,
        }
        for period in periods_of(event.occurred_at.astimezone(UTC).date())
    ]
    rows = insert(leaderboard).values(places)
    await connection.execute(
        rows.on_conflict_do_update(
            index_elements=["type", "period_starts_on", "player_id"],
            set_={"xp": leaderboard.c.xp + rows.excluded.xp},
        )
    )
