"""Reading the beginning of an index, however long it is."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection


async def read_in_index_order(connection: AsyncConnection) -> None:
    """For the rest of this transaction, have rows read in the order of an index, not collected and sorted.

    A queue that has grown a moment ago is a short one by PostgreSQL's statistics: it would sort all of it to
    find the first few rows.
    """
    if connection.dialect.name == "postgresql":
        ways = ("enable_bitmapscan", "enable_seqscan", "enable_sort")
        await connection.execute(select(*(func.set_config(way, "off", True) for way in ways)))
