"""The queue: claim a delivery, finish it, fail it.

A claim leases a message and raises its token; only the holder of the newest token may finish it (fencing),
so that a worker which was thought dead cannot do harm when it comes back. Only the oldest unfinished
message of each consumer and key can be claimed: a message that waits for its next attempt, or is dead,
holds back the later ones of its key. A timer holds back nobody before it is due.

A message whose lease ran out is a suspect: it may have killed its worker. Suspects are claimed alone, so
that only a message that is alone when the process dies is counted guilty, never its neighbours in a batch.
A worker that was only thought dead takes the accusation back.

A message that its worker cannot read, because a newer program has written it, is set aside and holds back its
key; only a worker that can read it claims it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Subquery,
    Update,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.store.tables import claimable, delivery, given_up, leased, not_known, unfinished


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed message."""

    id: int
    token: int
    consumer: str
    message_id: str
    source: str
    key: str
    type: str
    schema_version: int
    data: str
    meta: str
    attempts: int
    crashes: int


@dataclass(frozen=True, slots=True)
class Readable:
    """What a worker can handle: messages of a type, for a consumer, up to a version."""

    consumer: str
    type: str
    version: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """Deliveries not done: `waiting` will be handled, `dead` were given up, `blocked` stand behind those.

    `unknown` ones wait for a newer program.
    """

    waiting: int
    dead: int
    blocked: int
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for one consumer: `ready` is due (since `oldest_due` the oldest), `leased` is being handled,
    `later` are timers and what failed, `dead` was given up and `blocked` stands behind it; `unknown` waits
    for a newer program."""

    consumer: str
    ready: int = 0
    leased: int = 0
    later: int = 0
    dead: int = 0
    blocked: int = 0
    unknown: int = 0
    oldest_due: datetime | None = None


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
    """Lease up to `limit` messages that are due and whose turn it is: what has been due for longest first."""
    found = await connection.scalars(_DUE, {"consumers": consumers, "now": now, "limit": limit})
    return await _lease(connection, found.all(), now + lease, _LEASE)


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
    return await _lease(connection, found.all(), now + lease, _LEASE)


async def is_ready(connection: AsyncConnection, consumer: str, key: str, *, due_by: datetime) -> bool:
    """Whether there is a message of this consumer and key, no timer, that was due by then."""
    ready = exists().where(
        delivery.c.consumer == consumer,
        delivery.c.key == key,
        unfinished(delivery),
        delivery.c.status == "ready",
        delivery.c.due <= due_by,
    )
    return bool(await connection.scalar(select(ready)))


async def expire(connection: AsyncConnection, consumers: Sequence[str], *, now: datetime) -> None:
    """End the leases of these consumers: who held them is dead, and what it held is suspect."""
    await connection.execute(
        update(delivery).where(_is_for(consumers), leased(delivery)).values(lease_until=now)
    )


async def finish(connection: AsyncConnection, claimed: Delivery) -> bool:
    """Mark a message as handled, in its handler's transaction. False when another worker holds it now."""
    return await _settle(connection, claimed, status="done", lease_until=None, last_error=None)


async def retry_at(connection: AsyncConnection, claimed: Delivery, due: datetime, error: str) -> bool:
    """Record a failure, to be tried again at `due`."""
    return await _settle(
        connection,
        claimed,
        status="ready",
        due=due,
        lease_until=None,
        attempts=claimed.attempts + 1,
        crashes=0,
        last_error=error,
    )


async def postpone(connection: AsyncConnection, claimed: Delivery, due: datetime, reason: str) -> bool:
    """To be tried again at `due`; not a failure of the message."""
    return await _settle(
        connection, claimed, status="ready", due=due, lease_until=None, crashes=0, last_error=reason
    )


async def extend(connection: AsyncConnection, claimed: Sequence[Delivery], *, lease_until: datetime) -> None:
    """Keep what was claimed for longer, as far as it is still held."""
    for one in claimed:
        await _settle(connection, one, lease_until=lease_until)


async def bury(connection: AsyncConnection, claimed: Delivery, error: str, *, skip: bool) -> bool:
    """Give a message up: it is kept, and holds back the later ones of its key unless they may `skip` it."""
    return await _settle(
        connection,
        claimed,
        status="parked" if skip else "dead",
        lease_until=None,
        attempts=claimed.attempts + 1,
        last_error=error,
    )


async def set_aside(connection: AsyncConnection, claimed: Delivery, reason: str) -> bool:
    """Leave a message to a newer program. That costs it no attempt."""
    return await _settle(
        connection, claimed, status="unknown", lease_until=None, crashes=0, last_error=reason
    )


async def release(connection: AsyncConnection, claimed: Sequence[Delivery]) -> None:
    """Give back messages that were claimed and not handled: their worker lives, they are not to blame."""
    for one in claimed:
        await _settle(connection, one, status="ready", lease_until=None, crashes=max(0, one.crashes - 1))


async def acquit(connection: AsyncConnection, claimed: Delivery) -> None:
    """Take back that a message was thought to have killed its worker, which has lost its lease, and lives."""
    await connection.execute(
        update(delivery)
        .where(
            delivery.c.id == claimed.id,
            delivery.c.token > claimed.token,
            delivery.c.crashes > 0,
            leased(delivery),
        )
        .values(crashes=delivery.c.crashes - 1)
    )


