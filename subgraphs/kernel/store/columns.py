"""Column types that mean the same on every database."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text, TypeDecorator

Position = BigInteger().with_variant(Integer, "sqlite")
"""A row's place in a table that grows for ever. SQLite counts up only what is called INTEGER there."""

_LONGEST_ERROR: Final = 4_000


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


class ErrorText(TypeDecorator[str]):
    """What an error said, as much of it as is of use: its beginning.

    Errors quote what they complain of, and that may be what a database takes for no text; that is replaced,
    as a failure that cannot be recorded would be met again and again.
    """

    impl = Text
    cache_ok = True

    @property
    def python_type(self) -> type[str]:
        return str

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        said = value if len(value) <= _LONGEST_ERROR else f"{value[: _LONGEST_ERROR - 4]} ..."
        readable = said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return readable.replace("\0", "\N{REPLACEMENT CHARACTER}")
