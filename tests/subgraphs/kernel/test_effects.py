"""An effect is asked for once, done once, and concluded once, whatever the provider is like that day."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from time import monotonic

import pytest
from sqlalchemy import select

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.breakers import Breakers
from subgraphs.kernel.effects.calling import CallPolicy
from subgraphs.kernel.effects.outcome import NotDoneError, Outcome, OutcomeUnknownError, Succeeded
from subgraphs.kernel.effects.storage import KeyReusedError, Status, fingerprint
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.dead_letters import DeadLetters
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.sagas.record import Status as SagaStatus
from subgraphs.kernel.store.lost import CommitUnknownError, DatabaseUnavailableError
from subgraphs.kernel.store.tables import delivery
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.postgres import TemporaryPostgres
from tests.subgraphs.kernel.house import House, HouseProvider, Receipt, open_house
from tests.subgraphs.kernel.scissors import cutting
from tests.subgraphs.kernel.till import QUICK, ChargeSale, Till, till

NOTHING_LEFT = Backlog(waiting=0, dead=0, blocked=0)

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture
def house(opened: House) -> House:
    """With empty books."""
    opened.ledger.unlink(missing_ok=True)
    return opened


@pytest.fixture
async def shop(installed: str, clock: FakeClock, house: House) -> AsyncIterator[Till]:
    charges, refunds = HouseProvider(house.port), HouseProvider(house.port, "refunds")
    async with till(installed, clock, charges, refunds) as context:
        yield context


async def test_an_effect_is_done_and_its_outcome_goes_on(shop: Till, house: House) -> None:
    key = await shop.sell(_name(), "well")
    assert await Worker(shop.transactions).drain() == NOTHING_LEFT
    record = await shop.effects.find(key)
    assert record is not None
    assert (record.status, record.calls) == (Status.SUCCEEDED, 1)
    assert [what for _, what in await shop.answers()] == ["charged"]
    assert [entry["path"] for entry in house.entries()] == ["/charges", "/refunds"]


async def test_a_saga_asks_for_an_effect_and_is_answered(shop: Till) -> None:
    """The charge goes well; what the refund meets on its way is its own affair."""
    name = _name()
    await shop.sell(name, "well")
    await Worker(shop.transactions).drain()
    assert await shop.returned(name) is SagaStatus.COMPLETED


@pytest.mark.parametrize("payer", ["busy", "dropped", "lost", "garbled", "twice"])
async def test_whatever_goes_wrong_on_the_way_it_is_done_once(shop: Till, house: House, payer: str) -> None:
    name = _name()
    await shop.sell(name, payer)
    assert await Worker(shop.transactions).drain() == NOTHING_LEFT
    assert sorted(entry["key"] for entry in house.entries()) == [f"till.charge:{name}", f"till.refund:{name}"]
    assert await shop.answers() == [(name, "charged")]


@pytest.mark.parametrize("installed", ["postgres"], indirect=True)
async def test_wherever_the_connection_is_cut_it_is_done_and_concluded_once(
    shop: Till, house: House, clock: FakeClock, postgres: TemporaryPostgres
) -> None:
    """At each statement about effects, before the provider is called and after."""
    names, is_cut, worker = list[str](), True, Worker(shop.transactions)
    while is_cut:
        names.append(_name())
        await shop.sell(names[-1], "well")
        cut = cutting(postgres, len(names) - 1, lambda statement: "kernel_effect" in statement)
        with cut as scissors, suppress(DatabaseUnavailableError, CommitUnknownError):
            await worker.drain()
        is_cut = scissors.cut is not None
        clock.advance(WorkerOptions().lease)
        assert await worker.drain() == NOTHING_LEFT
    assert len(names) >= 8
    keys = [entry["key"] for entry in house.entries()]
    assert sorted(keys) == sorted(f"till.{what}:{name}" for name in names for what in ("charge", "refund"))
    assert await shop.answers() == sorted((name, "charged") for name in names)
    async with shop.transactions.database.read() as connection:
        assert set(await connection.scalars(select(delivery.c.attempts))) == {0}


async def test_a_provider_that_hangs_is_not_waited_for(
    installed: str, clock: FakeClock, house: House
) -> None:
    name, brisk = _name(), CallPolicy(timeout=timedelta(milliseconds=100), pause=timedelta(0))
    charges, refunds = HouseProvider(house.port), HouseProvider(house.port, "refunds")
    async with till(installed, clock, charges, refunds, policy=brisk) as shop:
        await shop.sell(name, "hanging")
        assert await Worker(shop.transactions).drain() == NOTHING_LEFT
        assert await shop.answers() == [(name, "charged")]
        assert len(house.entries()) == 2


async def test_what_is_declined_is_an_answer(shop: Till, house: House) -> None:
    name = _name()
    key = await shop.sell(name, "declined")
    assert await Worker(shop.transactions).drain() == NOTHING_LEFT
    assert await shop.answers() == [(name, "NO_MONEY")]
    record = await shop.effects.find(key)
    assert record is not None
    assert (record.status, record.calls) == (Status.REFUSED, 1)
    assert house.entries() == []
    assert await shop.returned(name) is None


async def test_what_can_never_be_done_is_dead_at_once(shop: Till) -> None:
    await shop.sell(_name(), "wrong")
    assert await Worker(shop.transactions).drain() == Backlog(waiting=0, dead=1, blocked=0)
    (letter,) = await DeadLetters(shop.transactions).page()
    assert letter.last_error == "RequestRejectedError: the house does not understand"
    assert await shop.answers() == []


async def test_who_asks_twice_asks_once(shop: Till, house: House) -> None:
    name = _name()
    assert await shop.sell(name) == await shop.sell(name)
    await Worker(shop.transactions).drain()
    await shop.sell(name)
    await Worker(shop.transactions).drain()
    assert await shop.answers() == [(name, "charged")]
    with pytest.raises(KeyReusedError):
        await shop.sell(name, "somebody else")


async def test_who_sends_two_messages_gets_two_answers_about_one_effect(shop: Till, house: House) -> None:
    """As a saga does that has not heard in time."""
    name = _name()
    for _ in range(2):
        async with shop.transactions.begin("till", RequestContext(None, "correlation")) as work:
            work.send(ChargeSale(name, "lost"), to="till.charge", key=name)
    await Worker(shop.transactions).drain()
    assert await shop.answers() == [(name, "charged")] * 2
    assert len([entry for entry in house.entries() if entry["path"] == "/charges"]) == 1


async def test_two_messages_that_ask_for_different_things_under_one_key_are_not_both_done(shop: Till) -> None:
    """Neither before an outcome is known nor afterwards."""
    name = _name()
    await shop.sell(name, "well")
    for dead in (1, 2):
        async with shop.transactions.begin("till", RequestContext(None, "correlation")) as work:
            work.send(ChargeSale(name, "well", currency="USD"), to="till.charge", key=f"elsewhere {dead}")
        assert (await Worker(shop.transactions).drain()).dead == dead
    for letter in await DeadLetters(shop.transactions).page():
        assert (letter.last_error or "").startswith("KeyReusedError")
    assert await shop.answers() == [(name, "charged")]


def test_a_message_that_has_gained_an_optional_field_still_asks_for_the_same() -> None:
    @dataclass(frozen=True)
    class Before(IntegrationEvent):
        name: str

    @dataclass(frozen=True)
    class After(IntegrationEvent):
        name: str
        note: str | None = None

    assert fingerprint(Before("a")) == fingerprint(After("a"))
    assert len({fingerprint(one) for one in (Before("a"), Before("b"), After("a", "note"))}) == 3


class Moody:
    """A provider in this process: it does what the test says."""

    name = "moody"

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.calls = 0

    async def call(self, key: str, request: object) -> Outcome[Receipt]:
        self.calls += 1
        if self.trouble:
            raise self.trouble
        return Succeeded(Receipt(self.calls))

    async def find(self, key: str, request: object) -> Outcome[Receipt] | None:
        return None


@pytest.mark.parametrize("trouble", [NotDoneError("busy"), OutcomeUnknownError("silence")])
async def test_a_provider_in_trouble_is_asked_again_until_patience_runs_out(
    installed: str, clock: FakeClock, trouble: Exception
) -> None:
    """Its troubles are not the message's: however many there are, the message is not given up before."""
    moody, started = Moody(), clock.now()
    moody.trouble = trouble
    policy = replace(QUICK, backoff=RetryPolicy(base=timedelta(minutes=1)), patience=timedelta(minutes=20))
    async with till(installed, clock, moody, moody, policy=policy) as shop:
        worker = Worker(shop.transactions)
        await shop.sell("sale")
        calls = []
        while (backlog := await worker.drain()).waiting:
            calls.append(moody.calls)
            assert clock.now() - started <= timedelta(minutes=20) + policy.backoff.cap
            clock.advance(timedelta(minutes=2))
        assert backlog.dead == 1
        assert len(set(calls)) > 4
        assert clock.now() - started >= timedelta(minutes=20)


