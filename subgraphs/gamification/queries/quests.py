"""What players are asked for today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.gamification.domain.quests import QUESTS, QuestType, quest_id
from subgraphs.gamification.domain.values import PlayerId
from subgraphs.gamification.repository import find_or_new_player
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Clock


@dataclass(frozen=True, slots=True)
class QuestView:
    """One of a player's quests of today."""

    id: str
    type: QuestType
    goal: int
    progress: int
    reward: int
    is_completed: bool
    day: date


@dataclass(frozen=True, slots=True)
class DailyQuests(Query[Sequence[QuestView]]):
    """What the asker is asked for today, by the calendar where they live, or was on another day."""

    day: date | None = None


@dataclass(frozen=True, slots=True)
class QuestsAnswered:
    """Answers DailyQuests."""

    clock: Clock

    async def __call__(
        self, query: DailyQuests, connection: AsyncConnection, request: RequestContext
    ) -> Sequence[QuestView]:
        player = await find_or_new_player(connection, PlayerId(request.actor_id or ""))
        today = player.quests_on(query.day) if query.day else player.quests_at(self.clock.now())
        return [
            QuestView(
                quest_id(today.day, quest),
                quest,
                QUESTS[quest].goal,
                progress,
                QUESTS[quest].reward,
                quest in today.completed,
                today.day,
            )
            for quest, progress in today.progress.items()
        ]
