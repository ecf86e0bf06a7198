"""Slices of tables: what comes after a position is found by an index, not by counting what comes before."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain.slice import Position, Slice, SliceRequest


class UnknownPositionError(Exception):
    """A position of another list."""


async def slice_of(
    rows: Select[Any],
    by: Sequence[ColumnElement[Any]],
    request: SliceRequest,
    connection: AsyncConnection,
    *,
    newest_first: bool = False,
) -> Slice[Row[Any]]:
    """The rows after a position, sorted by columns without nulls, the last of which is unique: all of them
    upwards, or all downwards when the `newest_first`. UnknownPositionError."""
    if request.after is not None:
        behind, position = tuple_(*by), tuple_(*_literals(by, request.after))
        rows = rows.where(behind < position if newest_first else behind > position)
    width = len(rows.selected_columns)
    found = await connection.execute(
        rows.add_columns(*by)
        .order_by(*(column.desc() if newest_first else column.asc() for column in by))
        .limit(request.first + 1)
    )
    sliced = found.all()
    items = tuple((tuple(row[width:]), row) for row in sliced[: request.first])
    return Slice(items, has_more=len(sliced) > request.first, has_previous=request.after is not None)


async def slices_of(
    rows: Select[Any],
    group: ColumnElement[Any],
    keys: Sequence[str],
    by: Sequence[ColumnElement[Any]],
    request: SliceRequest,
    connection: AsyncConnection,
    *,
    newest_first: bool = False,
) -> Mapping[str, Slice[Row[Any]]]:
    """As `slice_of`, for many groups by one statement: the same part of the rows of each of these keys.

    The selected columns have different names. UnknownPositionError.
    """
    if request.after is not None:
        behind, position = tuple_(*by), tuple_(*_literals(by, request.after))
        rows = rows.where(behind < position if newest_first else behind > position)
    order = [column.desc() if newest_first else column.asc() for column in by]
    numbered = (
        rows.add_columns(
            *(column.label(f"slice_by_{place}") for place, column in enumerate(by)),
            group.label("slice_group"),
            func.row_number().over(partition_by=group, order_by=order).label("slice_place"),
        )
        .where(group.in_(keys))
        .subquery()
    )
    first = numbered.c.slice_place <= request.first + 1
    found: dict[str, list[Row[Any]]] = {key: [] for key in keys}
    for row in await connection.execute(select(numbered).where(first).order_by(numbered.c.slice_place)):
        found[row.slice_group].append(row)
    width = len(rows.selected_columns)
    return {
        key: Slice(
            tuple((tuple(row[width : width + len(by)]), row) for row in group_rows[: request.first]),
            has_more=len(group_rows) > request.first,
            has_previous=request.after is not None,
        )
        for key, group_rows in found.items()
    }


def _literals(by: Sequence[ColumnElement[Any]], position: Position) -> Sequence[ColumnElement[Any]]:
    if len(by) != len(position):
        raise UnknownPositionError
    for column, part in zip(by, position, strict=True):
        if not isinstance(part, column.type.python_type):
            raise UnknownPositionError
    return [literal(part, column.type) for column, part in zip(by, position, strict=True)]
