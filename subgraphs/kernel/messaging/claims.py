"""The queue: which message may be handled next, and by whom.

Only the oldest unfinished message of each consumer and key can be claimed: a message that waits for its next
attempt, or is dead, holds back the later ones of its key. A timer holds back nobody before it is due.

What stands behind a dead one is blocked as claims come upon it (messaging/blocking.py), what stands far
behind one that waits for its next attempt is put off (messaging/putting_off.py).

A message whose lease ran out is a suspect: it may have killed its worker. Suspects are claimed alone, so
that only a message that is alone when the process dies is counted guilty, never its neighbours in a batch.

A message that its worker cannot read, because a newer program has written it, is set aside and holds back its
key; only a worker that can read it claims it again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    Update,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.messaging.blocking import blocking, let_through, letters_before
from subgraphs.kernel.messaging.delivery import Delivery
from subgraphs.kernel.messaging.putting_off import failed_before, putting_off
from subgraphs.kernel.store.tables import claimable, delivery, leased, not_known, unfinished

_FIRST_PART: Final = 5  # times as many messages as are wanted
_FOLLOWING_PART: Final = 4  # times as many as in the part before
_FAR_ENOUGH: Final = 500  # messages, when there is something to do already
_MOST_BLOCKED: Final = 5_000  # messages by one claim: the next ones go on with it
_MOST_KEYS: Final = 500  # of those: it is another claim's turn then


@dataclass(frozen=True, slots=True)
class Readable:
    """What a worker can handle: messages of a type, for a consumer, up to a version."""

    consumer: str
    type: str
    version: int


async def claim_suspect(
    connection: AsyncConnection, consumers: Sequence[str], *, now: datetime, lease: timedelta
) -> tuple[Delivery, ...]:
    """Lease the oldest message of these consumers whose lease has run out, if there is one."""
    found = await connection.scalars(_SUSPECT, {"consumers": consumers, "now": now})
    return await _lease(connection, found.all(), now + lease, _LEASE_A_SUSPECT)


async def has_suspect(connection: AsyncConnection, consumers: Sequence[str], *, now: datetime) -> bool:
    """Whether there is one to be claimed."""
    return bool(await connection.scalar(_ANY_SUSPECT, {"consumers": consumers, "now": now}))


async def claim_due(
    connection: AsyncConnection, consumers: Sequence[str], *, now: datetime, lease: timedelta, limit: int
) -> tuple[Delivery, ...]:
    """Lease up to `limit` messages that are due and whose turn it is: what has been due for longest first.

    Most of a long queue may stand behind one another in a few keys. So it is looked through in parts, and of
    each only the first message of a key is looked at; not to its end when there is something to do before.
    """
    found: list[int] = []
    blocked, looked_at, size = 0, 0, limit * _FIRST_PART
    while True:
        asked = {"consumers": consumers, "now": now, "begin": looked_at - blocked, "size": size}
        part, held_back = await _part(connection, asked), list[int]()
        for start in range(0, len(part.first), limit):
            if missing := limit - len(found):
                first = part.first[start : start + limit]
                free = await _free(connection, first, now, missing)
                found += free
                held_back += sorted({*first} - {*free})
        if held_back and blocked < _MOST_BLOCKED:
            blocked += await _block(connection, asked, held_back[:_MOST_KEYS])
            if looked_at:
                blocked += await _put_off(connection, asked, held_back[:_MOST_KEYS])
        looked_at += size
        if part.is_last or len(found) == limit or (found and looked_at >= _FAR_ENOUGH):
            return await _lease(connection, found, now + lease, _LEASE)
        size *= _FOLLOWING_PART


async def claim_unknown(
    connection: AsyncConnection, readable: Sequence[Readable], *, now: datetime, lease: timedelta
) -> tuple[Delivery, ...]:
    """Lease the oldest of the messages that were set aside and that can be read here."""
    if not await connection.scalar(_ANY_UNKNOWN):  # nearly always: what follows is long, and asked often
        return ()
    here = or_(
        false(),
        *(
            and_(
                _is_for([one.consumer]),
                delivery.c.type == one.type,
                delivery.c.schema_version <= one.version,
            )
            for one in readable
        ),
    )
    oldest = (
        select(delivery.c.id)
        .where(not_known(delivery), here, not_(_is_held_back()))
        .order_by(delivery.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found = await connection.scalars(oldest, {"now": now})
    claimed = await _lease(connection, found.all(), now + lease, _LEASE)
    for one in claimed:
        await let_through(connection, one.consumer, one.key, one.id)
    return claimed


async def expire(connection: AsyncConnection, consumers: Sequence[str], *, now: datetime) -> None:
    """End the leases of these consumers: who held them is dead, and what it held is suspect."""
    await connection.execute(
        update(delivery).where(_is_for(consumers), leased(delivery)).values(lease_until=now)
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the queue: the first message of each consumer and key, in the order in which they are due."""

    first: Sequence[int]
    is_last: bool


async def _part(connection: AsyncConnection, asked: Mapping[str, Any]) -> _Part:
    keys = sorted(tuple(row) for row in await connection.execute(_FIRST_OF_KEYS, asked))
    return _Part([id_ for _, id_, _ in keys], sum(count for _, _, count in keys) < asked["size"])


