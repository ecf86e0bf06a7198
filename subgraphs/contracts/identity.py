"""What the identity context publishes, and what it can be asked. Every event's key is the user's id."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.requests import Request
from subgraphs.kernel.messaging.upcasting import JsonObject, Upcaster


class Role(StrEnum):
    """What a user may be; the `role` claim of a token holds one of these values."""

    STUDENT = "student"
    TUTOR = "tutor"
    STAFF = "staff"
    ADMIN = "admin"
    SUPER_ADMIN = "super_admin"


STAFF_ROLES = (Role.STAFF, Role.ADMIN, Role.SUPER_ADMIN)
"""Those who run the academy."""


class Origin(StrEnum):
    """How an account came about: somebody signed up, the staff made it, another system brought it."""

    REGISTERED = "registered"
    INVITED = "invited"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class UserCreated(IntegrationEvent):
    """There is a new user. Version 1 did not say how it came about."""

    type: ClassVar[str] = "identity.user_created"
    version: ClassVar[int] = 2

    user_id: str
    email: str
    first_name: str
    last_name: str
    role: Role
    status: str
    created_at: datetime
    origin: Origin = Origin.IMPORTED


def _with_origin(data: JsonObject) -> JsonObject:
    """Accounts were either signed up for, and pending, or brought along."""
    is_pending = data["status"] == "pending_verification"
    return {**data, "origin": (Origin.REGISTERED if is_pending else Origin.IMPORTED).value}


USER_CREATED_V1: Final = Upcaster(UserCreated.type, 1, _with_origin)


@dataclass(frozen=True, slots=True)
class UserRegistered(IntegrationEvent):
    """Somebody signed up; follows the UserCreated of the same user."""

    type: ClassVar[str] = "identity.user_registered"

    user_id: str
    email: str


@dataclass(frozen=True, slots=True)
class UserUpdated(IntegrationEvent):
    """An account has changed: `changes` names what (name, email, subscription). The name that it has now, and
    the new address, if it is one."""

    type: ClassVar[str] = "identity.user_updated"

    user_id: str
    first_name: str
    last_name: str
    updated_at: datetime
    email: str | None = None
    changes: tuple[str, ...] = ()


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
class UserActivated(IntegrationEvent):
    """The staff have let a user in, for the first time or again."""

    type: ClassVar[str] = "identity.user_activated"

    user_id: str
    activated_at: datetime


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
    """What users tell about themselves has changed. Version 1 told of moves, as UserSettingsUpdated does."""

    type: ClassVar[str] = "identity.user_profile_updated"
    version: ClassVar[int] = 2

    user_id: str
    first_name: str
    last_name: str
    updated_at: datetime
    bio: str | None = None
    avatar_url: str | None = None


def _without_time_zone(data: JsonObject) -> JsonObject:
    return {name: value for name, value in data.items() if name != "time_zone"}


USER_PROFILE_UPDATED_V1: Final = Upcaster(UserProfileUpdated.type, 1, _without_time_zone)


@dataclass(frozen=True, slots=True)
class UserSettingsCreated(IntegrationEvent):
    """How a user is treated until they want it otherwise."""

    type: ClassVar[str] = "identity.user_settings_created"

    user_id: str
    time_zone: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class UserSettingsUpdated(IntegrationEvent):
    """How a user wants to be treated from now on; `time_zone` is a name of the IANA database."""

    type: ClassVar[str] = "identity.user_settings_updated"

    user_id: str
    time_zone: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PasswordChanged(IntegrationEvent):
    """A user has another password. All of their sessions but the one that changed it have ended."""

    type: ClassVar[str] = "identity.password_changed"

    user_id: str
    changed_at: datetime
    session_id: str | None = None


@dataclass(frozen=True, slots=True)
class UserFound(IntegrationEvent):
    """The answer to GetUserById and GetUserByEmail. Everything is null when there is no such user."""

    type: ClassVar[str] = "identity.user_found"

    user_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    role: Role | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class GetUserById(Request[UserFound]):
    """Who is this; sent to `identity.get_user_by_id`. It changes nothing."""

    type: ClassVar[str] = "identity.get_user_by_id"

    user_id: str


@dataclass(frozen=True, slots=True)
class GetUserByEmail(Request[UserFound]):
    """Whose address is this; sent to `identity.get_user_by_email`. It changes nothing."""

    type: ClassVar[str] = "identity.get_user_by_email"

    email: str


@dataclass(frozen=True, slots=True)
class UserExists(IntegrationEvent):
    """The answer to CheckUserExists."""

    type: ClassVar[str] = "identity.user_exists"

    exists: bool


@dataclass(frozen=True, slots=True)
class CheckUserExists(Request[UserExists]):
    """Whether somebody has this address; sent to `identity.check_user_exists`. It changes nothing.

    Whether a password is right cannot be asked: messages are kept, and passwords must not be.
    """

    type: ClassVar[str] = "identity.check_user_exists"

    email: str
