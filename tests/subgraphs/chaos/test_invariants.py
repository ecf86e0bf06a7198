"""The checker can fail: each invariant is seen to be broken by somebody who breaks it."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import delete, text
from structlog.testing import capture_logs

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.projections import Projector
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.tables import idempotency
from subgraphs.kernel.store.unit_of_work import Transactions, UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.postgres import TemporaryPostgres
from tests.subgraphs.chaos import gazette
from tests.subgraphs.chaos.gazette import PRESS
from tests.subgraphs.chaos.invariants import check
from tests.subgraphs.chaos.invariants.finding import Case, Finding
from tests.subgraphs.chaos.market import READ_MODEL, UNITS, Altered, build, market
from tests.subgraphs.chaos.notes import DIGEST, JOURNAL, Said
from tests.subgraphs.chaos.observer import cached_answers
from tests.subgraphs.chaos.plan import key_of, wish
from tests.subgraphs.kernel.house import House, HouseProvider, open_house
from tests.subgraphs.kernel.templates import Templates

_SEED: Final = 16704
"""Of a story with customers of every kind, payments taken and declined, reminders, one poisoned note."""

_PRODUCER, _COMMANDS = "producer-1", 24
_OPTIONS: Final = WorkerOptions(retry=RetryPolicy(base=timedelta(0), attempts=3))

_TAMPERED: Final[Mapping[str, tuple[str, str]]] = {
    "a row is deleted": (
        "no lost command",
        "DELETE FROM market_carried_out WHERE pos = (SELECT max(pos) FROM market_carried_out)",
    ),
    "somebody did what nobody wanted": (
        "no lost command",
        "INSERT INTO market_carried_out (command) VALUES ('nobody-1')",
    ),
    "a message did not come": (
        "no lost message",
        "DELETE FROM kernel_delivery WHERE id = (SELECT min(id) FROM kernel_delivery WHERE "
        "consumer = 'shop.ends')",
    ),
    "effects are in another order": (
        "order within a key",
        "UPDATE market_receipt SET pos = -pos",
    ),
    "money came from nowhere": ("money", "UPDATE shop_purse SET money = money + 1 WHERE owner = 'shop'"),
    "a payment was forgotten": ("money", "DELETE FROM shop_payment WHERE amount > 0"),
    "an order is not in the books": (
        "books",
        "DELETE FROM kernel_event WHERE stream LIKE '%takings%'",
    ),
    "goods vanished": ("stock", "UPDATE shop_goods SET free = free - 1"),
    "more was sold than there is": ("stock", "UPDATE shop_goods SET free = -1"),
    "an order stands still": (
        "every saga has ended",
        "UPDATE kernel_saga SET status = 'RUNNING' WHERE id = (SELECT min(id) FROM kernel_saga)",
    ),
    "an end was told twice": (
        "every saga has ended",
        "INSERT INTO shop_ended (order_id, how) SELECT order_id, how FROM shop_ended",
    ),
    "a read model is behind": (
        "read model = fold of the log",
        "UPDATE bank_balance_g1 SET amount = amount - 10",
    ),
    "an event was read twice": (
        "read model = fold of the log",
        "INSERT INTO bank_journal_g1 (line) SELECT line FROM bank_journal_g1 WHERE pos = 1",
    ),
    "a log has a gap": (
        "logs are dense",
        "UPDATE kernel_outbox SET seq = seq + 1000 WHERE pos = (SELECT max(pos) FROM kernel_outbox)",
    ),
    "a row was never numbered": (
        "logs are dense",
        "UPDATE kernel_event SET seq = NULL WHERE pos = (SELECT max(pos) FROM kernel_event)",
    ),
    "a stream is in another order": ("streams are in order", "UPDATE kernel_event SET seq = -seq"),
    "a key is in another order": ("streams are in order", "UPDATE kernel_outbox SET seq = -seq"),
    "poison was thrown away": (
        "dead letters = poison",
        "UPDATE kernel_delivery SET status = 'dropped' WHERE status = 'dead'",
    ),
    "a note was printed twice": (
        "notes printed elsewhere",
        "INSERT INTO gazette_line (topic, number) SELECT topic, number FROM gazette_line WHERE pos = 1",
    ),
    "a note was printed before another": ("notes printed elsewhere", "UPDATE gazette_line SET pos = -pos"),
    "an answer from elsewhere was lost": (
        "answers from elsewhere",
        "DELETE FROM market_heard WHERE pos = (SELECT max(pos) FROM market_heard)",
    ),
    "an effect was concluded twice": (
        "every effect is concluded once",
        "INSERT INTO till_answer (sale_id, what) SELECT sale_id, what FROM till_answer",
    ),
    "a message still waits": (
        "everything is handled",
        "UPDATE kernel_delivery SET status = 'ready' WHERE id = (SELECT min(id) FROM kernel_delivery)",
    ),
}

_BROKEN_BY_BEHAVIOUR: Final = {
    "one effect per idempotency key",
    "one effect per message",
    "notes in order",
    "one effect per key at the provider",
    "caches tell the truth",
}


@dataclass(frozen=True, slots=True)
class Story:
    """A system in one process, at rest: the gazette has its tables in the market's database.

    `answered`, `charges` and `cached` are those of a `Case`.
    """

    url: str
    answered: Mapping[str, int]
    charges: Sequence[Mapping[str, Any]]
    cached: Mapping[str, int]

    async def findings(self) -> list[Finding]:
        database = Database(self.url)
        async with database.read() as connection:
            case = Case(connection, connection, _SEED, self.answered, self.charges, self.cached, UNITS)
            found = await check(case)
        await database.close()
        return found

    async def broken(self) -> set[str]:
        return {finding.invariant for finding in await self.findings() if not finding.holds}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return Templates(tmp_path_factory.mktemp("market"))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One for all stories, which want the same of it."""
    with open_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def empty(files: Templates, tmp_path: Path) -> str:
    return files.file(_build, tmp_path)


