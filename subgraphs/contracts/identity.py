"""What the identity context publishes. Every event's key is the user's id."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from subgraphs.kernel.messaging.integration import IntegrationEvent


class Role(StrEnum):
    """What a user may be; the `role` claim of a token holds one of these values."""

    STUDENT = "student"
    TUTOR = "tutor"
    STAFF = "staff"
    ADMIN = "admin"
    SUPER_ADMIN = "super_admin"


STAFF_ROLES = (Role.STAFF, Role.ADMIN, Role.SUPER_ADMIN)
"""Those who run the academy."""


@dataclass(frozen=True, slots=True)
class UserCreated(IntegrationEvent):
    """There is a new user, however it came about."""

    type: ClassVar[str] = "identity.user_created"

    user_id: str
    email: str
    first_name: str
    last_name: str
    role: Role
    status: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class UserRegistered(IntegrationEvent):
    """Somebody signed up; follows the UserCreated of the same user."""

    type: ClassVar[str] = "identity.user_registered"

    user_id: str
    email: str


@dataclass(frozen=True, slots=True)
class UserUpdated(IntegrationEvent):
    """A user's public profile has changed; the new one."""

    type: ClassVar[str] = "identity.user_updated"

    user_id: str
    first_name: str
    last_name: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class UserRoleChanged(IntegrationEvent):
    """A user is something else from now on."""

    type: ClassVar[str] = "identity.user_role_changed"

    user_id: str
    old_role: Role
    new_role: Role


@dataclass(frozen=True, slots=True)
class UserVerified(IntegrationEvent):
    """A user has shown that their email address is theirs."""

    type: ClassVar[str] = "identity.user_verified"

    user_id: str
    verified_at: datetime


@dataclass(frozen=True, slots=True)
class UserDeactivated(IntegrationEvent):
    """A user may not log in any more."""

    type: ClassVar[str] = "identity.user_deactivated"

    user_id: str
    reason: str
    deactivated_at: datetime


@dataclass(frozen=True, slots=True)
class UserDeleted(IntegrationEvent):
    """A user is gone: whoever keeps something personal of theirs forgets it."""

    type: ClassVar[str] = "identity.user_deleted"

    user_id: str
    deleted_at: datetime


@dataclass(frozen=True, slots=True)
class UserProfileCreated(IntegrationEvent):
    """There is something to read about a user."""

    type: ClassVar[str] = "identity.user_profile_created"

    user_id: str
    first_name: str
    last_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class UserProfileUpdated(IntegrationEvent):
    """What users tell about themselves has changed; `time_zone` is a name of the IANA database."""

    type: ClassVar[str] = "identity.user_profile_updated"

    user_id: str
    first_name: str
    last_name: str
    updated_at: datetime
    bio: str | None = None
    avatar_url: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class PasswordChanged(IntegrationEvent):
    """A user has another password. All of their sessions but the one that changed it have ended."""

    type: ClassVar[str] = "identity.password_changed"

    user_id: str
    changed_at: datetime
