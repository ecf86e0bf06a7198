"""Identity's tables."""

from sqlalchemy import JSON, Column, Index, Integer, MetaData, String, Table, Text

from subgraphs.kernel.store.columns import UtcDateTime

metadata = MetaData()

users = Table(
    "identity_user",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("email", String(254), nullable=False, unique=True),
    Column("password_hash", String(128)),
    Column("first_name", String(100), nullable=False),
    Column("last_name", String(100), nullable=False),
    Column("role", String(16), nullable=False, index=True),
    Column("status", String(32), nullable=False),
    Column("subscription_id", String(64)),
    Column("verification_hash", String(64), unique=True),
    Column("verification_expires_at", UtcDateTime),
    Column("password_reset_hash", String(64), unique=True),
    Column("password_reset_expires_at", UtcDateTime),
    Column("new_email", String(254)),
    Column("email_change_hash", String(64), unique=True),
    Column("email_change_expires_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("updated_at", UtcDateTime, nullable=False),
)

profiles = Table(
    "identity_profile",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("first_name", String(100), nullable=False),
    Column("last_name", String(100), nullable=False),
    Column("bio", Text),
    Column("avatar_url", String(2048)),
    Column("skills", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)
"""By the user's id."""

settings = Table(
    "identity_settings",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)
"""By the user's id."""

sessions = Table(
    "identity_session",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("user_id", String(36), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False),
    Column("user_agent", String(256)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("ended_at", UtcDateTime),
    Column("end_reason", String(32)),
)

refresh_tokens = Table(
    "identity_refresh_token",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("session_id", String(36), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_identity_refresh_token_session", "session_id", "expires_at"),
)
"""Every token that a session has had, so that one that is shown again is known."""

external_identities = Table(
    "identity_external_identity",
    metadata,
    Column("issuer", String(255), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("user_id", String(36), nullable=False, index=True),
)
"""Which user somebody is that an identity provider vouches for."""

login_attempts = Table(
    "identity_login_attempts",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False, index=True),
    Column("until", UtcDateTime),
)
"""By what is counted, such as the digest of an email address."""