async def count_backlog(connection: AsyncConnection) -> Backlog:
    """What is left to do, and what was given up."""
    left, dead = _left(), _oldest_dead()
    state = case(
        (not_known(left), "unknown"),
        (given_up(left), "dead"),
        (left.c.id > dead.c.id, "blocked"),
        else_="waiting",
    )
    counted = select(state, func.count()).select_from(left.outerjoin(dead, _of_its_key(left, dead)))
    counts = {"waiting": 0, "dead": 0, "blocked": 0}
    for name, count in await connection.execute(counted.group_by(state)):
        counts[name] = int(count)
    return Backlog(**counts)


async def queues(connection: AsyncConnection, *, now: datetime) -> tuple[Queue, ...]:
    """What waits for each consumer that has anything waiting, sorted by name."""
    left, dead = _left(), _oldest_dead()
    state = case(
        (not_known(left), "unknown"),
        (given_up(left), "dead"),
        (left.c.id > dead.c.id, "blocked"),
        (left.c.status == "leased", "leased"),
        (left.c.status.in_(("ready", "timed")) & (left.c.due <= now), "ready"),
        else_="later",
    )
    counted = select(left.c.consumer, state, func.count(), func.min(left.c.due)).select_from(
        left.outerjoin(dead, _of_its_key(left, dead))
    )
    found: dict[str, dict[str, Any]] = {}
    for name, what, count, oldest in await connection.execute(counted.group_by(left.c.consumer, state)):
        queue = found.setdefault(name, {})
        queue[what] = int(count)
        if what == "ready":
            queue["oldest_due"] = oldest
    return tuple(Queue(name, **found[name]) for name in sorted(found))


def _left() -> Subquery:
    """What is left to do or was given up.

    In two parts, each from an index that has nothing else: what is done is a hundred times as much.
    """
    columns = [delivery.c[name] for name in ("id", "consumer", "key", "status", "due")]
    parked = select(*columns).where(given_up(delivery), delivery.c.status == "parked")
    return select(*columns).where(unfinished(delivery)).union_all(parked).subquery()


def _of_its_key(left: Subquery, dead: Subquery) -> ColumnElement[bool]:
    return (dead.c.consumer == left.c.consumer) & (dead.c.key == left.c.key)


def _oldest_dead() -> Subquery:
    """The oldest dead letter of every consumer and key that has one: few, beside what may wait."""
    return (
        select(delivery.c.consumer, delivery.c.key, func.min(delivery.c.id).label("id"))
        .where(given_up(delivery), delivery.c.status == "dead")
        .group_by(delivery.c.consumer, delivery.c.key)
        .subquery()
    )


def _is_for(consumers: Sequence[str] | BindParameter[str]) -> ColumnElement[bool]:
    """Whether it is one of these consumers' message.

    Said so that no index of consumers can be used: that has all that was ever handled, and what is looked for
    is in the small one of its status.
    """
    return (delivery.c.consumer + literal_column("''")).in_(consumers)


async def _lease(
    connection: AsyncConnection, ids: Sequence[int], until: datetime, taking: Update
) -> tuple[Delivery, ...]:
    if not ids:
        return ()
    rows = await connection.execute(taking, {"ids": ids, "lease_until": until})
    return tuple(sorted((Delivery(*row) for row in rows), key=attrgetter("id")))


def _is_held_back() -> ColumnElement[bool]:
    """Whether an earlier message of the same consumer and key comes first, or any is being handled."""
    other = delivery.alias("other")
    has_its_turn = other.c.status.in_(("ready", "dead", "unknown")) | (
        (other.c.status == "timed") & (other.c.due <= _NOW)
    )
    # Not EXISTS: without statistics PostgreSQL would make a join of it, of everything with everything.
    holds_it_back = (
        select(other.c.id)
        .where(
            other.c.consumer == delivery.c.consumer,
            other.c.key == delivery.c.key,
            unfinished(other),
            (other.c.status == "leased") | ((other.c.id < delivery.c.id) & has_its_turn),
        )
        .limit(1)
        .scalar_subquery()
    )
    return holds_it_back.is_not(None)


async def _settle(connection: AsyncConnection, claimed: Delivery, **values: Any) -> bool:
    held = {"held_id": claimed.id, "held_token": claimed.token}
    result = await connection.execute(_SETTLE, {**values, **held})
    return bool(result.rowcount == 1)


# Asked several times for every message: to write these statements down costs more than to run them.
_CONSUMERS: Final = bindparam("consumers", expanding=True, type_=delivery.c.consumer.type)
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
    select(delivery.c.id)
    .where(_is_for(_CONSUMERS), claimable(delivery), delivery.c.due <= _NOW, not_(_is_held_back()))
    .order_by(delivery.c.due, delivery.c.id)
    .limit(bindparam("limit", type_=delivery.c.id.type))
    .with_for_update(skip_locked=True)
)
_LEASE: Final = (
    update(delivery)
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)))
    .values(status="leased", token=delivery.c.token + 1)
    .returning(*(delivery.c[name] for name in Delivery.__slots__))
)
# Taken back when the claim ends in any other way than with the death of the process.
_LEASE_A_SUSPECT: Final = _LEASE.values(crashes=delivery.c.crashes + 1)
_SETTLE: Final = update(delivery).where(
    delivery.c.id == bindparam("held_id"),
    delivery.c.token == bindparam("held_token"),
    delivery.c.status == "leased",
)
