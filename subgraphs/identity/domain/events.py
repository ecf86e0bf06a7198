"""What happened to users."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from subgraphs.identity.domain.credentials import Email, UserId
from subgraphs.identity.domain.profile import UserProfile
from subgraphs.identity.domain.roles import UserRole, UserStatus
from subgraphs.kernel.domain import DomainEvent


@dataclass(frozen=True, slots=True)
class UserCreated(DomainEvent):
    """There is a new user, however it came about."""

    name: ClassVar[str] = "identity.user_created"

    user_id: UserId
    email: Email
    profile: UserProfile
    role: UserRole
    status: UserStatus
    created_at: datetime


@dataclass(frozen=True, slots=True)
class UserRegistered(DomainEvent):
    """Somebody signed up."""

    name: ClassVar[str] = "identity.user_registered"

    user_id: UserId
    email: Email


@dataclass(frozen=True, slots=True)
class UserProfileUpdated(DomainEvent):
    """Somebody tells the others something else about themselves."""

    name: ClassVar[str] = "identity.user_profile_updated"

    user_id: UserId
    profile: UserProfile
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class UserActivated(DomainEvent):
    """A user can be given a role."""

    name: ClassVar[str] = "identity.user_activated"

    user_id: UserId


@dataclass(frozen=True, slots=True)
class UserRoleChanged(DomainEvent):
    """A user is something else now."""

    name: ClassVar[str] = "identity.user_role_changed"

    user_id: UserId
    old_role: UserRole
    new_role: UserRole
