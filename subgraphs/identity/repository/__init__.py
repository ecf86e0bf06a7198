"""How aggregates are loaded from the database and stored: within the caller's transaction."""

from subgraphs.identity.repository.attempts import LoginAttempts, forget_attempts
from subgraphs.identity.repository.external import forget_identities, link_identity, linked_user
from subgraphs.identity.repository.profiles import ProfileRepository
from subgraphs.identity.repository.sessions import (
    SessionRepository,
    end_sessions_of,
    forget_expired_sessions,
    forget_sessions_of,
)
from subgraphs.identity.repository.settings import SettingsRepository
from subgraphs.identity.repository.users import UserRepository, add_user, save_user

__all__ = [
    "LoginAttempts",
    "ProfileRepository",
    "SessionRepository",
    "SettingsRepository",
    "UserRepository",
    "add_user",
    "end_sessions_of",
    "forget_attempts",
    "forget_expired_sessions",
    "forget_identities",
    "forget_sessions_of",
    "link_identity",
    "linked_user",
    "save_user",
]
