"""Pages of any type: `Page[Course]` is the GraphQL type `CoursePage`."""

from collections.abc import Callable
from typing import Generic, TypeVar

import strawberry

from subgraphs.kernel import domain
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.domain import Failure, PageRequest, Success

T = TypeVar("T")
S = TypeVar("S")


@strawberry.type(description="A part of a list.")
class Page(Generic[T]):
    items: list[T]
    total: int = strawberry.field(description="How many there are in all.")
    offset: int
    limit: int
    has_more: bool

    @classmethod
    def of(cls, page: domain.Page[S], convert: Callable[[S], T]) -> "Page[T]":
        return cls(
            items=[convert(item) for item in page.items],
            total=page.total,
            offset=page.offset,
            limit=page.limit,
            has_more=page.has_more,
        )


def page_request(offset: int, limit: int) -> PageRequest:
    """The page a query asks for; QueryError with INVALID_PAGE when there is no such page."""
    match PageRequest.of(offset, limit):
        case Success(request):
            return request
        case Failure(error):
            raise QueryError(error)