@pytest.fixture
def told(files: Templates, house: House, tmp_path: Path) -> Story:
    async def build_and_tell(url: str) -> None:
        await _build(url)
        await _tell(url, house)

    url = files.file(build_and_tell, tmp_path)
    return asyncio.run(_story(url, house))


@pytest.fixture
def empty_on_postgres(postgres: TemporaryPostgres) -> Iterator[str]:
    """Where others can write while a handler does."""
    name = postgres.create()
    asyncio.run(_build(postgres.url(name)))
    yield postgres.url(name)
    postgres.drop(name)


async def test_a_system_that_nobody_has_hurt_keeps_every_promise(told: Story) -> None:
    assert await told.broken() == set()


@pytest.mark.parametrize("name", _TAMPERED)
async def test_what_was_tampered_with_is_seen(told: Story, name: str) -> None:
    invariant, change = _TAMPERED[name]
    await _execute(told.url, change)
    assert invariant in await told.broken()


async def test_an_answer_without_its_command_is_seen(told: Story) -> None:
    assert await replace(told, answered={_PRODUCER: _COMMANDS}).broken() >= {"no lost command"}


async def test_a_payment_that_was_taken_twice_is_seen(told: Story) -> None:
    story = replace(told, charges=[*told.charges, told.charges[0]])
    assert await story.broken() == {"one effect per key at the provider"}


async def test_a_payment_that_was_never_taken_is_seen(told: Story) -> None:
    story = replace(told, charges=told.charges[1:])
    assert await story.broken() == {"one effect per key at the provider", "every effect is concluded once"}


async def test_a_payment_that_nobody_asked_for_is_seen(told: Story) -> None:
    story = replace(told, charges=[*told.charges, {"key": "till.charge:sale 99"}])
    assert await story.broken() == {"one effect per key at the provider"}


async def test_a_cache_that_tells_what_was_true_once_is_seen(told: Story) -> None:
    topic = next(iter(told.cached))
    assert await replace(told, cached={**told.cached, topic: 0}).broken() == {"caches tell the truth"}


async def test_a_forgotten_idempotency_key_is_seen(empty: str, house: House) -> None:
    story = await _tell(empty, house, keys_are_kept=False)
    assert "one effect per idempotency key" in await story.broken()


async def test_a_handler_that_takes_effect_twice_is_seen(empty: str, house: House) -> None:
    async def twice(handler: Any, message: Envelope[Any], work: UnitOfWork) -> None:
        await handler(message, work)
        await handler(message, work)

    story = await _tell(empty, house, _only("books.keep", twice))
    assert await story.broken() >= {"one effect per message", "books"}


async def test_a_message_that_is_passed_over_is_seen(empty: str, house: House) -> None:
    async def pass_over(handler: Any, message: Envelope[Any], work: UnitOfWork) -> None:
        pass

    story = await _tell(empty, house, _only("shop.ends", pass_over))
    assert await story.broken() >= {"one effect per message", "every saga has ended"}


