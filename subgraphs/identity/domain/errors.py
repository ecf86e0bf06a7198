"""What the rules of people answer when they say no."""

from typing import Final

from subgraphs.kernel.domain import DomainError

EMAIL_TAKEN: Final = DomainError("EMAIL_TAKEN", "User with this email already exists", "email")
INVALID_CREDENTIALS: Final = DomainError("INVALID_CREDENTIALS", "The email or the password is wrong")
SAME_EMAIL: Final = DomainError("SAME_EMAIL", "This is your address already", "newEmail")
USER_NOT_FOUND: Final = DomainError("USER_NOT_FOUND", "There is no such user")
NOT_ACTIVE: Final = DomainError("USER_NOT_ACTIVE", "Only an active user can have another role")
SAME_ROLE: Final = DomainError("SAME_ROLE", "The user has this role already", "role")
ADMIN_ROLE_NEEDS_SUPER_ADMIN: Final = DomainError(
    "FORBIDDEN", "Only a super admin makes and unmakes admins", "role"
)
NOT_TO_ONESELF: Final = DomainError("FORBIDDEN", "Nobody does this to their own account: ask somebody else")
NOT_YOURS_TO_MANAGE: Final = DomainError("FORBIDDEN", "You may not do this to a user of this role")
ALREADY_ACTIVE: Final = DomainError("USER_ALREADY_ACTIVE", "The user is active already")
ALREADY_DEACTIVATED: Final = DomainError("USER_ALREADY_DEACTIVATED", "The user is deactivated already")
ALREADY_VERIFIED: Final = DomainError("EMAIL_ALREADY_VERIFIED", "This email address is verified already")
ACCOUNT_DEACTIVATED: Final = DomainError("ACCOUNT_DEACTIVATED", "This account is deactivated")
EXTERNAL_LOGIN_FAILED: Final = DomainError(
    "EXTERNAL_LOGIN_FAILED", "The identity provider does not say who this is: try again there"
)
NO_IDENTITY_PROVIDER: Final = DomainError("NO_IDENTITY_PROVIDER", "There is no identity provider here")
INVALID_TOKEN: Final = DomainError(
    "INVALID_TOKEN", "This is not valid, or no longer: ask for another", "token"
)
WRONG_PASSWORD: Final = DomainError("WRONG_PASSWORD", "This is not your password", "currentPassword")
SESSION_NOT_FOUND: Final = DomainError("SESSION_NOT_FOUND", "There is no such session", "sessionId")
INVALID_REFRESH_TOKEN: Final = DomainError(
    "INVALID_REFRESH_TOKEN", "This is not valid, or no longer: log in again", "refreshToken"
)
REFRESH_TOKEN_REUSED: Final = DomainError(
    "REFRESH_TOKEN_REUSED", "This was used before, so the session has ended: log in again", "refreshToken"
)
