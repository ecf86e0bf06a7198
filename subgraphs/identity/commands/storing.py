"""A user is stored and what happened is published, in one transaction."""

from subgraphs.contracts import identity as contract
from subgraphs.identity import domain
from subgraphs.identity.domain import EMAIL_TAKEN, User, UserId
from subgraphs.identity.repository import add_user, save_user
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork


async def add_and_publish(user: User, work: UnitOfWork) -> Result[UserId, DomainError]:
    """Store a new user and tell the others. EMAIL_TAKEN."""
    if not await add_user(work, user):
        return Failure(EMAIL_TAKEN)
    _publish(user, work)
    return Success(user.id)


async def save_and_publish(
    user: User, done: Result[None, DomainError], work: UnitOfWork
) -> Result[UserId, DomainError]:
    """Store what was `done` to a user, if it was, and tell the others. Refused when it was refused."""
    if isinstance(done, Failure):
        return done
    await save_user(work, user)
    _publish(user, work)
    return Success(user.id)


def _publish(user: User, work: UnitOfWork) -> None:
    """Tell the other contexts what concerns them of what the user has just done."""
    for event in user.pull_events():
        match event:
            case domain.UserCreated():
                work.publish(
                    contract.UserCreated(
                        user_id=str(event.user_id),
                        email=event.email.value,
                        first_name=event.profile.first_name,
                        last_name=event.profile.last_name,
                        role=contract.Role(event.role),
                        status=event.status.value,
                        created_at=event.created_at,
                    ),
                    key=str(user.id),
                )
            case domain.UserRegistered():
                work.publish(
                    contract.UserRegistered(user_id=str(event.user_id), email=event.email.value),
                    key=str(user.id),
                )
            case domain.UserProfileUpdated():
                work.publish(
                    contract.UserUpdated(
                        user_id=str(event.user_id),
                        first_name=event.profile.first_name,
                        last_name=event.profile.last_name,
                        updated_at=event.updated_at,
                    ),
                    key=str(user.id),
                )
            case domain.UserRoleChanged():
                work.publish(
                    contract.UserRoleChanged(
                        user_id=str(event.user_id),
                        old_role=contract.Role(event.old_role),
                        new_role=contract.Role(event.new_role),
                    ),
                    key=str(user.id),
                )
