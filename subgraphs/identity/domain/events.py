"""What happened to people."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from subgraphs.identity.domain.credentials import Email, PersonName, SessionId, UserId
from subgraphs.identity.domain.roles import Origin, UserRole, UserStatus
from subgraphs.kernel.domain import DomainEvent

if TYPE_CHECKING:
    from subgraphs.identity.domain.profile import ProfileDetails
    from subgraphs.identity.domain.settings import Preferences


@dataclass(frozen=True, slots=True)
class UserCreated(DomainEvent):
    """There is a new user, however it came about."""

    name: ClassVar[str] = "identity.user_created"
    user_id: UserId
    email: Email
    person: PersonName
    role: UserRole
    status: UserStatus
    origin: Origin
    created_at: datetime


@dataclass(frozen=True, slots=True)
class UserRegistered(DomainEvent):
    """Somebody signed up."""

    name: ClassVar[str] = "identity.user_registered"
    user_id: UserId
    email: Email


@dataclass(frozen=True, slots=True)
class UserUpdated(DomainEvent):
    """Something about an account is different; `changes` names what."""

    name: ClassVar[str] = "identity.user_updated"
    user_id: UserId
    email: Email
    person: PersonName
    changes: tuple[str, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class UserVerified(DomainEvent):
    """A user has shown that their email address is theirs."""

    name: ClassVar[str] = "identity.user_verified"
    user_id: UserId
    verified_at: datetime


@dataclass(frozen=True, slots=True)
class UserActivated(DomainEvent):
    """The staff have let somebody in, for the first time or again."""

    name: ClassVar[str] = "identity.user_activated"
    user_id: UserId
    activated_at: datetime


@dataclass(frozen=True, slots=True)
class UserDeactivated(DomainEvent):
    """A user may not log in any more."""

    name: ClassVar[str] = "identity.user_deactivated"
    user_id: UserId
    reason: str
    deactivated_at: datetime


@dataclass(frozen=True, slots=True)
class UserDeleted(DomainEvent):
    """A user is gone, and forgotten."""

    name: ClassVar[str] = "identity.user_deleted"
    user_id: UserId
    deleted_at: datetime


@dataclass(frozen=True, slots=True)
class UserRoleChanged(DomainEvent):
    """A user is something else now."""

    name: ClassVar[str] = "identity.user_role_changed"
    user_id: UserId
    old_role: UserRole
    new_role: UserRole


@dataclass(frozen=True, slots=True)
class PasswordChanged(DomainEvent):
    """A user has another password; in a session that goes on, if it was in one."""

    name: ClassVar[str] = "identity.password_changed"
    user_id: UserId
    changed_at: datetime
    session_id: SessionId | None


@dataclass(frozen=True, slots=True)
class UserProfileCreated(DomainEvent):
    """There is something to read about somebody."""

    name: ClassVar[str] = "identity.user_profile_created"
    user_id: UserId
    details: "ProfileDetails"
    created_at: datetime


@dataclass(frozen=True, slots=True)
class UserProfileUpdated(DomainEvent):
    """Somebody tells the others something else about themselves."""

    name: ClassVar[str] = "identity.user_profile_updated"
    user_id: UserId
    details: "ProfileDetails"
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class UserSettingsCreated(DomainEvent):
    """Somebody is treated like everybody, until they want it otherwise."""

    name: ClassVar[str] = "identity.user_settings_created"
    user_id: UserId
    preferences: "Preferences"
    created_at: datetime


@dataclass(frozen=True, slots=True)
class UserSettingsUpdated(DomainEvent):
    """Somebody wants to be treated otherwise."""

    name: ClassVar[str] = "identity.user_settings_updated"
    user_id: UserId
    preferences: "Preferences"
    updated_at: datetime
