"""What is done about accounts: by the staff, by their owners, and by what was paid for."""

from collections.abc import Callable
from dataclasses import dataclass

from subgraphs.contracts.identity import STAFF_ROLES
from subgraphs.identity.commands.email_change import tell_old_address
from subgraphs.identity.commands.storing import save_and_publish
from subgraphs.identity.domain import (
    USER_NOT_FOUND,
    Email,
    PersonName,
    SetTo,
    User,
    UserId,
    UserRole,
    UserStatus,
)
from subgraphs.identity.domain.errors import NOT_TO_ONESELF, NOT_YOURS_TO_MANAGE
from subgraphs.identity.domain.user_domain_service import may_manage
from subgraphs.identity.messages import SendVerification
from subgraphs.identity.repository import UserRepository
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import FORBIDDEN, SYSTEM, UNAUTHENTICATED, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result
from subgraphs.kernel.store.unit_of_work import UnitOfWork

_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class UpdateUser(Command[UserId]):
    """Have an account say something else: its owner the name, the staff the address as well."""

    user_id: UserId
    first_name: SetTo[str] | None = None
    last_name: SetTo[str] | None = None
    email: SetTo[str] | None = None


@dataclass(frozen=True, slots=True)
class UpdateUserSubscription(Command[UserId]):
    """Somebody has paid for a subscription."""

    user_id: UserId
    subscription_id: str


@dataclass(frozen=True, slots=True)
class ActivateUser(Command[UserId]):
    """Let somebody in who is pending or was deactivated."""

    user_id: UserId


@dataclass(frozen=True, slots=True)
class DeactivateUser(Command[UserId]):
    """Let somebody in no more. Their sessions end."""

    user_id: UserId
    reason: str

    def invalid(self) -> DomainError | None:
        """INVALID_REASON."""
        if 1 <= len(self.reason.strip()) <= _LONGEST_REASON:
            return None
        return DomainError("INVALID_REASON", f"A reason has 1 to {_LONGEST_REASON} characters", "reason")


@dataclass(frozen=True, slots=True)
class ChangeUserRole(Command[UserId]):
    """Make somebody a tutor, a member of the staff, ..."""

    user_id: UserId
    role: UserRole


@dataclass(frozen=True, slots=True)
class DeleteUser(Command[UserId]):
    """Forget a person: oneself, or somebody whom one manages. Their id stays."""

    user_id: UserId


async def update_user(
    command: UpdateUser, work: UnitOfWork, request: RequestContext
) -> Result[UserId, DomainError]:
    """Handles UpdateUser. Whoever has shown that the old address is theirs hears of another one there."""
    user = await UserRepository(work.connection).get(command.user_id)
    if refusal := _not_allowed(user, request, owner=command.email is None):
        return Failure(refusal)
    assert user is not None
    person = PersonName.of(
        command.first_name.value if command.first_name else user.person.first,
        command.last_name.value if command.last_name else user.person.last,
    )
    if isinstance(person, Failure):
        return person
    email = Email.parse(command.email.value if command.email else user.email.value)
    if isinstance(email, Failure):
        return email
    old = user.email
    updated = user.update(work.now, person=person.value, email=email.value)
    saved = await save_and_publish(user, updated, work)
    if user.email == old or isinstance(saved, Failure):
        return saved
    if user.status is UserStatus.PENDING_VERIFICATION:
        message = SendVerification(str(user.id), is_reminder=False)
        work.send(message, to=SendVerification.type, key=message.user_id)
    else:
        tell_old_address(user, old, work)
    return saved


async def update_user_subscription(
    command: UpdateUserSubscription, work: UnitOfWork, _: RequestContext
) -> Result[UserId, DomainError]:
    """Handles UpdateUserSubscription."""
    user = await UserRepository(work.connection).get(command.user_id)
    if user is None:
        return Failure(USER_NOT_FOUND)
    return await save_and_publish(user, user.subscribe(command.subscription_id, work.now), work)


async def activate_user(
    command: ActivateUser, work: UnitOfWork, request: RequestContext
) -> Result[UserId, DomainError]:
    """Handles ActivateUser."""
    return await _manage(command.user_id, work, request, lambda user: user.activate(work.now))


async def deactivate_user(
    command: DeactivateUser, work: UnitOfWork, request: RequestContext
) -> Result[UserId, DomainError]:
    """Handles DeactivateUser."""
    reason = command.reason.strip()
    return await _manage(command.user_id, work, request, lambda user: user.deactivate(reason, work.now))


async def change_user_role(
    command: ChangeUserRole, work: UnitOfWork, request: RequestContext
) -> Result[UserId, DomainError]:
    """Handles ChangeUserRole. What a role may do is a table (contracts/scopes.py): the next token has it.

    Nobody changes their own: there might be nobody left to give it back.
    """
    user = await UserRepository(work.connection).get(command.user_id)
    if user is None:
        return Failure(USER_NOT_FOUND)
    if request.actor is not None and request.actor.id == str(user.id):
        return Failure(NOT_TO_ONESELF)
    by_super_admin = request.actor is not None and request.actor.role in (SYSTEM.role, UserRole.SUPER_ADMIN)
    changed = user.change_role(command.role, work.now, by_super_admin=by_super_admin)
    return await save_and_publish(user, changed, work)


async def delete_user(
    command: DeleteUser, work: UnitOfWork, request: RequestContext
) -> Result[UserId, DomainError]:
    """Handles DeleteUser. A super admin does not go alone: there might be nobody left to make another."""
    user = await UserRepository(work.connection).get(command.user_id)
    is_super_admin = user is not None and user.role is UserRole.SUPER_ADMIN
    if refusal := _not_allowed(user, request, owner=not is_super_admin):
        return Failure(refusal)
    assert user is not None
    return await save_and_publish(user, user.delete(work.now), work)


async def _manage(
    user_id: UserId,
    work: UnitOfWork,
    request: RequestContext,
    act: Callable[[User], Result[None, DomainError]],
) -> Result[UserId, DomainError]:
    user = await UserRepository(work.connection).get(user_id)
    if refusal := _not_allowed(user, request, owner=False):
        return Failure(refusal)
    assert user is not None
    return await save_and_publish(user, act(user), work)


def _not_allowed(user: User | None, request: RequestContext, *, owner: bool) -> DomainError | None:
    """Why this user is not to be touched by who asks, if so; the `owner` may where it is their own affair."""
    actor = request.actor
    match actor:
        case None:
            return UNAUTHENTICATED
        case _ if actor.role == SYSTEM.role:
            return None if user else USER_NOT_FOUND
        case _ if user is not None and actor.id == str(user.id):
            return None if owner else NOT_TO_ONESELF
        case _ if actor.role not in STAFF_ROLES:
            return FORBIDDEN
        case _ if user is None:
            return USER_NOT_FOUND
        case _:
            return None if may_manage(UserRole(actor.role), user.role) else NOT_YOURS_TO_MANAGE
