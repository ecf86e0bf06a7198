"""The users' table."""

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table, Text

from subgraphs.kernel.store.columns import UtcDateTime

metadata = MetaData()

users = Table(
    "identity_user",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("email", String(254), nullable=False, unique=True),
    Column("password_hash", String(128), nullable=False),
    Column("first_name", String(100), nullable=False),
    Column("last_name", String(100), nullable=False),
    Column("bio", Text),
    Column("avatar_url", String(2048)),
    Column("skills", JSON, nullable=False),
    Column("role", String(16), nullable=False, index=True),
    Column("status", String(32), nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("updated_at", UtcDateTime, nullable=False),
)
