"""What was asked under which key, and what came of it.

A key belongs to a scope (who asked, and whom), so that nobody meets another's keys.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.store.tables import idempotency

_REMEMBERED_FOR: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Key:
    """A client's name for one wish. `request_hash` is that of what was wished for."""

    scope: str
    key: str
    request_hash: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """An earlier use of a key."""

    request_hash: str
    result: str
    version: str | None


async def take_key(connection: AsyncConnection, key: Key, *, now: datetime) -> Remembered | None:
    """Use a key for the first time: None; or what came of it before.

    Waits while another transaction uses the same key for the first time; if that is rolled back, ours is the
    first.
    """
    fresh = {"request_hash": key.request_hash, "result": "null", "expires_at": now + _REMEMBERED_FOR}
    taken = await connection.execute(_TAKE, {"scope": key.scope, "key": key.key, **fresh, "now": now})
    if taken.rowcount == 1:
        return None
    row = (await connection.execute(_FIND, _names(key))).one()
    return Remembered(row.request_hash, row.result, row.version)


async def find_key(connection: AsyncConnection, key: Key, *, now: datetime) -> Remembered | None:
    """What came of an earlier use of a key, if there was one."""
    ours = (idempotency.c.scope == key.scope, idempotency.c.key == key.key, idempotency.c.expires_at > now)
    row = (await connection.execute(select(idempotency).where(*ours))).one_or_none()
    return None if row is None else Remembered(row.request_hash, row.result, row.version)


async def remember(connection: AsyncConnection, key: Key, result: str, version: str | None) -> None:
    """Keep what came of it, in the transaction in which it came about, and what that has written."""
    await connection.execute(_REMEMBER, {**_names(key), "result": result, "version": version})


def _names(key: Key) -> dict[str, str]:
    return {"of_scope": key.scope, "of_key": key.key}


# Asked for every command: to write these statements down costs more than to run them.
_OURS: Final = (idempotency.c.scope == bindparam("of_scope"), idempotency.c.key == bindparam("of_key"))
_FIND: Final = select(idempotency).where(*_OURS)
_REMEMBER: Final = update(idempotency).where(*_OURS)
_FRESH: Final = insert(idempotency)
_TAKE: Final = _FRESH.on_conflict_do_update(
    index_elements=["scope", "key"],
    set_={name: _FRESH.excluded[name] for name in ("request_hash", "result", "expires_at")},
    where=idempotency.c.expires_at <= bindparam("now", type_=idempotency.c.expires_at.type),
)
