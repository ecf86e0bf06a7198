"""Reading on from a position finds every row once, and none that a client has seen already."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Row, String, Table, insert, select

from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.domain import Slice, SliceRequest
from subgraphs.kernel.domain.slice import Position
from subgraphs.kernel.graphql.connections import Connection, slice_request
from subgraphs.kernel.store.columns import UtcDateTime
from subgraphs.kernel.store.slices import UnknownPositionError, slice_of
from tests.subgraphs.kernel.orchard import Orchard

letter = Table("letter", MetaData(), Column("id", String, primary_key=True), Column("sent_at", UtcDateTime))

_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_BY = (letter.c.sent_at, letter.c.id)


@pytest.fixture
async def post(garden: Orchard) -> Orchard:
    """Seven letters; three of them were sent in one instant."""
    async with garden.transactions.database.transaction() as connection:
        await connection.run_sync(letter.metadata.create_all)
        for number, name in enumerate("abcdefg"):
            sent_at = _NOON + timedelta(minutes=number if number > 2 else 0, microseconds=1)
            await connection.execute(insert(letter).values(id=name, sent_at=sent_at))
    return garden


async def _read(post: Orchard, request: SliceRequest, *, newest_first: bool = False) -> Slice[Row[Any]]:
    async with post.transactions.database.read() as connection:
        return await slice_of(select(letter.c.id), _BY, request, connection, newest_first=newest_first)


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("first", [1, 2, 3, 7, 8])
async def test_slices_are_the_whole_list(post: Orchard, first: int, *, newest_first: bool) -> None:
    names: list[str] = []
    cursor: str | None = None
    while True:
        found = await _read(post, slice_request(first, cursor), newest_first=newest_first)
        page = Connection.of(found, lambda row: str(row.id))
        assert page.page_info.has_previous_page is (cursor is not None)
        names += page.nodes
        if not page.page_info.has_next_page:
            break
        cursor = page.page_info.end_cursor
    assert names == (list("gfedcba") if newest_first else list("abcdefg"))


async def test_what_comes_in_before_a_position_moves_nothing(post: Orchard) -> None:
    first = await _read(post, SliceRequest(2), newest_first=True)
    async with post.transactions.database.transaction() as connection:
        await connection.execute(insert(letter).values(id="new", sent_at=_NOON + timedelta(days=1)))
    then = await _read(post, SliceRequest(2, first.items[-1][0]), newest_first=True)
    assert [row.id for _, row in (*first.items, *then.items)] == list("gfed")


@pytest.mark.parametrize("position", [("a",), (_NOON,), ("a", _NOON), (1, "a"), (_NOON, "a", "b")])
async def test_a_position_of_another_list_is_refused(post: Orchard, position: Position) -> None:
    with pytest.raises(UnknownPositionError):
        await _read(post, SliceRequest(2, position))


@pytest.mark.parametrize("cursor", ["", "%", "ö", "bm8", "eyJhIjoxfQ", "WzFlOTld", "W3siYXQiOiJub3cifV0"])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(QueryError, match="not a cursor"):
        slice_request(10, cursor)


@pytest.mark.parametrize("first", [-1, 0, 101])
def test_the_size_of_a_slice_is_limited(first: int) -> None:
    with pytest.raises(QueryError, match="1 to 100"):
        slice_request(first, None)