async def test_messages_that_overtake_each_other_are_seen(empty: str, house: House) -> None:
    """As they would without their key."""
    refused: set[str] = set()

    async def refuse_the_first_once(handler: Any, message: Envelope[Said], work: UnitOfWork) -> None:
        if message.body.topic not in refused:
            refused.add(message.body.topic)
            raise ValueError("not now")
        await handler(message, work)

    def unordered(subscription: Subscription[Any]) -> Subscription[Any]:
        altered = _only(JOURNAL.consumer, refuse_the_first_once)(subscription)
        if subscription.consumer == JOURNAL.consumer:
            return replace(altered, key=lambda said: f"{said.topic} {said.number}")
        return altered

    assert "notes in order" in await (await _tell(empty, house, unordered)).broken()


async def test_an_innocent_dead_letter_is_seen(empty: str, house: House) -> None:
    async def refuse(handler: Any, message: Envelope[Said], work: UnitOfWork) -> None:
        raise ValueError("never")

    assert (
        "dead letters = poison" in await (await _tell(empty, house, _only(DIGEST.consumer, refuse))).broken()
    )


async def test_a_handler_outside_of_its_transaction_is_seen(empty_on_postgres: str, house: House) -> None:
    """It commits by itself; the message fails, and is handled again."""
    elsewhere = Database(empty_on_postgres)
    failed: set[str] = set()

    async def outside(handler: Any, message: Envelope[Any], work: UnitOfWork) -> None:
        async def handle() -> None:
            async with elsewhere.transaction() as connection:
                work.connection = connection
                await handler(message, work)

        await asyncio.create_task(handle(), context=Context())
        if message.meta.message_id not in failed:
            failed.add(message.meta.message_id)
            raise ValueError("but it has happened")

    story = await _tell(empty_on_postgres, house, _only(JOURNAL.consumer, outside))
    await elsewhere.close()
    broken = await story.broken()
    assert broken >= {"one effect per message", "notes in order"}


async def test_every_invariant_is_broken_by_something(told: Story) -> None:
    known = {finding.invariant for finding in await told.findings()}
    assert known == {invariant for invariant, _ in _TAMPERED.values()} | _BROKEN_BY_BEHAVIOUR


def _only(consumer: str, handle: Any) -> Altered:
    """Have `handle` in the place of one consumer's handler, which it is given."""

    def altered(subscription: Subscription[Any]) -> Subscription[Any]:
        if subscription.consumer != consumer:
            return subscription

        async def handler(message: Envelope[Any], work: UnitOfWork) -> None:
            await handle(subscription.handler, message, work)

        return replace(subscription, handler=handler)

    return altered


async def _build(url: str) -> None:
    await build(url)
    await gazette.build(url)


async def _tell(
    url: str,
    house: House,
    altered: Altered = lambda subscription: subscription,
    *,
    keys_are_kept: bool = True,
) -> Story:
    """Give every command twice, and handle what comes of it until nothing is left but what is dead."""
    with capture_logs():
        await _live_through(url, FakeClock(), house, altered, keys_are_kept=keys_are_kept)
    return await _story(url, house)


async def _story(url: str, house: House) -> Story:
    async with market(url, FakeClock()) as context:
        return Story(url, {_PRODUCER: _COMMANDS - 1}, house.entries(), await cached_answers(context))


async def _live_through(
    url: str, clock: FakeClock, house: House, altered: Altered, *, keys_are_kept: bool
) -> None:
    provider = HouseProvider(house.port)
    async with market(url, clock, altered=altered, house=provider, also=(PRESS,)) as context:
        worker = Worker(context.transactions, options=_OPTIONS)
        for number in range(_COMMANDS):
            command, key = wish(_SEED, _PRODUCER, number), key_of(_PRODUCER, number)
            for _ in range(2):
                await context.commands.execute(command, RequestContext(None, key, idempotency_key=key))
                if not keys_are_kept:
                    await _forget_keys(context.transactions)
        for _ in range(30):
            await worker.drain()
            clock.advance(timedelta(minutes=5))
        while await Sequencer(context.transactions).step():
            pass
        await Projector(context.transactions, [READ_MODEL]).drain()


async def _forget_keys(transactions: Transactions) -> None:
    async with transactions.database.transaction() as connection:
        await connection.execute(delete(idempotency))


async def _execute(url: str, statement: str) -> None:
    database = Database(url)
    async with database.transaction() as connection:
        await connection.execute(text(statement))
    await database.close()
