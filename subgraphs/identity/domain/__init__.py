"""People: who they are, how they prove it, what they tell the others, and what they want.

user                 the aggregate of an account: signing up, verifying, roles, passwords, leaving
profile              what somebody tells the others, an aggregate of its own
settings             how somebody wants to be treated, an aggregate of its own
session              a login that lasts, and the refresh tokens that it goes on with
one_time_token       proof that somebody reads their mail
lockout              how often a password may be tried
credentials          ids, email addresses, passwords, names, and what is stored of secrets
roles                what somebody may be, and how far they have come
user_domain_service  who may manage whom
events               what happened
errors               what the rules answer when they say no
"""

from subgraphs.identity.domain.credentials import (
    Email,
    Password,
    PasswordHash,
    PersonName,
    SecretHash,
    SessionId,
    UserId,
)
from subgraphs.identity.domain.errors import (
    EMAIL_TAKEN,
    INVALID_CREDENTIALS,
    INVALID_REFRESH_TOKEN,
    INVALID_TOKEN,
    SESSION_NOT_FOUND,
    USER_NOT_FOUND,
)
from subgraphs.identity.domain.events import (
    PasswordChanged,
    UserActivated,
    UserCreated,
    UserDeactivated,
    UserDeleted,
    UserProfileCreated,
    UserProfileUpdated,
    UserRegistered,
    UserRoleChanged,
    UserSettingsCreated,
    UserSettingsUpdated,
    UserUpdated,
    UserVerified,
)
from subgraphs.identity.domain.lockout import Lockout, LockoutRule
from subgraphs.identity.domain.one_time_token import EmailChange, OneTimeToken
from subgraphs.identity.domain.profile import ProfileDetails, SetTo, UserProfile
from subgraphs.identity.domain.roles import Origin, UserRole, UserStatus
from subgraphs.identity.domain.session import EndReason, Session
from subgraphs.identity.domain.settings import Preferences, UserSettings
from subgraphs.identity.domain.user import User

__all__ = [
    "EMAIL_TAKEN",
    "INVALID_CREDENTIALS",
    "INVALID_REFRESH_TOKEN",
    "INVALID_TOKEN",
    "SESSION_NOT_FOUND",
    "USER_NOT_FOUND",
    "Email",
    "EmailChange",
    "EndReason",
    "Lockout",
    "LockoutRule",
    "OneTimeToken",
    "Origin",
    "Password",
    "PasswordChanged",
    "PasswordHash",
    "PersonName",
    "Preferences",
    "ProfileDetails",
    "SecretHash",
    "Session",
    "SessionId",
    "SetTo",
    "User",
    "UserActivated",
    "UserCreated",
    "UserDeactivated",
    "UserDeleted",
    "UserId",
    "UserProfile",
    "UserProfileCreated",
    "UserProfileUpdated",
    "UserRegistered",
    "UserRole",
    "UserRoleChanged",
    "UserSettings",
    "UserSettingsCreated",
    "UserSettingsUpdated",
    "UserStatus",
    "UserUpdated",
    "UserVerified",
]