async def test_a_dead_letter_that_is_tried_again_has_a_day_again(installed: str, clock: FakeClock) -> None:
    moody = Moody()
    moody.trouble = NotDoneError("busy")
    async with till(installed, clock, moody, moody) as shop:
        worker, letters = Worker(shop.transactions), DeadLetters(shop.transactions)
        await shop.sell("sale")
        clock.advance(timedelta(days=2))
        assert await worker.drain() == Backlog(waiting=0, dead=1, blocked=0)
        (letter,) = await letters.page()
        await letters.retry(letter.id, RequestContext(None, "correlation"))
        assert await worker.drain() == Backlog(waiting=1, dead=0, blocked=0)


async def test_a_machine_that_stands_still_is_not_the_message_s_trouble(
    installed: str, clock: FakeClock
) -> None:
    class Still(Moody):
        stands_still = True

        async def call(self, key: str, request: object) -> Outcome[Receipt]:
            if self.stands_still:
                went_on = monotonic() + 2 * policy.longest.total_seconds()
                while monotonic() < went_on:
                    pass  # as a process that is stopped: every deadline has passed when it goes on
                await asyncio.Event().wait()
            return await super().call(key, request)

    policy = CallPolicy(timeout=timedelta(milliseconds=10), attempts=1, margin=timedelta(milliseconds=300))
    options = WorkerOptions(retry=RetryPolicy(attempts=1))
    moody = Still()
    async with till(installed, clock, moody, moody, policy=policy) as shop:
        worker = Worker(shop.transactions, options=options)
        await shop.sell("sale")
        assert await worker.drain() == Backlog(waiting=1, dead=0, blocked=0)
        moody.stands_still = False
        async with asyncio.timeout(120):
            while (await worker.drain()).waiting:
                clock.advance(timedelta(minutes=1))
        assert await shop.answers() == [("sale", "charged")]


