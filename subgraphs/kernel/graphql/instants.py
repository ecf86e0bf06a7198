"""Instants that clients send, in UTC whatever clock they were read from."""

from datetime import UTC, datetime
from operator import methodcaller
from typing import Final

from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.scalar import ScalarDefinition


def parse_instant(value: object) -> datetime:
    """An instant in ISO 8601; one without a time zone is UTC. StrawberryInputCoercionError."""
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
        if instant is not None:
            return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):  # the first and the last day are only whole in UTC
        pass
    message = f"This is not an instant, such as 2026-11-29T18:00:00+01:00: {value!r}"
    raise StrawberryInputCoercionError(message)


INSTANT: Final = ScalarDefinition(
    name="DateTime",
    description="Date with time (isoformat)",
    specified_by_url=None,
    serialize=methodcaller("isoformat"),
    parse_value=parse_instant,
    parse_literal=None,
    origin=datetime,
)
"""What DateTime is in all schemas."""
