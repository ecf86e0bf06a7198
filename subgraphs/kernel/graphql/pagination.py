"""Pages of any type: `Page[Course]` is the GraphQL type `CoursePage`."""

from collections.abc import Callable
from typing import Annotated, Final, Generic, TypeAlias, TypeVar

import strawberry
from strawberry.federation.schema_directives import ListSize

from subgraphs.kernel import domain
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.domain import DomainError, Failure, PageRequest, Success

T = TypeVar("T")
S = TypeVar("S")


PageOffset: TypeAlias = Annotated[int, strawberry.argument(description="How many to skip.")]
PageNumber: TypeAlias = Annotated[int, strawberry.argument(description="Which page, counted from 1.")]
PageLimit: TypeAlias = Annotated[
    int, strawberry.argument(description="How many to return at most: 1 to 100.")
]

_USUAL_SIZE: Final = 20

SIZED_BY_LIMIT: Final = ListSize(
    assumed_size=_USUAL_SIZE,
    slicing_arguments=["limit"],
    sized_fields=["items"],
    require_one_slicing_argument=False,
)
"""What a page costs: as many items as are asked for (a directive of fields that return one)."""

LIST_SIZED_BY_LIMIT: Final = ListSize(
    assumed_size=_USUAL_SIZE,
    slicing_arguments=["limit"],
    sized_fields=strawberry.UNSET,
    require_one_slicing_argument=False,
)
"""The same for fields that return the list itself."""


@strawberry.federation.type(tags=["public"], description="A part of a list.")
class Page(Generic[T]):
    items: list[T] = strawberry.field(description="Those of this part.")
    total: int = strawberry.field(description="How many there are in all.")
    offset: int = strawberry.field(description="How many were skipped.")
    limit: int = strawberry.field(description="How many were asked for at most.")
    has_more: bool = strawberry.field(description="Whether there are more after these.")

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


def numbered_page(page: int, limit: int) -> PageRequest:
    """The page of this number, from 1; QueryError with INVALID_PAGE when there is no such page."""
    if page < 1:
        raise QueryError(DomainError("INVALID_PAGE", "page must be 1 or more", "page"))
    return page_request((page - 1) * limit, limit)
