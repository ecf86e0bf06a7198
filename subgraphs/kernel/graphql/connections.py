"""Lists that grow, as cursor connections: `Connection[Payment]` is the GraphQL type `PaymentConnection`.

The GraphQL Cursor Connections Specification, forwards only: `first` and `after`.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final, Generic, TypeAlias, TypeVar

import msgspec
import strawberry
from strawberry.federation.schema_directives import ListSize

from subgraphs.kernel import domain
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.domain import Failure, SliceRequest, Success
from subgraphs.kernel.domain.slice import INVALID_CURSOR, Position

T = TypeVar("T")
S = TypeVar("S")

First: TypeAlias = Annotated[int, strawberry.argument(description="How many to return at most: 1 to 100.")]
After: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Return what comes after this cursor.")
]

_USUAL_SIZE: Final = 20

SIZED_BY_FIRST: Final = ListSize(
    assumed_size=_USUAL_SIZE,
    slicing_arguments=["first"],
    sized_fields=["edges", "nodes"],
    require_one_slicing_argument=False,
)
"""What a connection costs: as many items as are asked for (a directive of fields that return one)."""


@strawberry.federation.type(shareable=True, tags=["public"], description="What lies around a part of a list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there is more after this part.")
    has_previous_page: bool = strawberry.field(description="Whether there is something before this part.")
    start_cursor: str | None = strawberry.field(description="Of the first item; null when there is none.")
    end_cursor: str | None = strawberry.field(
        description="Of the last item, for the next `after`; null when there is none."
    )


@strawberry.federation.type(tags=["public"], description="An item, and its place in the list.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="Its place, for `after`. Nothing can be read in it.")
    node: T = strawberry.field(description="The item.")


@strawberry.federation.type(tags=["public"], description="A part of a list that grows.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The items with their cursors.")
    nodes: list[T] = strawberry.field(description="The items without their cursors.")
    page_info: PageInfo = strawberry.field(description="Whether there is more.")

    @classmethod
    def of(cls, found: domain.Slice[S], convert: Callable[[S], T]) -> "Connection[T]":
        edges = [Edge(cursor=_cursor(position), node=convert(item)) for position, item in found.items]
        return cls(
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=PageInfo(
                has_next_page=found.has_more,
                has_previous_page=found.has_previous,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
        )


def slice_request(first: int, after: str | None) -> SliceRequest:
    """The part a query asks for. QueryError with INVALID_PAGE or INVALID_CURSOR when there is none such."""
    match SliceRequest.of(first, None if after is None else _position(after)):
        case Success(request):
            return request
        case Failure(error):
            raise QueryError(error)


class _Instant(msgspec.Struct, frozen=True):
    at: Annotated[datetime, msgspec.Meta(tz=True)]


_Integer: TypeAlias = Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)]

_PARTS = msgspec.json.Decoder(tuple[str | _Integer | _Instant, ...])


def _cursor(position: Position) -> str:
    parts = [_Instant(part) if isinstance(part, datetime) else part for part in position]
    return urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


def _position(cursor: str) -> Position:
    try:
        parts = _PARTS.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:  # msgspec's errors, base64's and ASCII's alike
        raise QueryError(INVALID_CURSOR) from None
    return tuple(part.at if isinstance(part, _Instant) else part for part in parts)
