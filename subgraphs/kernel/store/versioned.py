"""Optimistic locking: a row is written only if it is as it was read."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Table, Update, bindparam, update
from sqlalchemy.dialects.postgresql import Insert, insert

from subgraphs.kernel.domain import AggregateRoot
from subgraphs.kernel.store.unit_of_work import UnitOfWork


class ConcurrencyConflict(Exception):  # noqa: N818 -- not an error: the command bus runs the command again
    """Somebody else has changed the aggregate since it was loaded."""


async def save_versioned(
    work: UnitOfWork,
    table: Table,
    aggregate: AggregateRoot[Any],
    values: Mapping[str, Any],
    *,
    once: Mapping[str, Any] | None = None,
) -> None:
    """Store the aggregate's row (it has `id` and `version`) and move the version on, unless it has moved.

    A new aggregate's row is inserted, with the values it gets `once` besides. ConcurrencyConflict when the
    row is no longer what was loaded, or when there already is one that the new one is not allowed beside.
    SecondAggregateError when the transaction has changed another aggregate.
    """
    work.changes(aggregate)
    following = aggregate.version + 1
    if aggregate.version == 0:
        row = {**values, **(once or {}), "id": str(aggregate.id), "version": following}
        result = await work.connection.execute(_insertion(table), row)
    else:
        loaded = {"loaded_id": str(aggregate.id), "loaded_version": aggregate.version}
        result = await work.connection.execute(_change(table), {**values, **loaded, "version": following})
    if result.rowcount != 1:
        raise ConcurrencyConflict(f"{table.name} {aggregate.id} is no longer at version {aggregate.version}")
    aggregate.version = following


# To write a statement down costs several times what it costs to run it: once for each table is enough.
@cache
def _insertion(table: Table) -> Insert:
    return insert(table).on_conflict_do_nothing()


@cache
def _change(table: Table) -> Update:
    return update(table).where(
        table.c.id == bindparam("loaded_id"), table.c.version == bindparam("loaded_version")
    )
