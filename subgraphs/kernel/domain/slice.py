"""A stretch of a list that grows: so many items behind a position, whatever came in before it meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeAlias, TypeVar

from subgraphs.kernel.domain.errors import DomainError
from subgraphs.kernel.domain.page import LARGEST_PAGE
from subgraphs.kernel.domain.result import Failure, Result, Success

T = TypeVar("T")
U = TypeVar("U")

Position: TypeAlias = tuple[str | int | datetime, ...]
"""What an item is sorted by, in order; the last part tells all items apart."""

INVALID_CURSOR: Final = DomainError("INVALID_CURSOR", "This is not a cursor of this list", "after")


@dataclass(frozen=True, slots=True)
class SliceRequest:
    """The `first` items after a position; from the beginning when there is none."""

    first: int = 20
    after: Position | None = None

    @classmethod
    def of(cls, first: int, after: Position | None = None) -> "Result[SliceRequest, DomainError]":
        """INVALID_PAGE when `first` is not within 1 to LARGEST_PAGE."""
        if not 1 <= first <= LARGEST_PAGE:
            return Failure(DomainError("INVALID_PAGE", f"first must be 1 to {LARGEST_PAGE}", "first"))
        return Success(cls(first, after))


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """Items with their positions, and what lies around them."""

    items: tuple[tuple[Position, T], ...]
    has_more: bool
    has_previous: bool

    def map(self, change: Callable[[T], U]) -> "Slice[U]":
        items = tuple((position, change(item)) for position, item in self.items)
        return Slice(items, self.has_more, self.has_previous)
