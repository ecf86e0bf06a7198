"""The rows of sagas."""

from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.sagas.record import SagaRecord, Status, Step
from subgraphs.kernel.store.tables import saga as table
from subgraphs.kernel.store.versioned import ConcurrencyConflict

S = TypeVar("S")

_WANTED: Final = table.c.id == bindparam("wanted")
_OF_ID: Final = select(table).where(_WANTED)
_BEGIN: Final = insert(table).on_conflict_do_nothing()
_GO_ON: Final = update(table).where(_WANTED, table.c.version == bindparam("read_version"))


async def find(connection: AsyncConnection, id_: str, state: type[S]) -> SagaRecord[S] | None:
    """The saga of this id, with its state read as `state`. msgspec.ValidationError if it does not fit."""
    row = (await connection.execute(_OF_ID, {"wanted": id_})).one_or_none()
    return record_of(row, state) if row else None


async def save(connection: AsyncConnection, record: SagaRecord[Any]) -> None:
    """Store what has become of a saga, unless it has moved on since it was read: ConcurrencyConflict.

    Of two sagas of one type and key only the first is stored.
    """
    row = _row(record)
    if record.version == 0:
        result = await connection.execute(_BEGIN, row)
    else:
        read = {"wanted": record.id, "read_version": record.version}
        result = await connection.execute(_GO_ON, {**row, **read})
    if result.rowcount != 1:
        raise ConcurrencyConflict(f"saga {record.id} is no longer at version {record.version}")


def record_of(row: Row[Any], state: Any) -> SagaRecord[Any]:
    """A row of the table `kernel_saga`."""
    return SagaRecord(
        id=row.id,
        type=row.type,
        key=row.corr_key,
        status=Status(row.status),
        state=msgspec.json.decode(row.data, type=state),
        steps=msgspec.json.decode(row.steps, type=tuple[Step, ...]),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        outcome=Status(row.outcome) if row.outcome else None,
        ended_at=row.ended_at,
        error=row.error,
    )


def _row(record: SagaRecord[Any]) -> dict[str, Any]:
    return {
        "id": record.id,
        "type": record.type,
        "corr_key": record.key,
        "status": record.status,
        "outcome": record.outcome,
        "data": msgspec.json.encode(record.state).decode(),
        "steps": msgspec.json.encode(record.steps).decode(),
        "version": record.version + 1,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "timeout_at": record.timeout_at,
        "ended_at": record.ended_at,
        "error": record.error,
    }
