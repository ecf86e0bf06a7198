"""Profiles and settings beside the accounts; sessions, refresh tokens, one-time tokens, login attempts."""

import sqlalchemy as sa
from alembic import op

from subgraphs.kernel.store.columns import UtcDateTime

revision = "0002_trust"
down_revision = "0001_users"


def upgrade() -> None:
    op.create_table(
        "identity_profile",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("first_name", sa.String(100), nullable=False),
        sa.Column("last_name", sa.String(100), nullable=False),
        sa.Column("bio", sa.Text),
        sa.Column("avatar_url", sa.String(2048)),
        sa.Column("skills", sa.JSON, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "identity_settings",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
    )
    _move_profiles_and_make_settings()
    with op.batch_alter_table("identity_user") as users:
        for moved in ("bio", "avatar_url", "skills"):
            users.drop_column(moved)
        users.alter_column("password_hash", existing_type=sa.String(128), nullable=True)
        users.add_column(sa.Column("subscription_id", sa.String(64)))
        for token in ("verification", "password_reset"):
            users.add_column(sa.Column(f"{token}_hash", sa.String(64)))
            users.add_column(sa.Column(f"{token}_expires_at", UtcDateTime))
            users.create_unique_constraint(f"uq_identity_user_{token}_hash", [f"{token}_hash"])
    op.create_table(
        "identity_session",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("user_id", sa.String(36), nullable=False, index=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("user_agent", sa.String(256)),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("last_used_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("end_reason", sa.String(32)),
    )
    op.create_table(
        "identity_refresh_token",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
    )
    op.create_index(
        "ix_identity_refresh_token_session", "identity_refresh_token", ["session_id", "expires_at"]
    )
    op.create_table(
        "identity_login_attempts",
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("last_at", UtcDateTime, nullable=False, index=True),
        sa.Column("until", UtcDateTime),
    )


def _move_profiles_and_make_settings() -> None:
    op.execute(
        "INSERT INTO identity_profile"
        " (id, version, first_name, last_name, bio, avatar_url, skills, created_at, updated_at)"
        " SELECT id, 1, first_name, last_name, bio, avatar_url, skills, created_at, updated_at"
        " FROM identity_user"
    )
    op.execute(
        "INSERT INTO identity_settings (id, version, time_zone, created_at, updated_at)"
        " SELECT id, 1, 'UTC', created_at, updated_at FROM identity_user"
    )