async def _free(connection: AsyncConnection, ids: Sequence[int], now: datetime, limit: int) -> Sequence[int]:
    """Those of these messages whose turn it is, and which nobody else is about to claim."""
    return (await connection.scalars(_FREE, {"ids": ids, "now": now, "limit": limit})).all()


async def _block(connection: AsyncConnection, asked: Mapping[str, Any], held_back: Sequence[int]) -> int:
    """Block what stands behind a letter in a part of the queue; returns how much that is. `held_back` are the
    first ones of their keys there."""
    letters = await letters_before(connection, held_back)
    if not letters:
        return 0
    return (await connection.execute(_BLOCK, {**asked, "letters": letters})).rowcount


async def _put_off(connection: AsyncConnection, asked: Mapping[str, Any], held_back: Sequence[int]) -> int:
    """Put off what stands far behind messages that failed; returns how much that is."""
    failed = await failed_before(connection, held_back, now=asked["now"])
    if not failed:
        return 0
    return (await connection.execute(_PUT_OFF, {**asked, "failed": failed})).rowcount


def _is_for(consumers: Sequence[str] | BindParameter[str]) -> ColumnElement[bool]:
    """Whether it is one of these consumers' message."""
    return _consumer(delivery).in_(consumers)


def _consumer(deliveries: FromClause) -> ColumnElement[str]:
    """Said so that no index of consumers can be used: that has all that was ever handled, or all that waits,
    and what is looked for is in the small one of its status."""
    return deliveries.c.consumer + literal_column("''")


async def _lease(
    connection: AsyncConnection, ids: Sequence[int], until: datetime, taking: Update
) -> tuple[Delivery, ...]:
    if not ids:
        return ()
    rows = await connection.execute(taking, {"ids": ids, "lease_until": until})
    return tuple(sorted((Delivery(*row) for row in rows), key=attrgetter("id")))


def _is_held_back() -> ColumnElement[bool]:
    """Whether an earlier message of the same consumer and key comes first, or any is being handled.

    Not EXISTS: without statistics PostgreSQL would make a join of it, of everything with everything. In two
    parts, each from an index that leads there at once, however many wait behind one another.
    """
    other, in_hand = delivery.alias("other"), delivery.alias("in_hand")
    has_its_turn = other.c.status.in_(("ready", "dead", "unknown", "blocked")) | (
        (other.c.status == "timed") & (other.c.due <= _NOW)
    )
    comes_first = (
        select(other.c.id)
        .where(
            other.c.consumer == delivery.c.consumer,
            other.c.key == delivery.c.key,
            other.c.id < delivery.c.id,
            unfinished(other),
            has_its_turn,
        )
        .limit(1)
        .scalar_subquery()
    )
    is_handled = (
        select(in_hand.c.id)
        .where(
            leased(in_hand),
            in_hand.c.key == delivery.c.key,
            _consumer(in_hand) == delivery.c.consumer,
        )
        .limit(1)
        .scalar_subquery()
    )
    return comes_first.is_not(None) | is_handled.is_not(None)


# Asked several times for every message: to write these statements down costs more than to run them.
_CONSUMERS: Final = bindparam("consumers", expanding=True, type_=delivery.c.consumer.type)
_IDS: Final = bindparam("ids", expanding=True, type_=delivery.c.id.type)
_NOW: Final = bindparam("now", type_=delivery.c.due.type)
_SUSPECTS: Final[Select[int]] = select(delivery.c.id).where(
    _is_for(_CONSUMERS), leased(delivery), delivery.c.lease_until <= _NOW
)
_SUSPECT: Final = (
    _SUSPECTS.order_by(delivery.c.lease_until, delivery.c.id).limit(1).with_for_update(skip_locked=True)
)
_ANY_SUSPECT: Final = select(_SUSPECTS.exists())
_ANY_UNKNOWN: Final = select(select(delivery.c.id).where(not_known(delivery)).exists())
_DUE: Final = (
    select(delivery.c.id, delivery.c.consumer, delivery.c.key, delivery.c.due)
    .where(_is_for(_CONSUMERS), claimable(delivery), delivery.c.due <= _NOW)
    .order_by(delivery.c.due, delivery.c.id)
    .offset(bindparam("begin", type_=delivery.c.id.type))
    .limit(bindparam("size", type_=delivery.c.id.type))
    .subquery()
)
_FIRST_OF_KEYS: Final = select(func.min(_DUE.c.due), func.min(_DUE.c.id), func.count()).group_by(
    _DUE.c.consumer, _DUE.c.key
)
_BLOCK: Final = blocking(_DUE)
_PUT_OFF: Final = putting_off(_DUE)
_FREE: Final = (
    select(delivery.c.id)
    .where(delivery.c.id.in_(_IDS), claimable(delivery), delivery.c.due <= _NOW, not_(_is_held_back()))
    .limit(bindparam("limit", type_=delivery.c.id.type))
    .with_for_update(skip_locked=True)
)
_LEASE: Final = (
    update(delivery)
    .where(delivery.c.id.in_(_IDS))
    .values(status="leased", token=delivery.c.token + 1)
    .returning(*(delivery.c[name] for name in Delivery.__slots__))
)
# Taken back when the claim ends in any other way than with the death of the process.
_LEASE_A_SUSPECT: Final = _LEASE.values(crashes=delivery.c.crashes + 1)
