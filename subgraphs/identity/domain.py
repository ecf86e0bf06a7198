"""Users: who they are, what they may be, how they prove it."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final, Generic, TypeVar
from urllib.parse import urlsplit

from subgraphs.kernel.domain import (
    AggregateRoot,
    DomainError,
    DomainEvent,
    Failure,
    Identifier,
    Result,
    Success,
    ValueObject,
)

T = TypeVar("T")

EMAIL_TAKEN: Final = DomainError("EMAIL_TAKEN", "User with this email already exists", "email")
INVALID_CREDENTIALS: Final = DomainError("INVALID_CREDENTIALS", "The email or the password is wrong")
USER_NOT_FOUND: Final = DomainError("USER_NOT_FOUND", "There is no such user")
NOT_ACTIVE: Final = DomainError("USER_NOT_ACTIVE", "Only an active user can have another role")
SAME_ROLE: Final = DomainError("SAME_ROLE", "The user has this role already", "role")
ADMIN_ROLE_NEEDS_SUPER_ADMIN: Final = DomainError(
    "FORBIDDEN", "Only a super admin makes and unmakes admins", "role"
)
ALREADY_ACTIVE: Final = DomainError("USER_ALREADY_ACTIVE", "The user is active already")

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[^\s@.<>()\[\],;:\\\"]+(\.[^\s@.<>()\[\],;:\\\"]+)+")
_LONGEST_EMAIL = 254
_SHORTEST_PASSWORD = 8
_LONGEST_PASSWORD_BYTES = 72  # bcrypt sees no further
_LONGEST_NAME = 100
_LONGEST_BIO = 2_000
_LONGEST_URL = 2_048
_LONGEST_SKILL = 50
_MOST_SKILLS = 30


@dataclass(frozen=True, slots=True)
class UserId(Identifier):
    """The identity of a user, in every context."""


@dataclass(frozen=True, slots=True)
class Email(ValueObject):
    """An address, in lower case: one person, one account, however it is typed."""

    value: str

    @classmethod
    def parse(cls, text: str) -> "Result[Email, DomainError]":
        """INVALID_EMAIL unless it has the form of an address; whether it exists, only a mail can tell."""
        address = text.strip().lower()
        if len(address) > _LONGEST_EMAIL or not _EMAIL.fullmatch(address) or not address.isprintable():
            return Failure(DomainError("INVALID_EMAIL", "This is not an email address", "email"))
        return Success(cls(address))


@dataclass(frozen=True, slots=True)
class Password(ValueObject):
    """A password somebody has chosen; never stored, never shown."""

    value: str = field(repr=False)

    @classmethod
    def choose(cls, text: str) -> "Result[Password, DomainError]":
        """WEAK_PASSWORD when short or one character repeated, PASSWORD_TOO_LONG beyond 72 bytes of UTF-8."""
        if len(text) < _SHORTEST_PASSWORD or len(set(text)) == 1:
            message = f"A password has at least {_SHORTEST_PASSWORD} characters, not all the same"
            return Failure(DomainError("WEAK_PASSWORD", message, "password"))
        if not cls.fits(text):
            message = f"A password has at most {_LONGEST_PASSWORD_BYTES} bytes of text"
            return Failure(DomainError("PASSWORD_TOO_LONG", message, "password"))
        return Success(cls(text))

    @staticmethod
    def fits(text: str) -> bool:
        """Whether it can be anybody's password at all."""
        try:
            return len(text.encode()) <= _LONGEST_PASSWORD_BYTES and "\0" not in text
        except UnicodeEncodeError:  # half a surrogate pair
            return False


@dataclass(frozen=True, slots=True)
class PasswordHash(ValueObject):
    """What is stored in place of a password."""

    value: str = field(repr=False)


class UserRole(StrEnum):
    """What somebody is at the academy."""

    STUDENT = "student"
    TUTOR = "tutor"
    STAFF = "staff"
    ADMIN = "admin"
    SUPER_ADMIN = "super_admin"

    @property
    def is_admin(self) -> bool:
        return self in (UserRole.ADMIN, UserRole.SUPER_ADMIN)


class UserStatus(StrEnum):
    """How far somebody has come with us."""

    PENDING_VERIFICATION = "pending_verification"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class SetTo(Generic[T]):
    """A new value, in a change that may leave other things as they are."""

    value: T


