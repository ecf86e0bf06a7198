"""What gamification can be asked. Who plays how well is public.

players       how players stand: experience, streaks, places, badges
leaderboards  who has earned most
quests        what players are asked for today

Batched queries answer for many players with one statement; their answers are mappings, and whoever has earned
nothing yet is missing.
"""

from subgraphs.gamification.projections import PLAYERS
from subgraphs.gamification.queries.leaderboards import (
    EntryView,
    Leaderboard,
    LeaderboardsAnswered,
    checked_limit,
)
from subgraphs.gamification.queries.players import Badges, PlayersAnswered, PlayerStats, badges
from subgraphs.gamification.queries.quests import DailyQuests, QuestsAnswered
from subgraphs.kernel.application.buses import QueryBus
from subgraphs.kernel.application.policies import anyone, authenticated
from subgraphs.kernel.cache.answers import WholeAnswer
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.domain import Clock


def register(bus: QueryBus, *, clock: Clock, leaderboards: Cached[tuple[EntryView, ...]]) -> None:
    """Register every query with its handler. The clock says which week and month it is."""
    answered = LeaderboardsAnswered(clock)
    cached: WholeAnswer[Leaderboard, tuple[EntryView, ...]] = WholeAnswer(
        leaderboards, key=answered.key, member=lambda query: str(checked_limit(query.limit))
    )
    bus.register(PlayerStats, PlayersAnswered(clock), allow=anyone, reads=PLAYERS)
    bus.register(Leaderboard, answered, allow=anyone, reads=PLAYERS, cached=cached)
    bus.register(DailyQuests, QuestsAnswered(clock), allow=authenticated)
    bus.register(Badges, badges, allow=anyone, reads=PLAYERS)
