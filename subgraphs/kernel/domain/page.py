"""A part of a long list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from subgraphs.kernel.domain.errors import DomainError
from subgraphs.kernel.domain.result import Failure, Result, Success

T = TypeVar("T")
U = TypeVar("U")

LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which part: skip `offset` items, then take at most `limit`."""

    offset: int = 0
    limit: int = 10

    @classmethod
    def of(cls, offset: int, limit: int) -> "Result[PageRequest, DomainError]":
        """INVALID_PAGE when the offset is negative or the limit is not within 1 to LARGEST_PAGE."""
        if offset < 0:
            return Failure(DomainError("INVALID_PAGE", "offset must not be negative", "offset"))
        if not 1 <= limit <= LARGEST_PAGE:
            return Failure(DomainError("INVALID_PAGE", f"limit must be 1 to {LARGEST_PAGE}", "limit"))
        return Success(cls(offset, limit))


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The items of one part, and how many there are in all."""

    items: tuple[T, ...]
    total: int
    offset: int
    limit: int

    def map(self, change: Callable[[T], U]) -> "Page[U]":
        return Page(tuple(change(item) for item in self.items), self.total, self.offset, self.limit)

    @property
    def has_more(self) -> bool:
        return self.offset + len(self.items) < self.total
