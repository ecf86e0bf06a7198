"""What stands far behind a message that failed is put off for as long as that is.

A claim would meet it again at every look, and find each time that it has not its turn. It has not before the
first one of its key is due again: a look then meets it once more.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import FromClause, Update, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.store.tables import delivery, unfinished


async def failed_before(
    connection: AsyncConnection, held_back: Sequence[int], *, now: datetime
) -> Sequence[int]:
    """The first ones of the keys of these messages, as far as those wait for their next attempt."""
    return (await connection.scalars(_FAILED, {"ids": held_back, "now": now})).all()


def putting_off(part: FromClause) -> Update:
    """The statement that puts off those of a part of the queue which stand behind one of the `failed`.

    Timers keep their time: one that is not due would let others pass.
    """
    is_failed = _FIRST.c.id.in_(bindparam("failed", expanding=True))
    behind = (
        select(part.c.id)
        .join(_FIRST, (_FIRST.c.consumer == part.c.consumer) & (_FIRST.c.key == part.c.key))
        .where(is_failed, _FIRST.c.id < part.c.id)
    )
    again = (
        select(_FIRST.c.due)
        .where(is_failed, _FIRST.c.consumer == delivery.c.consumer, _FIRST.c.key == delivery.c.key)
        .scalar_subquery()
    )
    return update(delivery).where(delivery.c.id.in_(behind), delivery.c.status == "ready").values(due=again)


_HELD_BACK, _OF_KEY, _FIRST = delivery.alias("held_back"), delivery.alias("of_key"), delivery.alias("first")
_FIRST_OF_KEY: Final = (
    select(_OF_KEY.c.id)
    .where(
        _OF_KEY.c.consumer == _HELD_BACK.c.consumer, _OF_KEY.c.key == _HELD_BACK.c.key, unfinished(_OF_KEY)
    )
    .order_by(_OF_KEY.c.id)
    .limit(1)
    .scalar_subquery()
)
_FAILED: Final = select(_FIRST.c.id).where(
    _FIRST.c.id.in_(select(_FIRST_OF_KEY).where(_HELD_BACK.c.id.in_(bindparam("ids", expanding=True)))),
    _FIRST.c.status == "ready",
    _FIRST.c.due > bindparam("now", type_=delivery.c.due.type),
)
