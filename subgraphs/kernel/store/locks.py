"""Locks by name, held until the transaction ends.

SQLite has one writer, who holds them all.
"""

from collections.abc import Iterable
from hashlib import blake2b

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

_LOCK_ALL = text("SELECT pg_advisory_xact_lock(number) FROM unnest(:numbers) AS number").bindparams(
    bindparam("numbers", type_=ARRAY(BigInteger))
)


async def lock(connection: AsyncConnection, names: Iterable[str]) -> None:
    """Wait for these locks. All that a transaction takes should be taken in one call: they are taken in one
    order everywhere, so that two transactions never wait for each other."""
    if connection.dialect.name == "postgresql" and (numbers := sorted({_number(name) for name in names})):
        await connection.execute(_LOCK_ALL, {"numbers": numbers})


async def try_lock(connection: AsyncConnection, name: str) -> bool:
    """Take a lock if nobody holds it."""
    if connection.dialect.name != "postgresql":
        return True
    return bool(await connection.scalar(select(func.pg_try_advisory_xact_lock(_number(name)))))


def _number(name: str) -> int:
    """Two names with one number would only wait for each other without need."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
