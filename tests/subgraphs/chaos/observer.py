"""Looks at a system while it runs, as somebody from outside."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Clock, Success
from subgraphs.kernel.messaging.delivery import count_backlog
from subgraphs.kernel.projections import Projections, Status, generations
from subgraphs.kernel.projections.sources import head
from subgraphs.kernel.store.database import Database
from tests.subgraphs.chaos.invariants import check
from tests.subgraphs.chaos.invariants.finding import Case, Finding
from tests.subgraphs.chaos.market import READ_MODEL, UNITS, WEALTH, market


@dataclass(frozen=True, slots=True)
class Sample:
    """One consistent state. `next_due` is when the next of the waiting messages is due.

    `at_once` counts what is waiting and due, or in hand; `wrong` says what no state may be.
    """

    handled: int
    commands: int
    waiting: int
    at_once: int
    next_due: datetime | None
    unnumbered: int
    unread: int
    wrong: tuple[str, ...]

    @property
    def progress(self) -> tuple[int, ...]:
        """What changes as long as something is done."""
        return self.handled, self.waiting, self.unnumbered, self.unread

    @property
    def is_at_rest(self) -> bool:
        return not self.waiting and not self.unnumbered and not self.unread


def look(url: str, now: datetime) -> Sample | None:
    """None when the database does not answer: it may have crashed."""

    async def sample() -> Sample:
        database = Database(url)
        try:
            async with database.read() as connection:
                return await _sample(connection, now)
        finally:
            await database.close()

    try:
        return asyncio.run(sample())
    except (SQLAlchemyError, OSError):
        return None


def findings(url: str, seed: int, answered: Mapping[str, int]) -> list[Finding]:
    """What every invariant says of a system at rest."""

    async def ask() -> list[Finding]:
        database = Database(url)
        try:
            async with database.read() as connection:
                return await check(Case(connection, seed, answered))
        finally:
            await database.close()

    return asyncio.run(ask())


def rebuild(url: str, clock: Clock) -> bool:
    """Have the read model built anew. False when it is being built, or the database does not answer."""

    async def begin() -> bool:
        async with market(url, clock) as context:
            projections = Projections(context.transactions, [READ_MODEL])
            request = RequestContext(None, "chaos")
            return isinstance(await projections.rebuild(READ_MODEL.name, request), Success)

    try:
        return asyncio.run(begin())
    except (SQLAlchemyError, OSError):
        return False


async def _sample(connection: AsyncConnection, now: datetime) -> Sample:
    async def count(query: str, **values: object) -> int:
        return int(await connection.scalar(text(query), values) or 0)

    free = await count("SELECT free FROM shop_goods")
    held = await count("SELECT count(*) FROM shop_reservation WHERE units = 1")
    money = await count("SELECT sum(money) FROM shop_purse")
    wrong = []
    if free < 0 or free + held != UNITS:
        wrong.append(f"{free} goods are free and {held} held, of {UNITS}")
    if money != WEALTH:
        wrong.append(f"there is money for {money}, not for {WEALTH}")
    backlog = await count_backlog(connection)
    rows = (
        await connection.execute(
            text(
                "SELECT status, due FROM kernel_delivery AS d WHERE status IN ('ready', 'timed', 'leased') "
                "AND NOT EXISTS (SELECT 1 FROM kernel_delivery AS b WHERE b.consumer = d.consumer AND "
                "b.key = d.key AND b.id < d.id AND b.status = 'dead')"
            )
        )
    ).all()
    due = [(row.status, _instant(row.due)) for row in rows]
    return Sample(
        handled=await count("SELECT count(*) FROM market_receipt"),
        commands=await count("SELECT count(*) FROM market_carried_out"),
        waiting=backlog.waiting,
        at_once=sum(status == "leased" or at <= now for status, at in due),
        next_due=min((at for _, at in due), default=None),
        unnumbered=await count("SELECT count(*) FROM kernel_outbox WHERE seq IS NULL")
        + await count("SELECT count(*) FROM kernel_event WHERE seq IS NULL"),
        unread=await _unread(connection),
        wrong=tuple(wrong),
    )


async def _unread(connection: AsyncConnection) -> int:
    """Events that the read model lacks; one more while a new generation is being built."""
    known = await generations.load(connection, READ_MODEL.name)
    behind = 0
    for one in known:
        for source in READ_MODEL.sources:
            if one.status in (Status.LIVE, Status.BUILDING):
                newest = await head(connection, source)
                behind += newest - one.positions.get(source.label, 0) + (one.status is Status.BUILDING)
    return behind


def _instant(value: datetime | str) -> datetime:
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
