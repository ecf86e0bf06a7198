"""What stands behind a letter that was given up: it is kept out of the way of claims, as `blocked`.

A claim reads the queue in the order in which messages are due. However many there are behind one letter, it
meets each of them once: it blocks what it meets, and whoever has the letter handled or lets it go lets
through all that stand behind it. So that none is forgotten, a letter is locked while messages are blocked on
its account: it has not moved, and when it does, what was blocked before is seen.

A program from before there were blocked messages lets none through; beside it, during a deployment, they are
looked for from time to time.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import FromClause, Update, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.store.tables import blocked, claimable, delivery, unfinished

FORGOTTEN_EVERY: Final = timedelta(minutes=1)


async def letters_before(connection: AsyncConnection, held_back: Sequence[int]) -> Sequence[int]:
    """The letters that these messages stand behind, one for a key; now locked. Not those that somebody else
    has locked: they may be about to move."""
    return (await connection.scalars(_LETTERS, {"ids": held_back})).all()


def blocking(part: FromClause) -> Update:
    """The statement that blocks those of a part of the queue which stand behind one of the `letters`."""
    letter = delivery.alias("letter")
    behind = (
        select(part.c.id)
        .join(letter, (letter.c.consumer == part.c.consumer) & (letter.c.key == part.c.key))
        .where(letter.c.id.in_(bindparam("letters", expanding=True)), letter.c.id < part.c.id)
    )
    return update(delivery).where(delivery.c.id.in_(behind), claimable(delivery)).values(status="blocked")


async def let_through(connection: AsyncConnection, consumer: str, key: str, letter: int) -> None:
    """Have those handled that stood behind a letter, in their turn. In the transaction that moves the letter,
    once that is done: until then others may block more."""
    await connection.execute(_LET_THROUGH, {"of_consumer": consumer, "of_key": key, "letter": letter})


async def let_forgotten_through(connection: AsyncConnection, _: datetime) -> int:
    """Have those handled that stand behind no letter any more; returns of how many keys there were any."""
    forgotten = (await connection.execute(_FORGOTTEN)).all()
    for consumer, key, first in forgotten:
        await let_through(connection, consumer, key, first - 1)
    return len(forgotten)


_HELD_BACK, _EARLIER, _LETTER = (
    delivery.alias("held_back"),
    delivery.alias("earlier"),
    delivery.alias("letter"),
)
_FIRST_LETTER: Final = (
    select(_EARLIER.c.id)
    .where(
        _EARLIER.c.consumer == _HELD_BACK.c.consumer,
        _EARLIER.c.key == _HELD_BACK.c.key,
        _EARLIER.c.id < _HELD_BACK.c.id,
        unfinished(_EARLIER),
        _EARLIER.c.status.in_(("dead", "unknown")),
    )
    .order_by(_EARLIER.c.id)
    .limit(1)
    .scalar_subquery()
)
_LETTERS: Final = (
    select(_LETTER.c.id)
    .where(
        _LETTER.c.id.in_(select(_FIRST_LETTER).where(_HELD_BACK.c.id.in_(bindparam("ids", expanding=True)))),
        _LETTER.c.status.in_(("dead", "unknown")),
    )
    .with_for_update(skip_locked=True)
)
_LET_THROUGH: Final = (
    update(delivery)
    .where(
        delivery.c.consumer == bindparam("of_consumer"),
        delivery.c.key == bindparam("of_key"),
        delivery.c.id > bindparam("letter"),
        blocked(delivery),
    )
    .values(status="ready")
)
_FIRST: Final = (
    select(delivery.c.consumer, delivery.c.key, func.min(delivery.c.id).label("id"))
    .where(blocked(delivery))
    .group_by(delivery.c.consumer, delivery.c.key)
    .subquery()
)
_FORGOTTEN: Final = select(_FIRST).where(
    select(_EARLIER.c.id)
    .where(
        _EARLIER.c.consumer == _FIRST.c.consumer,
        _EARLIER.c.key == _FIRST.c.key,
        _EARLIER.c.id < _FIRST.c.id,
        unfinished(_EARLIER),
        _EARLIER.c.status.in_(("dead", "unknown")),
    )
    .limit(1)
    .scalar_subquery()
    .is_(None)
)
