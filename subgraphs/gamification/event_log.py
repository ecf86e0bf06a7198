"""Everything that ever happened to players, for the read models: nothing decides by it.

Players are stored as they are (repository.py); what happens to them is appended here in the same transaction.
"""

from operator import attrgetter
from typing import Final

from subgraphs.gamification.domain.events import (
    BadgeUnlocked,
    LevelUp,
    PlayerForgotten,
    PlayerMoved,
    QuestCompleted,
    StreakUpdated,
    XpEarned,
)
from subgraphs.gamification.domain.values import PlayerId
from subgraphs.kernel.domain import DomainEvent
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.store.event_store import EventStore

REGISTRY: Final = Registry[DomainEvent](
    attrgetter("name"),
    (BadgeUnlocked, LevelUp, PlayerForgotten, PlayerMoved, QuestCompleted, StreakUpdated, XpEarned),
)
EVENTS: Final = EventStore("gamification", REGISTRY)


def stream_of(player_id: PlayerId) -> str:
    return f"gamification.player-{player_id}"
