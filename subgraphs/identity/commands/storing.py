"""An aggregate is stored and what happened is published, in one transaction."""

from collections.abc import Sequence
from typing import Any

from subgraphs.contracts import identity as contract
from subgraphs.identity import domain
from subgraphs.identity.domain import (
    EMAIL_TAKEN,
    EndReason,
    Session,
    User,
    UserId,
    UserProfile,
    UserSettings,
)
from subgraphs.identity.repository import (
    ProfileRepository,
    SessionRepository,
    SettingsRepository,
    add_user,
    end_sessions_of,
    save_user,
)
from subgraphs.kernel.domain import AggregateRoot, DomainError, DomainEvent, Failure, Result, Success
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.withdrawals import AccessWithdrawn


async def add_and_publish(user: User, work: UnitOfWork) -> Result[UserId, DomainError]:
    """Store a new user and tell the others. EMAIL_TAKEN."""
    if not await add_user(work, user):
        return Failure(EMAIL_TAKEN)
    _publish(user, work)
    return Success(user.id)


async def save_and_publish(
    user: User, done: Result[None, DomainError], work: UnitOfWork
) -> Result[UserId, DomainError]:
    """Store what was `done` to a user, if it was, end the sessions that it ends, and tell the others.

    Refused when it was refused, and when a new address is somebody else's: EMAIL_TAKEN.
    """
    if isinstance(done, Failure):
        return done
    if not await save_user(work, user):
        return Failure(EMAIL_TAKEN)
    for event in _publish(user, work):
        await _end_sessions(event, work)
        _withdraw_access(event, user, work)
    return Success(user.id)


async def save_session(session: Session, work: UnitOfWork) -> None:
    """Store a session that goes on or has ended, and withdraw its access tokens if it has."""
    await SessionRepository(work.connection).save(work, session)
    if session.ended_at is not None:
        user_id = str(session.user_id)
        work.publish(AccessWithdrawn(user_id, session_id=str(session.id)), key=user_id)


async def shut_out(user: User, work: UnitOfWork) -> None:
    """End all sessions of a user who was stored as they are now, and withdraw all access tokens."""
    await end_sessions_of(user.id, EndReason.PASSWORD_CHANGED, work.connection, work.now)
    work.publish(AccessWithdrawn(str(user.id), before_version=user.version), key=str(user.id))


async def save_profile(profile: UserProfile, work: UnitOfWork) -> Result[UserId, DomainError]:
    """Store a profile and tell the others."""
    await ProfileRepository(work.connection).save(work, profile)
    _publish(profile, work)
    return Success(profile.id)


async def save_settings(settings: UserSettings, work: UnitOfWork) -> Result[UserId, DomainError]:
    """Store settings and tell the others."""
    await SettingsRepository(work.connection).save(work, settings)
    _publish(settings, work)
    return Success(settings.id)


async def _end_sessions(event: DomainEvent, work: UnitOfWork) -> None:
    """At once: whoever has stolen a session goes on with it as long as it is there."""
    match event:
        case domain.PasswordChanged(user_id, _, session_id):
            reason = EndReason.PASSWORD_CHANGED
            await end_sessions_of(user_id, reason, work.connection, work.now, but=session_id)
        case domain.UserDeactivated(user_id):
            await end_sessions_of(user_id, EndReason.ACCOUNT_CLOSED, work.connection, work.now)


def _withdraw_access(event: DomainEvent, user: User, work: UnitOfWork) -> None:
    """Tokens that say what somebody was, and is no more, are good no more."""
    user_id, now = str(user.id), user.version
    match event:
        case domain.PasswordChanged(_, _, session_id):
            but = str(session_id) if session_id else None
            withdrawn = AccessWithdrawn(user_id, before_version=now, but_session_id=but)
        case domain.UserDeactivated() | domain.UserDeleted() | domain.UserRoleChanged():
            withdrawn = AccessWithdrawn(user_id, before_version=now)
        case _:
            return
    work.publish(withdrawn, key=user_id)


def _publish(aggregate: AggregateRoot[Any], work: UnitOfWork) -> Sequence[DomainEvent]:
    """Tell the other contexts what concerns them of what has just been done, which is returned."""
    events = aggregate.pull_events()
    for event in events:
        work.publish(_as_contract(event), key=str(aggregate.id))
    return events


def _as_contract(event: DomainEvent) -> IntegrationEvent:
    match event:
        case domain.UserCreated():
            return contract.UserCreated(
                user_id=str(event.user_id),
                email=event.email.value,
                first_name=event.person.first,
                last_name=event.person.last,
                role=contract.Role(event.role),
                status=event.status.value,
                created_at=event.created_at,
                origin=contract.Origin(event.origin),
            )
        case domain.UserRegistered(user_id, email):
            return contract.UserRegistered(str(user_id), email.value)
        case domain.UserUpdated():
            return contract.UserUpdated(
                user_id=str(event.user_id),
                first_name=event.person.first,
                last_name=event.person.last,
                updated_at=event.updated_at,
                email=event.email.value if "email" in event.changes else None,
                changes=event.changes,
            )
        case domain.UserVerified(user_id, at):
            return contract.UserVerified(str(user_id), at)
        case domain.UserActivated(user_id, at):
            return contract.UserActivated(str(user_id), at)
        case domain.UserDeactivated(user_id, reason, at):
            return contract.UserDeactivated(str(user_id), reason, at)
        case domain.UserDeleted(user_id, at):
            return contract.UserDeleted(str(user_id), at)
        case domain.UserRoleChanged(user_id, old_role, new_role):
            return contract.UserRoleChanged(str(user_id), contract.Role(old_role), contract.Role(new_role))
        case domain.PasswordChanged(user_id, at, session_id):
            return contract.PasswordChanged(str(user_id), at, str(session_id) if session_id else None)
        case domain.UserProfileCreated(user_id, details, at):
            return contract.UserProfileCreated(str(user_id), details.person.first, details.person.last, at)
        case domain.UserProfileUpdated(user_id, details, at):
            return contract.UserProfileUpdated(
                str(user_id),
                details.person.first,
                details.person.last,
                at,
                bio=details.bio,
                avatar_url=details.avatar_url,
            )
        case domain.UserSettingsCreated(user_id, wants, at):
            return contract.UserSettingsCreated(str(user_id), wants.time_zone, at)
        case domain.UserSettingsUpdated(user_id, wants, at):
            return contract.UserSettingsUpdated(str(user_id), wants.time_zone, at)
        case _:
            raise NotImplementedError(f"nobody is told of {event.name}")
