"""What the rules of users answer when they say no."""

from typing import Final

from subgraphs.kernel.domain import DomainError

EMAIL_TAKEN: Final = DomainError("EMAIL_TAKEN", "User with this email already exists", "email")
INVALID_CREDENTIALS: Final = DomainError("INVALID_CREDENTIALS", "The email or the password is wrong")
USER_NOT_FOUND: Final = DomainError("USER_NOT_FOUND", "There is no such user")
NOT_ACTIVE: Final = DomainError("USER_NOT_ACTIVE", "Only an active user can have another role")
SAME_ROLE: Final = DomainError("SAME_ROLE", "The user has this role already", "role")
ADMIN_ROLE_NEEDS_SUPER_ADMIN: Final = DomainError(
    "FORBIDDEN", "Only a super admin makes and unmakes admins", "role"
)
ALREADY_ACTIVE: Final = DomainError("USER_ALREADY_ACTIVE", "The user is active already")
