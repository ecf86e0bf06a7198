"""How effects stand, for people: what was asked for, what came of it, and where somebody has to help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import Page, PageRequest
from subgraphs.kernel.effects.storage import EffectRecord, Status, record_of
from subgraphs.kernel.store.tables import delivery, given_up, unfinished
from subgraphs.kernel.store.tables import effect as table


@dataclass(frozen=True, slots=True)
class Standing:
    """One effect. `dead_letter` is the id of the message that asked for it and was given up, if one was;
    `last_error` is what the provider has said last, or our own mistake."""

    record: EffectRecord
    dead_letter: int | None = None
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which effects: of a status, of a kind, or given up."""

    status: Status | None = None
    kind: str | None = None
    given_up: bool = False


async def page_of(connection: AsyncConnection, wanted: Wanted, page: PageRequest) -> Page[Standing]:
    """Those that are wanted, the oldest first."""
    conditions = _conditions(wanted)
    total = await connection.scalar(select(func.count()).select_from(table).where(*conditions))
    rows = await connection.execute(
        select(table)
        .where(*conditions)
        .order_by(table.c.requested_at, table.c.key)
        .offset(page.offset)
        .limit(page.limit)
    )
    records = [record_of(row) for row in rows]
    return Page(tuple(await _standings(connection, records)), total or 0, page.offset, page.limit)


async def find(connection: AsyncConnection, key: str) -> Standing | None:
    """The effect of this key."""
    row = (await connection.execute(select(table).where(table.c.key == key))).one_or_none()
    return (await _standings(connection, [record_of(row)]))[0] if row else None


def _conditions(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        conditions.append(table.c.status == wanted.status)
    if wanted.kind is not None:
        conditions.append(table.c.kind == wanted.kind)
    if wanted.given_up:
        letters = select(delivery.c.consumer + ":" + delivery.c.key).where(given_up(delivery))
        conditions.append(table.c.key.in_(letters))
    return conditions


async def _standings(connection: AsyncConnection, records: Sequence[EffectRecord]) -> list[Standing]:
    """With the messages that ask for them and are not handled: consumer and key are in an effect's key."""
    asked = {(one.kind, one.key.removeprefix(f"{one.kind}:")) for one in records}
    found: dict[str, Standing] = {}
    rows = await connection.execute(
        select(
            delivery.c.id,
            delivery.c.consumer,
            delivery.c.key,
            delivery.c.last_error,
            given_up(delivery).label("dead"),
        )
        .where(
            tuple_(delivery.c.consumer, delivery.c.key).in_(sorted(asked)),
            unfinished(delivery) | given_up(delivery),
        )
        .order_by(delivery.c.id.desc())
    )
    by_key: Mapping[str, EffectRecord] = {one.key: one for one in records}
    for row in rows:  # the oldest comes last, and stands
        key = f"{row.consumer}:{row.key}"
        found[key] = Standing(by_key[key], row.id if row.dead else None, row.last_error)
    return [found.get(one.key, Standing(one)) for one in records]
