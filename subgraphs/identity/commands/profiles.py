"""What somebody tells the others."""

from dataclasses import dataclass

from subgraphs.identity.commands.login import user_id_of
from subgraphs.identity.commands.storing import save_profile
from subgraphs.identity.domain import USER_NOT_FOUND, ProfileDetails, SetTo, UserId, UserProfile
from subgraphs.identity.repository import ProfileRepository, UserRepository
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CreateUserProfile(Command[UserId]):
    """Have something to read about a user, under the name of the account. Who has a profile keeps it."""

    user_id: UserId
    bio: str | None = None
    avatar_url: str | None = None
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RenameProfile(Command[UserId]):
    """Whose account has another name is called by that everywhere."""

    user_id: UserId
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class UpdateProfile(Command[UserId]):
    """Change one's own profile."""

    first_name: SetTo[str] | None = None
    last_name: SetTo[str] | None = None
    bio: SetTo[str | None] | None = None
    avatar_url: SetTo[str | None] | None = None
    skills: SetTo[tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class UpdateBio(Command[UserId]):
    """Say something else about oneself, or nothing."""

    bio: str | None


async def create_user_profile(
    command: CreateUserProfile, work: UnitOfWork, _: RequestContext
) -> Result[UserId, DomainError]:
    """Handles CreateUserProfile."""
    if await ProfileRepository(work.connection).get(command.user_id):
        return Success(command.user_id)
    user = await UserRepository(work.connection).get(command.user_id)
    if user is None:
        return Failure(USER_NOT_FOUND)
    details = ProfileDetails.of(
        user.person.first,
        user.person.last,
        bio=command.bio,
        avatar_url=command.avatar_url,
        skills=command.skills,
    )
    if isinstance(details, Failure):
        return details
    return await save_profile(UserProfile.create(command.user_id, details.value, work.now), work)


async def rename_profile(
    command: RenameProfile, work: UnitOfWork, _: RequestContext
) -> Result[UserId, DomainError]:
    """Handles RenameProfile."""
    wanted = UpdateProfile(first_name=SetTo(command.first_name), last_name=SetTo(command.last_name))
    return await _update(command.user_id, wanted, work)


async def update_profile(
    command: UpdateProfile, work: UnitOfWork, request: RequestContext
) -> Result[UserId, DomainError]:
    """Handles UpdateProfile."""
    return await _update(user_id_of(request), command, work)


async def update_bio(
    command: UpdateBio, work: UnitOfWork, request: RequestContext
) -> Result[UserId, DomainError]:
    """Handles UpdateBio."""
    return await _update(user_id_of(request), UpdateProfile(bio=SetTo(command.bio)), work)


async def _update(user_id: UserId, wanted: UpdateProfile, work: UnitOfWork) -> Result[UserId, DomainError]:
    profile = await ProfileRepository(work.connection).get(user_id)
    if profile is None:  # it is on its way, for somebody who has just signed up
        user = await UserRepository(work.connection).get(user_id)
        if user is None:
            return Failure(USER_NOT_FOUND)
        profile = UserProfile.create(user_id, ProfileDetails(user.person), work.now)
    details = profile.details.changed(
        first_name=wanted.first_name,
        last_name=wanted.last_name,
        bio=wanted.bio,
        avatar_url=wanted.avatar_url,
        skills=wanted.skills,
    )
    if isinstance(details, Failure):
        return details
    profile.update(details.value, work.now)
    return await save_profile(profile, work)
