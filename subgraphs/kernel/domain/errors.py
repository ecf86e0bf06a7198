"""What a domain model answers when its rules say no."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DomainError:
    """An expected refusal: a value, never raised by the domain.

    `code` is stable and in UPPER_SNAKE, for programs; `message` is for people; `field` names the input
    field at fault; `retry_after` is in how many seconds it may be otherwise.
    """

    code: str
    message: str
    field: str | None = None
    retry_after: int | None = None
