"""Column types that mean the same on every database."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, TypeDecorator

Position = BigInteger().with_variant(Integer, "sqlite")
"""A row's place in a table that grows for ever. SQLite counts up only what is called INTEGER there."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. SQLite forgets time zones: it goes in as UTC and comes out aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
