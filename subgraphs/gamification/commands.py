"""What gamification can be asked to do. XP comes of what players have done elsewhere: nobody awards it to
themselves; what they take themselves is the reward of a quest that they have fulfilled."""

from dataclasses import dataclass
from datetime import datetime

from subgraphs.contracts.identity import STAFF_ROLES
from subgraphs.gamification.domain.badge_evaluator import BadgeType
from subgraphs.gamification.domain.errors import USER_NOT_FOUND
from subgraphs.gamification.domain.player import PlayerProfile
from subgraphs.gamification.domain.quests import Activity
from subgraphs.gamification.domain.values import PlayerId, Source, SourceType, XpAmount
from subgraphs.gamification.repository import awarded, find_or_new_player, save_player
from subgraphs.gamification.tables import person
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.policies import authenticated, has_role
from subgraphs.kernel.application.request import SYSTEM, UNAUTHENTICATED, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.people import People, is_there


@dataclass(frozen=True, slots=True)
class Awarded:
    """What a source was worth to a player, and what they have now."""

    player_id: PlayerId
    amount: int
    total_xp: int


@dataclass(frozen=True, slots=True)
class AwardXp(Command[Awarded]):
    """Give a user XP for something, once, however often it is asked."""

    user_id: str
    amount: int
    reason: str
    source_type: SourceType
    source_id: str
    earned_at: datetime
    activity: Activity | None = None


@dataclass(frozen=True, slots=True)
class UpdateStreak(Command[PlayerId]):
    """A user was active at this instant."""

    user_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UnlockBadge(Command[PlayerId]):
    """Give a user a badge for what no rule can see."""

    user_id: str
    badge: BadgeType


@dataclass(frozen=True, slots=True)
class CompleteQuest(Command[PlayerId]):
    """Take the reward of one of one's own quests of today."""

    quest_id: str


@dataclass(frozen=True, slots=True)
class MovePlayer(Command[PlayerId]):
    """A user lives by the clocks of this time zone from now on."""

    user_id: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class ForgetPlayer(Command[PlayerId]):
    """A user is gone."""

    user_id: str


def register(bus: CommandBus, people: People) -> None:
    """Register every command with its handler."""
    platform = has_role(SYSTEM.role)
    bus.register(AwardXp, award_xp, allow=platform)
    bus.register(UpdateStreak, update_streak, allow=platform)
    bus.register(
        UnlockBadge,
        unlock_badge,
        allow=has_role(*STAFF_ROLES),
        first=people.named({"userId": lambda command: command.user_id}),
    )
    bus.register(CompleteQuest, complete_quest, allow=authenticated)
    bus.register(MovePlayer, move_player, allow=platform)
    bus.register(ForgetPlayer, forget_player, allow=platform)


async def award_xp(
    command: AwardXp, work: UnitOfWork, _request: RequestContext
) -> Result[Awarded, DomainError]:
    player_id, amount = PlayerId.parse(command.user_id, field="userId"), XpAmount.of(command.amount)
    source = Source.of(command.source_type, command.source_id)
    if isinstance(player_id, Failure):
        return player_id
    if isinstance(amount, Failure):
        return amount
    if isinstance(source, Failure):
        return source
    player = await find_or_new_player(work.connection, player_id.value)
    before = await awarded(work.connection, player_id.value, source.value)
    if before is not None or player.is_forgotten:
        return Success(Awarded(player.id, before or 0, player.total_xp))
    player.award_xp(
        amount.value,
        reason=command.reason,
        source=source.value,
        at=command.earned_at,
        activity=command.activity,
    )
    await save_player(work, player)
    return Success(Awarded(player.id, amount.value.points, player.total_xp))


async def update_streak(
    command: UpdateStreak, work: UnitOfWork, _request: RequestContext
) -> Result[PlayerId, DomainError]:
    found = await _player(work, command.user_id)
    if isinstance(found, Failure):
        return found
    player = found.value
    if player.is_forgotten:
        return Success(player.id)
    player.update_streak(command.at)
    return await _saved(work, player)


async def unlock_badge(
    command: UnlockBadge, work: UnitOfWork, request: RequestContext
) -> Result[PlayerId, DomainError]:
    found = await _player(work, command.user_id)
    if isinstance(found, Failure):
        return found
    if not await is_there(work.connection, person, str(found.value.id), request):
        return Failure(USER_NOT_FOUND)
    unlocked = found.value.unlock_badge(command.badge, work.now)
    return unlocked if isinstance(unlocked, Failure) else await _saved(work, found.value)


async def complete_quest(
    command: CompleteQuest, work: UnitOfWork, request: RequestContext
) -> Result[PlayerId, DomainError]:
    if request.actor is None:
        return Failure(UNAUTHENTICATED)
    player = await find_or_new_player(work.connection, PlayerId(request.actor.id))
    completed = player.complete_quest(command.quest_id, work.now)
    return completed if isinstance(completed, Failure) else await _saved(work, player)


async def move_player(
    command: MovePlayer, work: UnitOfWork, _request: RequestContext
) -> Result[PlayerId, DomainError]:
    found = await _player(work, command.user_id)
    if isinstance(found, Failure):
        return found
    found.value.move(command.time_zone, work.now)
    return await _saved(work, found.value)


async def forget_player(
    command: ForgetPlayer, work: UnitOfWork, _request: RequestContext
) -> Result[PlayerId, DomainError]:
    found = await _player(work, command.user_id)
    if isinstance(found, Failure):
        return found
    found.value.forget(work.now)
    return await _saved(work, found.value)


async def _player(work: UnitOfWork, user_id: str) -> Result[PlayerProfile, DomainError]:
    """The player, or a new one. INVALID_ID."""
    player_id = PlayerId.parse(user_id, field="userId")
    if isinstance(player_id, Failure):
        return player_id
    return Success(await find_or_new_player(work.connection, player_id.value))


async def _saved(work: UnitOfWork, player: PlayerProfile) -> Result[PlayerId, DomainError]:
    await save_player(work, player)
    return Success(player.id)
