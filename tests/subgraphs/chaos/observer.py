"""Looks at a system while it runs, as somebody from outside."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.breakers import Breakers
from subgraphs.kernel.cache.shared import RedisStore
from subgraphs.kernel.domain import Clock, Success
from subgraphs.kernel.messaging.backlog import count_backlog
from subgraphs.kernel.projections import Projections, Status, generations
from subgraphs.kernel.projections.sources import head
from subgraphs.kernel.redis import RedisConnection
from subgraphs.kernel.store.database import Database
from tests.subgraphs.chaos.gazette import GAZETTE
from tests.subgraphs.chaos.invariants import check
from tests.subgraphs.chaos.invariants.finding import Case, Finding
from tests.subgraphs.chaos.market import MARKET, READ_MODEL, SHOP, WEALTH, Market, market
from tests.subgraphs.chaos.notes import NotesOn
from tests.subgraphs.chaos.world import World
from tests.subgraphs.kernel.house import House

_NOBODY = RequestContext(None, "chaos")
_PATIENCE_SECONDS = 30.0
_PATIENCE_IN_THE_END_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Sample:
    """Both databases, each in one consistent state.

    `next_due` is when the next of the waiting messages is due. `at_once` counts what is waiting and due, or
    in hand; `under_way` what the other database has not taken in yet; `wrong` says what no state may be.
    """

    handled: int
    commands: int
    waiting: int
    at_once: int
    next_due: datetime | None
    unnumbered: int
    unread: int
    under_way: int
    wrong: tuple[str, ...]

    @property
    def progress(self) -> tuple[int, ...]:
        """What changes as long as something is done."""
        return self.handled, self.waiting, self.unnumbered, self.unread, self.under_way

    @property
    def is_at_rest(self) -> bool:
        return not (self.waiting or self.unnumbered or self.unread or self.under_way)


def look(world: World, now: datetime) -> Sample | None:
    """None when a database does not answer: it may have crashed."""

    async def sample() -> Sample:
        here, there = Database(world.url), Database(world.gazette)
        try:
            async with (
                asyncio.timeout(_PATIENCE_SECONDS),
                here.read() as market,
                there.read() as gazette,
            ):
                return await _sample(market, gazette, now, world.units)
        finally:
            await here.close()
            await there.close()

    try:
        return asyncio.run(sample())
    except (SQLAlchemyError, OSError):
        return None


def findings(world: World, clock: Clock, house: House, answered: Mapping[str, int]) -> list[Finding]:
    """What every invariant says of a system at rest, and whether its databases answer at all."""

    async def ask() -> list[Finding]:
        here, there = Database(world.url), Database(world.gazette)
        try:
            async with asyncio.timeout(_PATIENCE_IN_THE_END_SECONDS):
                cached = await _ask_caches(world, clock)
                async with here.read() as market, there.read() as gazette:
                    case = Case(market, gazette, world.seed, answered, house.entries(), cached, world.units)
                    return await check(case)
        except (SQLAlchemyError, OSError) as error:
            return [Finding.of("the databases answer", [f"{type(error).__name__}: {error}"])]
        finally:
            await here.close()
            await there.close()

    return asyncio.run(ask())


def rebuild(world: World, clock: Clock) -> bool:
    """Have the read model built anew. False when it is being built, or the database does not answer."""

    async def begin() -> bool:
        async with asyncio.timeout(_PATIENCE_SECONDS), market(world.url, clock) as context:
            projections = Projections(context.transactions, [READ_MODEL])
            return isinstance(await projections.rebuild(READ_MODEL.name, _NOBODY), Success)

    try:
        return asyncio.run(begin())
    except (SQLAlchemyError, OSError):
        return False


async def cached_answers(context: Market) -> dict[str, int]:
    """What whoever asks is told of each topic."""
    async with context.transactions.database.read() as connection:
        topics = (await connection.scalars(text("SELECT topic FROM market_topic ORDER BY topic"))).all()
    return {topic: await context.queries.ask(NotesOn(topic), _NOBODY) for topic in topics}


async def _ask_caches(world: World, clock: Clock) -> dict[str, int]:
    connection = RedisConnection(world.redis, Breakers())
    try:
        async with market(world.url, clock, cache=RedisStore(connection)) as context:
            return await cached_answers(context)
    finally:
        await connection.close()


async def _sample(market: AsyncConnection, gazette: AsyncConnection, now: datetime, units: int) -> Sample:
    free = await _count(market, "SELECT free FROM shop_goods")
    held = await _count(market, "SELECT count(*) FROM shop_reservation WHERE units = 1")
    money = await _count(market, "SELECT sum(money) FROM shop_purse")
    wrong = []
    if free < 0 or free + held != units:
        wrong.append(f"{free} goods are free and {held} held, of {units}")
    if money != WEALTH:
        wrong.append(f"there is money for {money}, not for {WEALTH}")
    both = (market, gazette)
    due = [each for database in both for each in await _due(database)]
    return Sample(
        handled=sum([await _count(each, "SELECT count(*) FROM market_receipt") for each in both]),
        commands=await _count(market, "SELECT count(*) FROM market_carried_out"),
        waiting=sum([(await count_backlog(each)).waiting for each in both]),
        at_once=sum(status == "leased" or at <= now for status, at in due),
        next_due=min((at for _, at in due), default=None),
        unnumbered=sum(
            [
                await _count(each, f"SELECT count(*) FROM {log} WHERE seq IS NULL")
                for each in both
                for log in ("kernel_outbox", "kernel_event")
            ]
        ),
        unread=await _unread(market),
        under_way=await _under_way(market, SHOP, gazette, GAZETTE)
        + await _under_way(gazette, GAZETTE, market, MARKET),
        wrong=tuple(wrong),
    )


async def _due(connection: AsyncConnection) -> Sequence[tuple[str, datetime]]:
    """The status of what waits for nothing but its time, or is in hand, and when its time is."""
    rows = await connection.execute(
        text(
            "SELECT status, due FROM kernel_delivery AS d WHERE status IN ('ready', 'timed', 'leased') "
            "AND NOT EXISTS (SELECT 1 FROM kernel_delivery AS b WHERE b.consumer = d.consumer AND "
            "b.key = d.key AND b.id < d.id AND b.status = 'dead')"
        )
    )
    return [(row.status, _instant(row.due)) for row in rows]


async def _under_way(here: AsyncConnection, source: str, there: AsyncConnection, context: str) -> int:
    """How many messages a context there has not taken in yet."""
    newest = await _count(here, "SELECT max(seq) FROM kernel_outbox WHERE source = :source", source=source)
    next_seq = await _count(
        there,
        "SELECT next_seq FROM kernel_intake WHERE source = :source AND context = :context",
        source=source,
        context=context,
    )
    return newest - max(next_seq - 1, 0)


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


async def _count(connection: AsyncConnection, query: str, **values: Any) -> int:
    return int(await connection.scalar(text(query), values) or 0)


def _instant(value: datetime | str) -> datetime:
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
