"""How somebody wants to be treated."""

from dataclasses import dataclass

from subgraphs.identity.commands.login import user_id_of
from subgraphs.identity.commands.storing import save_settings
from subgraphs.identity.domain import USER_NOT_FOUND, Preferences, UserId, UserSettings
from subgraphs.identity.repository import SettingsRepository, UserRepository
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ProcessUserCreated(Command[UserId]):
    """Give a new user the default settings. Who has settings keeps them."""

    user_id: UserId
    email: str


@dataclass(frozen=True, slots=True)
class UpdateUserSettings(Command[UserId]):
    """Want to be treated otherwise."""

    time_zone: str


async def process_user_created(
    command: ProcessUserCreated, work: UnitOfWork, _: RequestContext
) -> Result[UserId, DomainError]:
    """Handles ProcessUserCreated."""
    if await SettingsRepository(work.connection).get(command.user_id):
        return Success(command.user_id)
    if await UserRepository(work.connection).get(command.user_id) is None:
        return Failure(USER_NOT_FOUND)
    return await save_settings(UserSettings.create(command.user_id, work.now), work)


async def update_user_settings(
    command: UpdateUserSettings, work: UnitOfWork, request: RequestContext
) -> Result[UserId, DomainError]:
    """Handles UpdateUserSettings."""
    user_id = user_id_of(request)
    user = await UserRepository(work.connection).get(user_id)
    if user is None:
        return Failure(USER_NOT_FOUND)
    settings = await SettingsRepository(work.connection).get(user_id)
    if settings is None:  # they are on their way, for somebody who has just signed up
        settings = UserSettings.create(user_id, work.now)
    preferences = Preferences.of(command.time_zone)
    if isinstance(preferences, Failure):
        return preferences
    settings.update(preferences.value, work.now)
    return await save_settings(settings, work)
