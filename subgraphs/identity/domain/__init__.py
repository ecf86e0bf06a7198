"""Users: who they are, what they may be, how they prove it.

user         the aggregate: registering, activating, changing roles and profiles
credentials  ids, email addresses, passwords and what is stored of them
profile      what somebody tells the others
roles        what somebody may be
events       what happened
errors       what the rules answer when they say no
"""

from subgraphs.identity.domain.credentials import Email, Password, PasswordHash, UserId
from subgraphs.identity.domain.errors import EMAIL_TAKEN, INVALID_CREDENTIALS, USER_NOT_FOUND
from subgraphs.identity.domain.events import (
    UserActivated,
    UserCreated,
    UserProfileUpdated,
    UserRegistered,
    UserRoleChanged,
)
from subgraphs.identity.domain.profile import SetTo, UserProfile
from subgraphs.identity.domain.roles import UserRole, UserStatus
from subgraphs.identity.domain.user import User

__all__ = [
    "EMAIL_TAKEN",
    "INVALID_CREDENTIALS",
    "USER_NOT_FOUND",
    "Email",
    "Password",
    "PasswordHash",
    "SetTo",
    "User",
    "UserActivated",
    "UserCreated",
    "UserId",
    "UserProfile",
    "UserProfileUpdated",
    "UserRegistered",
    "UserRole",
    "UserRoleChanged",
    "UserStatus",
]
