"""A context asks another, and gets its answer as a message, in time or not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

import pytest

from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent, ReplyTo
from subgraphs.kernel.messaging.questions import NoReplyError, Questions
from subgraphs.kernel.messaging.requests import Request, RequestTimedOut, reply_type, when_late
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.postgres import TemporaryPostgres
from tests.subgraphs.kernel.orchard import NOBODY, Orchard, orchard
from tests.subgraphs.kernel.scissors import cutting


@dataclass(frozen=True, slots=True)
class Price(IntegrationEvent):
    type: ClassVar[str] = "cellar.price"
    cents: int


@dataclass(frozen=True, slots=True)
class AskPrice(Request[Price]):
    type: ClassVar[str] = "cellar.ask_price"
    name: str


@dataclass
class Kitchen:
    """Asks what apples cost; the cellar knows."""

    heard: list[object] = field(default_factory=list)

    async def on_price(self, message: Envelope[Price], _: UnitOfWork) -> None:
        self.heard.append((message.body, message.key))

    async def on_late(self, message: Envelope[RequestTimedOut], _: UnitOfWork) -> None:
        self.heard.append((message.body.request_type, message.key))


async def quote(message: Envelope[AskPrice], work: UnitOfWork) -> None:
    work.reply(message, Price(len(message.body.name)))


@asynccontextmanager
async def market(url: str, clock: FakeClock, kitchen: Kitchen) -> AsyncIterator[Orchard]:
    async with orchard(
        url,
        clock,
        Subscription("cellar.quote", AskPrice, quote),
        Subscription("kitchen.prices", Price, kitchen.on_price),
        when_late("kitchen.prices", kitchen.on_late),
    ) as site:
        yield site


async def ask(site: Orchard, *, to: str = "cellar.quote") -> None:
    async with site.transactions.begin("kitchen", NOBODY) as work:
        reply_to = ReplyTo("kitchen.prices", "dinner")
        work.ask(AskPrice("apple"), to=to, key="apple", reply_to=reply_to, timeout=timedelta(minutes=1))


async def test_an_answer_comes_under_the_key_that_was_asked_for(planted: str, clock: FakeClock) -> None:
    kitchen = Kitchen()
    async with market(planted, clock, kitchen) as site:
        await ask(site)
        await Worker(site.transactions).drain()
        clock.advance(timedelta(hours=1))
        await Worker(site.transactions).drain()
    assert kitchen.heard == [(Price(5), "dinner")]  # and nothing is late any more


async def test_one_that_does_not_come_is_late(planted: str, clock: FakeClock) -> None:
    kitchen = Kitchen()
    async with market(planted, clock, kitchen) as site:
        await ask(site, to="attic.quote")
        await Worker(site.transactions).drain()
        assert kitchen.heard == []
        clock.advance(timedelta(minutes=1))
        await Worker(site.transactions).drain()
    assert kitchen.heard == [("cellar.ask_price", "dinner")]


async def test_who_is_told_without_being_asked_answers_nobody(planted: str, clock: FakeClock) -> None:
    kitchen = Kitchen()
    async with market(planted, clock, kitchen) as site:
        async with site.transactions.begin("kitchen", NOBODY) as work:
            work.send(AskPrice("apple"), to="cellar.quote", key="apple")
        await Worker(site.transactions).drain()
        assert await site.statuses() == ["done"]
    assert kitchen.heard == []


async def test_an_answer_is_awaited(planted: str, clock: FakeClock) -> None:
    async with market(planted, clock, Kitchen()) as site:
        questions = Questions("kitchen", site.transactions, [AskPrice])
        site.transactions.subscriptions.add(*questions.subscriptions)
        working = asyncio.create_task(Worker(site.transactions).run())
        price = await questions.ask(
            AskPrice("pear"), to="cellar.quote", key="pear", request=NOBODY, deadline=timedelta(seconds=20)
        )
        assert price == Price(4)
        site.transactions.hints.stop()
        await working


@pytest.mark.parametrize("planted", ["postgres"], indirect=True)
async def test_a_connection_that_is_cut_does_not_end_the_waiting(
    planted: str, clock: FakeClock, postgres: TemporaryPostgres
) -> None:
    async with market(planted, clock, Kitchen()) as site:
        questions = Questions("kitchen", site.transactions, [AskPrice])
        site.transactions.subscriptions.add(*questions.subscriptions)
        working = asyncio.create_task(Worker(site.transactions).run())
        with cutting(postgres, 0, _looks_for_an_answer) as scissors:
            price = await questions.ask(
                AskPrice("pear"), to="cellar.quote", key="p", request=NOBODY, deadline=timedelta(seconds=20)
            )
        assert (price, scissors.cut is None) == (Price(4), False)
        site.transactions.hints.stop()
        await working


def _looks_for_an_answer(statement: str) -> bool:
    return statement.startswith("SELECT kernel_delivery.type, kernel_delivery.schema_version")


async def test_patience_has_an_end(planted: str, clock: FakeClock) -> None:
    """The question stays: it is answered when somebody works, though nobody waits."""
    async with market(planted, clock, Kitchen()) as site:
        questions = Questions("kitchen", site.transactions, [AskPrice])
        site.transactions.subscriptions.add(*questions.subscriptions)
        with pytest.raises(NoReplyError, match=r"cellar\.quote has not answered cellar\.ask_price"):
            await questions.ask(
                AskPrice("pear"), to="cellar.quote", key="a", request=NOBODY, deadline=timedelta(0)
            )
        await Worker(site.transactions).drain()
        assert await site.statuses() == ["done", "done"]


def test_a_request_says_what_answers_it() -> None:
    @dataclass(frozen=True, slots=True)
    class Vague(Request):  # type: ignore[type-arg]
        type: ClassVar[str] = "cellar.vague"

    assert reply_type(AskPrice) is Price
    with pytest.raises(TypeError, match="Vague does not say what answers it"):
        reply_type(Vague)
