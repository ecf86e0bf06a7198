"""What may change about a user: profile, status, role."""

from dataclasses import dataclass

from subgraphs.identity.commands.storing import save_and_publish
from subgraphs.identity.domain import USER_NOT_FOUND, SetTo, UserId, UserRole
from subgraphs.identity.repository import UserRepository
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import SYSTEM, UNAUTHENTICATED, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class UpdateProfile(Command[UserId]):
    """Change one's own profile."""

    first_name: SetTo[str] | None = None
    last_name: SetTo[str] | None = None
    bio: SetTo[str | None] | None = None
    avatar_url: SetTo[str | None] | None = None
    skills: SetTo[tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class ActivateUser(Command[UserId]):
    """Take a pending user in."""

    user_id: UserId


@dataclass(frozen=True, slots=True)
class ChangeUserRole(Command[UserId]):
    """Make somebody a tutor, a member of the staff, ..."""

    user_id: UserId
    role: UserRole


async def update_profile(
    command: UpdateProfile, work: UnitOfWork, request: RequestContext
) -> Result[UserId, DomainError]:
    if request.actor is None:
        return Failure(UNAUTHENTICATED)
    user = await UserRepository(work.connection).get(UserId(request.actor.id))
    if user is None:
        return Failure(USER_NOT_FOUND)
    profile = user.profile.changed(
        first_name=command.first_name,
        last_name=command.last_name,
        bio=command.bio,
        avatar_url=command.avatar_url,
        skills=command.skills,
    )
    if isinstance(profile, Failure):
        return profile
    return await save_and_publish(user, user.update_profile(profile.value, work.now), work)


async def activate_user(
    command: ActivateUser, work: UnitOfWork, _: RequestContext
) -> Result[UserId, DomainError]:
    user = await UserRepository(work.connection).get(command.user_id)
    return await save_and_publish(user, user.activate(work.now), work) if user else Failure(USER_NOT_FOUND)


async def change_user_role(
    command: ChangeUserRole, work: UnitOfWork, request: RequestContext
) -> Result[UserId, DomainError]:
    user = await UserRepository(work.connection).get(command.user_id)
    if user is None:
        return Failure(USER_NOT_FOUND)
    by_super_admin = request.actor is not None and request.actor.role in (SYSTEM.role, UserRole.SUPER_ADMIN)
    return await save_and_publish(
        user, user.change_role(command.role, work.now, by_super_admin=by_super_admin), work
    )
