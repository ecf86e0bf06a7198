"""The leaderboard: what each player has earned in each week, in each month, and ever.

It is brought up to date in the transaction in which XP is earned. XP counts for the period in which it was
earned, however late the news of it arrives.
"""

from datetime import UTC

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.gamification.domain.events import XpEarned
from subgraphs.gamification.domain.period import Period, periods_of
from subgraphs.gamification.tables import leaderboard
from subgraphs.kernel.domain import DomainEvent


async def project(event: DomainEvent, connection: AsyncConnection) -> None:
    """Bring the leaderboard up to date with an event."""
    match event:
        case XpEarned():
            for period in periods_of(event.occurred_at.astimezone(UTC).date()):
                await _add(event, period, connection)


async def _add(event: XpEarned, period: Period, connection: AsyncConnection) -> None:
    place = {
        "type": period.type,
        "period_starts_on": period.starts_on,
        "player_id": str(event.player_id),
    }
    updated = await connection.execute(
        update(leaderboard)
        .where(*(leaderboard.c[name] == value for name, value in place.items()))
        .values(xp=leaderboard.c.xp + event.amount.points)
    )
    if not updated.rowcount:
        await connection.execute(insert(leaderboard).values(**place, xp=event.amount.points))
