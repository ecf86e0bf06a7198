"""The tables of the registry. What changes them is a migration, too."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.types import TypeDecorator

metadata: Final = MetaData()


class Instant(TypeDecorator[datetime]):
    """A time in UTC as whole microseconds since 1970, exact and sortable on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        since = value.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        seconds, microseconds = divmod(value, 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)


artifacts: Final = Table(
    "registry_artifact",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("content", Text, nullable=False),
)

variants: Final = Table(
    "registry_variant",
    metadata,
    Column("graph", String(64), primary_key=True),
    Column("variant", String(64), primary_key=True),
    Column("latest", Integer, nullable=False),
    Column("head", Integer, nullable=False),
    Column("serving", Integer),
    Column("created_at", Instant, nullable=False),
)

versions: Final = Table(
    "registry_version",
    metadata,
    Column("graph", String(64), primary_key=True),
    Column("variant", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("cause", String(16), nullable=False),
    Column("parts", JSON, nullable=False),
    Column("supergraph", String(64)),
    Column("api_schema", String(64)),
    Column("findings", JSON, nullable=False),
    Column("origin", JSON, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("source", Integer),  # of a contract: the version of its source
    ForeignKeyConstraint(["graph", "variant"], ["registry_variant.graph", "registry_variant.variant"]),
)

tokens: Final = Table(
    "registry_token",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    Column("last_used_at", Instant),
    Column("first", Boolean, unique=True),  # true for the one that was made with the registry, else null
)

audit: Final = Table(
    "registry_audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("action", String(32), nullable=False),
    Column("target", Text, nullable=False),
    Column("detail", JSON, nullable=False),
)

operations: Final = Table(
    "registry_operation",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("name", Text),
    Column("document", Text, nullable=False),
)

usage: Final = Table(
    "registry_usage",
    metadata,
    Column("graph", String(64), primary_key=True),
    Column("variant", String(64), primary_key=True),
    Column("hour", Instant, primary_key=True),  # the first of `hours`
    Column("operation", String(64), primary_key=True),
    Column("client", String(200), primary_key=True),
    Column("client_version", String(200), primary_key=True),
    Column("requests", BigInteger, nullable=False),
    Column("errors", BigInteger, nullable=False),
    Column("durations", JSON, nullable=False),
    Column("hours", Integer, nullable=False, server_default=text("1")),  # 24 for a day of long ago
    Index("ix_registry_usage_hours_hour", "hours", "hour"),
)

reports: Final = Table(  # what was taken, lest it is taken twice
    "registry_report",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
)

checks: Final = Table(
    "registry_check",
    metadata,
    Column("graph", String(64), primary_key=True),
    Column("variant", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("subgraph", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("report", JSON, nullable=False),
    Column("origin", JSON, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

approvals: Final = Table(
    "registry_approval",
    metadata,
    Column("graph", String(64), primary_key=True),
    Column("variant", String(64), primary_key=True),
    Column("fingerprint", String(64), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Date),
    Column("check", Integer),  # that had the finding, where it is known
    Column("finding", Text),
)

contracts: Final = Table(
    "registry_contract",
    metadata,
    Column("graph", String(64), primary_key=True),
    Column("variant", String(64), primary_key=True),
    Column("source", String(64), nullable=False),  # a variant of the same graph
    Column("include", JSON, nullable=False),
    Column("exclude", JSON, nullable=False),
    Column("hide_unreachable_types", Boolean, nullable=False),
)

check_settings: Final = Table(
    "registry_check_settings",
    metadata,
    Column("graph", String(64), primary_key=True),
    Column("variant", String(64), primary_key=True),
    Column("settings", JSON, nullable=False),
)

webhooks: Final = Table(
    "registry_webhook",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("pattern", Text, nullable=False),
    Column("form", String(16), nullable=False),
    Column("by", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("sealed", Text, nullable=False),  # url and secret
)

webhook_deliveries: Final = Table(
    "registry_webhook_delivery",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("webhook", String(32), nullable=False, index=True),
    Column("topic", String(32), nullable=False),
    Column("target", Text),
    Column("at", Instant, nullable=False),
    Column("data", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", Instant, index=True),  # null when it is over
    Column("status", Integer),
    Column("reason", Text),
    Column("finished_at", Instant),
)

Row: TypeAlias = Mapping[str, Any] | RowMapping
