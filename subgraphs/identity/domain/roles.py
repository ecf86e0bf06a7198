"""What somebody is at the academy, how far they have come with us, and how they came to us."""

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
    """How far somebody has come with us. DELETED: all that is left is the id, for what refers to it."""

    PENDING_VERIFICATION = "pending_verification"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    DELETED = "deleted"


class Origin(StrEnum):
    """How an account came about: somebody signed up, the staff made it, another system brought it."""

    REGISTERED = "registered"
    INVITED = "invited"
    IMPORTED = "imported"
