"""How much is left to do, and how much was given up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.store.tables import delivery, given_up, not_known, unfinished


@dataclass(frozen=True, slots=True)
class Backlog:
    """Deliveries not done: `waiting` will be handled, `dead` were given up, `unknown` ones wait for a newer
    program, and `blocked` ones for what becomes of those.
    """

    waiting: int
    dead: int
    blocked: int
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for one consumer: `ready` is due (since `oldest_due` the oldest), `leased` is being handled,
    `later` are timers and what failed, `dead` was given up, `unknown` waits for a newer program; `blocked`
    stands behind one of those."""

    consumer: str
    ready: int = 0
    leased: int = 0
    later: int = 0
    dead: int = 0
    blocked: int = 0
    unknown: int = 0
    oldest_due: datetime | None = None


async def count_backlog(connection: AsyncConnection) -> Backlog:
    """What is left to do, and what was given up."""
    left, letter = _left(), _first_letters()
    state = case(
        (not_known(left), "unknown"),
        (given_up(left), "dead"),
        (left.c.id > letter.c.id, "blocked"),
        else_="waiting",
    )
    counted = select(state, func.count()).select_from(left.outerjoin(letter, _of_its_key(left, letter)))
    counts = {"waiting": 0, "dead": 0, "blocked": 0}
    for name, count in await connection.execute(counted.group_by(state)):
        counts[name] = int(count)
    return Backlog(**counts)


async def count_dead(connection: AsyncConnection) -> int:
    """How many messages were given up: a look at them alone, however many wait."""
    dead = select(func.count()).where(given_up(delivery), ~not_known(delivery))
    return await connection.scalar(dead) or 0


async def queues(connection: AsyncConnection, *, now: datetime) -> tuple[Queue, ...]:
    """What waits for each consumer that has anything waiting, sorted by name."""
    left, letter = _left(), _first_letters()
    state = case(
        (not_known(left), "unknown"),
        (given_up(left), "dead"),
        (left.c.id > letter.c.id, "blocked"),
        (left.c.status == "leased", "leased"),
        (left.c.status.in_(("ready", "timed")) & (left.c.due <= now), "ready"),
        else_="later",
    )
    counted = select(left.c.consumer, state, func.count(), func.min(left.c.due)).select_from(
        left.outerjoin(letter, _of_its_key(left, letter))
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


def _of_its_key(left: Subquery, letter: Subquery) -> ColumnElement[bool]:
    return (letter.c.consumer == left.c.consumer) & (letter.c.key == left.c.key)


def _first_letters() -> Subquery:
    """The first of every consumer and key that holds back others: few, beside what may wait.

    The consumer is said so that no index of consumers can be used to group them: that has all there ever
    were.
    """
    consumer = delivery.c.consumer + literal_column("''")
    return (
        select(consumer.label("consumer"), delivery.c.key, func.min(delivery.c.id).label("id"))
        .where(given_up(delivery), delivery.c.status != "parked")
        .group_by(consumer, delivery.c.key)
        .subquery()
    )
