"""Optimistic locking: a row is written only if it is as it was read."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, update
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import AggregateRoot


class ConcurrencyError(Exception):
    """Somebody else has changed the aggregate since it was loaded."""


async def update_versioned(
    connection: AsyncConnection, table: Table, aggregate: AggregateRoot[Any], values: Mapping[str, Any]
) -> None:
    """Store the aggregate's row (it has `id` and `version`) and move the version on, unless it has moved.

    ConcurrencyError then.
    """
    result = await connection.execute(
        update(table)
        .where(table.c.id == str(aggregate.id), table.c.version == aggregate.version)
        .values({**values, "version": aggregate.version + 1})
    )
    if result.rowcount != 1:
        raise ConcurrencyError(f"{table.name} {aggregate.id} is no longer at version {aggregate.version}")
    aggregate.version += 1
