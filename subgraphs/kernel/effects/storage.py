"""The rows of effects."""

from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

import msgspec
from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.effects.outcome import Outcome, Refused, Succeeded
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.store.tables import effect as table
from subgraphs.kernel.store.tables import unsettled


class Status(StrEnum):
    """`CALLED` is every effect that the provider may have heard of, and of which no outcome is recorded."""

    REQUESTED = "requested"
    CALLED = "called"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"


_WANTED: Final = table.c.key == bindparam("wanted")
_OF_KEY: Final = select(table).where(_WANTED)
_OPEN: Final = insert(table).on_conflict_do_nothing()
_CALL: Final = (
    update(table).where(_WANTED, unsettled(table)).values(status=Status.CALLED, calls=table.c.calls + 1)
)
_SETTLE: Final = update(table).where(_WANTED, unsettled(table))


class KeyReusedError(Exception):
    """Something else was asked for under this key before: `by` leaves out what makes the two different."""


@dataclass(frozen=True, slots=True)
class EffectRecord:
    """Where an effect stands. `calls` is how often the provider was called, in vain if there is no outcome;
    the provider is given up some time after `waiting_since`."""

    key: str
    kind: str
    request: str
    status: Status
    calls: int
    requested_at: datetime
    waiting_since: datetime
    settled_at: datetime | None
    result: str | None

    def check(self, message: IntegrationEvent) -> None:
        """KeyReusedError when this is not what was asked for."""
        _check(self.key, self.request, fingerprint(message))

    def outcome(self, result: Any) -> Outcome[Any] | None:
        """What came of it, a success read as a `result`."""
        match self.status:
            case Status.SUCCEEDED:
                return Succeeded(msgspec.json.decode(self.result or "", type=result))
            case Status.REFUSED:
                return msgspec.json.decode(self.result or "", type=Refused)
            case _:
                return None


def fingerprint(message: IntegrationEvent) -> str:
    """The same for what means the same. A field of its default value does not count, so that a version that
    has gained an optional field still knows what was asked before."""
    said = {
        field.name: getattr(message, field.name)
        for field in fields(message)
        if field.default is MISSING or getattr(message, field.name) != field.default
    }
    content = msgspec.json.encode(said, order="sorted")
    return f"{message.version}:{sha256(content).hexdigest()}"


async def find(connection: AsyncConnection, key: str) -> EffectRecord | None:
    """The effect of this key."""
    row = (await connection.execute(_OF_KEY, {"wanted": key})).one_or_none()
    return record_of(row) if row else None


def record_of(row: Row[Any]) -> EffectRecord:
    """An effect from its row."""
    columns = row._mapping
    fields = {name: columns[name] for name in EffectRecord.__slots__}
    return EffectRecord(**{**fields, "status": Status(row.status)})


async def open_effect(
    connection: AsyncConnection, key: str, *, kind: str, request: str, now: datetime
) -> None:
    """Make the row of an effect, unless there is one. KeyReusedError."""
    row = {
        "key": key,
        "kind": kind,
        "request": request,
        "status": Status.REQUESTED,
        "calls": 0,
        "requested_at": now,
        "waiting_since": now,
    }
    inserted = await connection.execute(_OPEN, row)
    if inserted.rowcount == 1:
        return
    before = await find(connection, key)
    _check(key, before.request if before else request, request)


async def note_call(connection: AsyncConnection, key: str) -> EffectRecord:
    """Before the provider is called: it may hear of an effect from now on, unless that is settled."""
    await connection.execute(_CALL, {"wanted": key})
    record = await find(connection, key)
    assert record is not None, f"{key} has no row"
    return record


async def settle(connection: AsyncConnection, key: str, outcome: Outcome[Any], *, now: datetime) -> bool:
    """Record what came of an effect. False when that is on record already."""
    match outcome:
        case Succeeded(result):
            status, content = Status.SUCCEEDED, result
        case Refused():
            status, content = Status.REFUSED, outcome
    row = {"status": status, "result": msgspec.json.encode(content).decode(), "settled_at": now}
    settled = await connection.execute(_SETTLE, {**row, "wanted": key})
    return bool(settled.rowcount == 1)


async def wait_anew(connection: AsyncConnection, key: str, *, now: datetime) -> None:
    """The provider was given up; should somebody try again, it gets as much time as the first time."""
    await connection.execute(update(table).where(table.c.key == key).values(waiting_since=now))


def _check(key: str, before: str, now: str) -> None:
    """Versions of a message are not compared: what leads from one to the next may add to it."""
    is_of_one_version = before.partition(":")[0] == now.partition(":")[0]
    if is_of_one_version and before != now:
        raise KeyReusedError(f"{key} was asked for before, with other content")
