"""What somebody is at the academy."""

from enum import StrEnum


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