@dataclass(frozen=True, slots=True)
class UserProfile(ValueObject):
    """What somebody tells the others."""

    first_name: str
    last_name: str
    bio: str | None = None
    avatar_url: str | None = None
    skills: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        first_name: str,
        last_name: str,
        *,
        bio: str | None = None,
        avatar_url: str | None = None,
        skills: tuple[str, ...] = (),
    ) -> "Result[UserProfile, DomainError]":
        """INVALID_NAME, INVALID_BIO, INVALID_AVATAR_URL or INVALID_SKILLS, with the field at fault."""
        first_name, last_name, bio = first_name.strip(), last_name.strip(), (bio or "").strip() or None
        skills = tuple(dict.fromkeys(skill.strip() for skill in skills))
        for name, value in (("firstName", first_name), ("lastName", last_name)):
            if not 1 <= len(value) <= _LONGEST_NAME or not value.isprintable():
                message = f"A name has 1 to {_LONGEST_NAME} characters"
                return Failure(DomainError("INVALID_NAME", message, name))
        if bio and (len(bio) > _LONGEST_BIO or "\0" in bio):
            return Failure(DomainError("INVALID_BIO", f"A bio has at most {_LONGEST_BIO} characters", "bio"))
        if avatar_url is not None and not _is_https_url(avatar_url):
            return Failure(DomainError("INVALID_AVATAR_URL", "An avatar is an https address", "avatarUrl"))
        if len(skills) > _MOST_SKILLS or not all(map(_is_skill, skills)):
            message = f"At most {_MOST_SKILLS} skills of 1 to {_LONGEST_SKILL} characters"
            return Failure(DomainError("INVALID_SKILLS", message, "skills"))
        return Success(cls(first_name, last_name, bio, avatar_url, skills))

    def changed(
        self,
        *,
        first_name: SetTo[str] | None,
        last_name: SetTo[str] | None,
        bio: SetTo[str | None] | None,
        avatar_url: SetTo[str | None] | None,
        skills: SetTo[tuple[str, ...]] | None,
    ) -> "Result[UserProfile, DomainError]":
        """This profile with other values here and there; refused as in `of`."""
        return UserProfile.of(
            first_name.value if first_name else self.first_name,
            last_name.value if last_name else self.last_name,
            bio=bio.value if bio else self.bio,
            avatar_url=avatar_url.value if avatar_url else self.avatar_url,
            skills=skills.value if skills else self.skills,
        )


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


@dataclass(eq=False, kw_only=True)
class User(AggregateRoot[UserId]):
    """One person's account."""

    email: Email
    password_hash: PasswordHash
    profile: UserProfile
    role: UserRole
    status: UserStatus
    created_at: datetime
    updated_at: datetime

    @classmethod
    def register(
        cls,
        user_id: UserId,
        *,
        email: Email,
        password_hash: PasswordHash,
        profile: UserProfile,
        now: datetime,
    ) -> "User":
        """Somebody signs up: a student, until the address is verified a pending one."""
        user = cls.create(
            user_id,
            email=email,
            password_hash=password_hash,
            profile=profile,
            role=UserRole.STUDENT,
            status=UserStatus.PENDING_VERIFICATION,
            now=now,
        )
        user.raise_(UserRegistered(user_id, email))
        return user

    @classmethod
    def create(
        cls,
        user_id: UserId,
        *,
        email: Email,
        password_hash: PasswordHash,
        profile: UserProfile,
        role: UserRole,
        status: UserStatus,
        now: datetime,
    ) -> "User":
        """The academy makes an account for somebody."""
        user = cls(
            id=user_id,
            email=email,
            password_hash=password_hash,
            profile=profile,
            role=role,
            status=status,
            created_at=now,
            updated_at=now,
        )
        user.raise_(UserCreated(user_id, email, profile, role, status, now))
        return user

    def update_profile(self, profile: UserProfile, now: datetime) -> Result[None, DomainError]:
        """Tell the others something else; the same again is no event."""
        if profile != self.profile:
            self.profile, self.updated_at = profile, now
            self.raise_(UserProfileUpdated(self.id, profile, now))
        return Success(None)

    def activate(self, now: datetime) -> Result[None, DomainError]:
        """Take a pending user in. USER_ALREADY_ACTIVE."""
        if self.status is UserStatus.ACTIVE:
            return Failure(ALREADY_ACTIVE)
        self.status, self.updated_at = UserStatus.ACTIVE, now
        self.raise_(UserActivated(self.id))
        return Success(None)

    def change_role(
        self, role: UserRole, now: datetime, *, by_super_admin: bool
    ) -> Result[None, DomainError]:
        """Give another role. USER_NOT_ACTIVE, SAME_ROLE, or FORBIDDEN where only a super admin may."""
        if self.status is not UserStatus.ACTIVE:
            return Failure(NOT_ACTIVE)
        if role is self.role:
            return Failure(SAME_ROLE)
        if (role.is_admin or self.role.is_admin) and not by_super_admin:
            return Failure(ADMIN_ROLE_NEEDS_SUPER_ADMIN)
        old_role, self.role, self.updated_at = self.role, role, now
        self.raise_(UserRoleChanged(self.id, old_role, role))
        return Success(None)


def _is_skill(text: str) -> bool:
    return 1 <= len(text) <= _LONGEST_SKILL and text.isprintable()


def _is_https_url(text: str) -> bool:
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    return url.scheme == "https" and bool(url.hostname) and len(text) <= _LONGEST_URL and text.isprintable()
