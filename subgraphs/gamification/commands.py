"""What gamification can be asked to do: by the platform only, nobody awards XP to themselves."""

from dataclasses import dataclass
from datetime import datetime

from subgraphs.gamification.domain.values import PlayerId, Source, SourceType, XpAmount
from subgraphs.gamification.repository import find_or_new_player, save_player, was_awarded
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.policies import has_role
from subgraphs.kernel.application.request import SYSTEM, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class AwardXp(Command[PlayerId]):
    """Give a user XP for something, once, however often it is asked."""

    user_id: str
    amount: int
    reason: str
    source_type: SourceType
    source_id: str
    earned_at: datetime


def register(bus: CommandBus) -> None:
    """Register every command with its handler."""
    bus.register(AwardXp, award_xp, allow=has_role(SYSTEM.role))


async def award_xp(
    command: AwardXp, work: UnitOfWork, _request: RequestContext
) -> Result[PlayerId, DomainError]:
    player_id, amount = PlayerId.parse(command.user_id, field="userId"), XpAmount.of(command.amount)
    if isinstance(player_id, Failure):
        return player_id
    if isinstance(amount, Failure):
        return amount
    source = Source(command.source_type, command.source_id)
    if not await was_awarded(work.connection, player_id.value, source):
        player = await find_or_new_player(work.connection, player_id.value)
        player.award_xp(amount.value, reason=command.reason, source=source, at=command.earned_at)
        await save_player(work, player)
    return Success(player_id.value)