async def test_a_provider_that_does_not_answer_is_left_alone(installed: str, clock: FakeClock) -> None:
    moody = Moody()
    moody.trouble = NotDoneError("busy")
    async with till(installed, clock, moody, moody, breakers=Breakers(failures=3)) as shop:
        worker = Worker(shop.transactions)
        for number in range(20):
            await shop.sell(f"sale {number}")
        assert await worker.drain() == Backlog(waiting=20, dead=0, blocked=0)
        assert moody.calls <= 3 + 8  # those that were under way when the breaker opened
        calls = moody.calls
        clock.advance(timedelta(hours=1))
        assert await worker.drain() == Backlog(waiting=20, dead=0, blocked=0)
        assert moody.calls == calls
        assert shop.breakers.states() == {"moody": "opened"}


async def test_a_provider_that_has_recovered_is_asked_again(installed: str, clock: FakeClock) -> None:
    moody = Moody()
    moody.trouble = NotDoneError("busy")
    breakers = Breakers(failures=1, rest=timedelta(milliseconds=1))
    async with till(installed, clock, moody, moody, breakers=breakers) as shop:
        worker = Worker(shop.transactions)
        await shop.sell("sale")
        assert (await worker.drain()).waiting == 1
        moody.trouble = None
        async with asyncio.timeout(60):
            while (await worker.drain()).waiting:
                clock.advance(timedelta(minutes=5))
        assert await shop.answers() == [("sale", "charged")]
        assert breakers.states() == {"moody": "closed"}


async def test_a_bug_in_an_adapter_is_not_the_provider_s_trouble(installed: str, clock: FakeClock) -> None:
    moody = Moody()
    moody.trouble = KeyError("number")
    async with till(installed, clock, moody, moody, breakers=Breakers(failures=1)) as shop:
        worker = Worker(shop.transactions)
        await shop.sell("sale")
        for _ in range(8):
            await worker.drain()
            clock.advance(timedelta(minutes=5))
        assert await worker.backlog() == Backlog(waiting=0, dead=1, blocked=0)
        assert moody.calls == 8
        assert shop.breakers.states() == {"moody": "closed"}


_numbers = count()


def _name() -> str:
    """The house remembers what it has done in other tests."""
    return f"sale {next(_numbers)}"
