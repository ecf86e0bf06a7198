"""An older and a newer program side by side: what the older one cannot read waits for the newer one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from operator import attrgetter
from typing import Any, ClassVar

import pytest
from sqlalchemy import insert, select

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Success
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.dead_letters import DeadLetters
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.upcasting import JsonObject, Upcaster
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.store.tables import delivery
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import NOBODY, STORE, ApplePicked, Orchard, orchard, stored


@dataclass(frozen=True, slots=True)
class WeighedApple(IntegrationEvent):
    """What a newer program publishes."""

    type: ClassVar[str] = ApplePicked.type
    version: ClassVar[int] = 2
    name: str
    grams: int


@dataclass(frozen=True, slots=True)
class PearPicked(IntegrationEvent):
    type: ClassVar[str] = "orchard.pear_picked"
    name: str


async def store_weighed(message: Envelope[WeighedApple], work: UnitOfWork) -> None:
    name = f"{message.body.name}, {message.body.grams} g"
    await work.connection.execute(insert(stored).values(name=name))


async def store_pear(message: Envelope[PearPicked], work: UnitOfWork) -> None:
    await work.connection.execute(insert(stored).values(name=message.body.name))


STORE_WEIGHED = Subscription("cellar.store", WeighedApple, store_weighed)
STORE_PEAR = Subscription("cellar.store", PearPicked, store_pear)
WEIGH = Upcaster(ApplePicked.type, 1, lambda data: {**data, "grams": 100})


def contracts(*upcasters: Upcaster) -> Registry[IntegrationEvent]:
    return Registry(attrgetter("type"), upcasters=upcasters)


async def publish(garden: Orchard, *events: IntegrationEvent, key: str = "tree") -> None:
    async with garden.transactions.begin("orchard", NOBODY) as work:
        for event in events:
            work.publish(event, key=key)


async def test_both_programs_work_and_nothing_is_lost_or_out_of_order(planted: str, clock: FakeClock) -> None:
    """The newer one publishes; the older one gets hold of it first."""
    async with (
        orchard(planted, clock, STORE) as older,
        orchard(planted, clock, STORE_WEIGHED, STORE_PEAR, registry=contracts(WEIGH)) as newer,
    ):
        await publish(older, ApplePicked("a"))
        await publish(newer, WeighedApple("b", 70), PearPicked("c"))
        await publish(older, ApplePicked("d"))
        await publish(older, ApplePicked("e"), key="another tree")
        assert await Worker(older.transactions).drain() == Backlog(waiting=0, dead=0, blocked=2, unknown=1)
        assert await older.stored() == ["a", "e"]
        assert await Worker(newer.transactions).drain() == Backlog(0, 0, 0)
        assert await older.stored() == ["a", "e", "b, 70 g", "c", "d, 100 g"]
        assert await attempts(newer) == [0] * 5


async def test_a_type_that_nobody_knows_waits_too(planted: str, clock: FakeClock) -> None:
    async with orchard(planted, clock, STORE) as older:
        async with older.transactions.begin("orchard", NOBODY) as work:
            work.send(PearPicked("pear"), to="cellar.store", key="tree")
        assert await Worker(older.transactions).drain() == Backlog(0, 0, 0, unknown=1)
        (letter,) = await DeadLetters(older.transactions).page()
        assert letter.last_error == "unknown_type: cellar.store has no handler for orchard.pear_picked"
        assert letter.blocks
        assert await Worker(older.transactions).step() == 0  # it is not looked at again and again
    async with orchard(planted, clock, STORE, STORE_PEAR) as newer:
        assert await Worker(newer.transactions).drain() == Backlog(0, 0, 0)
        assert await newer.stored() == ["pear"]


async def test_somebody_may_let_it_go(planted: str, clock: FakeClock) -> None:
    async with orchard(planted, clock, STORE) as older:
        async with older.transactions.begin("orchard", NOBODY) as work:
            work.send(PearPicked("pear"), to="cellar.store", key="tree")
            work.publish(ApplePicked("apple"), key="tree")
        await Worker(older.transactions).drain()
        letters = DeadLetters(older.transactions)
        (letter,) = await letters.page()
        request = RequestContext(None, "by hand")
        assert await letters.discard(letter.id, request, reason="nobody grows pears") == Success(None)
        await Worker(older.transactions).drain()
        assert await older.stored() == ["apple"]


def halve(data: JsonObject) -> Sequence[JsonObject]:
    return [{**data, "name": f"{data['name']} {half}", "grams": 50} for half in ("left", "right")]


def only_good_ones(data: JsonObject) -> Sequence[JsonObject]:
    return () if data["name"] == "rotten" else ({**data, "grams": 1},)


@pytest.mark.parametrize(
    ("up", "names"),
    [
        (halve, ["good left, 50 g", "good right, 50 g", "rotten left, 50 g", "rotten right, 50 g"]),
        (only_good_ones, ["good, 1 g"]),
    ],
)
async def test_what_was_one_message_may_be_read_as_several_or_none(
    planted: str, clock: FakeClock, up: Any, names: list[str]
) -> None:
    seen: list[Envelope[WeighedApple]] = []

    async def look(message: Envelope[WeighedApple], work: UnitOfWork) -> None:
        seen.append(message)
        if len(seen) == 2:
            raise ValueError("drop it once")
        await store_weighed(message, work)

    async with orchard(planted, clock, STORE) as older:
        await older.pick("good")
        await older.pick("rotten")
    look_at_weighed = replace(STORE_WEIGHED, handler=look)
    registry = contracts(Upcaster(ApplePicked.type, 1, up))
    async with orchard(planted, clock, look_at_weighed, registry=registry) as newer:
        worker = Worker(newer.transactions)
        while await worker.drain() != Backlog(0, 0, 0):
            clock.advance(timedelta(minutes=5))
        assert await newer.stored() == names  # all of a message or nothing
        assert await newer.statuses() == ["done", "done"]
        by_id = {message.meta.message_id: message.body for message in seen}
        assert len(by_id) == len(names)  # asked again, the parts have the same ids


async def attempts(garden: Orchard) -> list[int]:
    async with garden.transactions.database.read() as connection:
        return list(await connection.scalars(select(delivery.c.attempts)))
