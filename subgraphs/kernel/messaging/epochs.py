"""The epochs of this database's sources, as they are stored."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.lineage import Lineage, lineage_of
from subgraphs.kernel.store.locks import lock
from subgraphs.kernel.store.tables import epoch, outbox
from subgraphs.kernel.store.unit_of_work import Transactions


async def read_lineage(connection: AsyncConnection, source: str) -> Lineage:
    """The history of a source; empty when it has never been relayed."""
    rows = await connection.execute(
        select(epoch.c.id, epoch.c.after_seq).where(epoch.c.source == source).order_by(epoch.c.pos)
    )
    return lineage_of((row.id, row.after_seq) for row in rows)


@dataclass(frozen=True, slots=True)
class Begun:
    """An epoch of a source, and when it began."""

    source: str
    id: str
    after_seq: int
    began_at: datetime


async def list_epochs(connection: AsyncConnection) -> tuple[Begun, ...]:
    """Those of every source, by name and age."""
    columns = [epoch.c[name] for name in Begun.__slots__]
    rows = await connection.execute(select(*columns).order_by(epoch.c.source, epoch.c.pos))
    return tuple(Begun(*row) for row in rows)


async def begin_epoch(transactions: Transactions, source: str, current: Lineage, *, after_seq: int) -> None:
    """Have a source go on in a new epoch, in which messages up to a number are those of the one before.

    Nothing happens when its history is no longer the `current` one: somebody else has seen to it.
    """
    async with transactions.database.transaction() as connection:
        await lock(connection, [f"epoch:{source}"])
        if await read_lineage(connection, source) != current:
            return
        await _insert(connection, transactions, source, after_seq)
        fault_point("epoch.begun")


async def begin_epochs(transactions: Transactions) -> dict[str, int]:
    """To be called once after this database was restored from a backup, before anything else uses it.

    Every source goes on in a new epoch, so that its readers read again what comes after the backup. Returns
    the number of each source's last message in the backup. A relay also notices by itself what it can: that
    the transport or a reader is ahead of the outbox.
    """
    heads = select(outbox.c.source, func.max(outbox.c.seq)).group_by(outbox.c.source)
    async with transactions.database.transaction() as connection:
        found = {source: head or 0 for source, head in await connection.execute(heads)}
        for source, head in sorted(found.items()):
            await lock(connection, [f"epoch:{source}"])
            await _insert(connection, transactions, source, head)
    return found


async def _insert(
    connection: AsyncConnection, transactions: Transactions, source: str, after_seq: int
) -> None:
    # Not from the platform's ids: those may be the same ones after a restore as before.
    row = {"id": str(uuid4()), "source": source, "after_seq": after_seq}
    await connection.execute(insert(epoch).values(**row, began_at=transactions.clock.now()))
