"""Users: the rules."""

from dataclasses import dataclass
from datetime import datetime

from subgraphs.identity.domain.credentials import Email, PasswordHash, UserId
from subgraphs.identity.domain.errors import (
    ADMIN_ROLE_NEEDS_SUPER_ADMIN,
    ALREADY_ACTIVE,
    NOT_ACTIVE,
    SAME_ROLE,
)
from subgraphs.identity.domain.events import (
    UserActivated,
    UserCreated,
    UserProfileUpdated,
    UserRegistered,
    UserRoleChanged,
)
from subgraphs.identity.domain.profile import UserProfile
from subgraphs.identity.domain.roles import UserRole, UserStatus
from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, Result, Success


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
