"""The state of an aggregate at some version, so that its whole history need not be read each time.

Never the truth: a snapshot that is missing, old or of another shape costs time and nothing else.
"""

from typing import Any, TypeVar

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import EventSourced
from subgraphs.kernel.store.tables import snapshot

A = TypeVar("A", bound=EventSourced[Any])


def take(aggregate: EventSourced[Any]) -> dict[str, Any]:
    """The row of the aggregate's state, nothing of which is still to be stored."""
    state = msgspec.to_builtins(aggregate)
    del state["_events"]
    return {
        "version": aggregate.version,
        "state_version": aggregate.state_version,
        "data": msgspec.json.encode(state).decode(),
    }


async def keep(connection: AsyncConnection, stream: str, taken: dict[str, Any]) -> None:
    """Store a snapshot, unless there is a newer one of this shape."""
    row = insert(snapshot).values(stream=stream, **taken)
    await connection.execute(
        row.on_conflict_do_update(
            index_elements=[snapshot.c.stream],
            set_={name: row.excluded[name] for name in taken},
            where=(snapshot.c.version < row.excluded.version)
            | (snapshot.c.state_version != row.excluded.state_version),
        )
    )


async def restore(connection: AsyncConnection, stream: str, aggregate: type[A]) -> A | None:
    """The aggregate as of its snapshot, if there is one that this version of the program can read."""
    query = select(snapshot).where(snapshot.c.stream == stream)
    row = (await connection.execute(query)).one_or_none()
    if row is None or row.state_version != aggregate.state_version:
        return None
    try:
        restored: A = msgspec.json.decode(row.data, type=aggregate)
    except msgspec.DecodeError:
        return None
    return restored
