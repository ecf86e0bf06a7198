"""What was given up can be mended, tried again, or let go, and it is on record who did."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.dead_letters import NOT_DEAD, REASON_MISSING, DeadLetters
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.store.tables import audit
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import ApplePicked, Orchard, orchard, store_apple

OPERATOR = RequestContext(Actor("42", "admin"), "correlation")
NO_PATIENCE = WorkerOptions(retry=RetryPolicy(attempts=1))


async def store_good_ones(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
    if "rotten" in message.body.name:
        raise ValueError("nobody can store this")
    await store_apple(message, work)


GOOD_ONES = Subscription("cellar.store", ApplePicked, store_good_ones)


@pytest.fixture
async def spoilt(planted: str, clock: FakeClock) -> AsyncIterator[Orchard]:
    """Two trees; the first apple of one of them is dead, and two wait behind it."""
    async with orchard(planted, clock, GOOD_ONES) as garden:
        for name, tree in (("rotten", "1"), ("b", "1"), ("c", "1"), ("d", "2")):
            await garden.pick(name, tree=tree)
        backlog = await Worker(garden.transactions, options=NO_PATIENCE).drain()
        assert backlog == Backlog(waiting=0, dead=1, blocked=2)
        yield garden


async def audited(garden: Orchard) -> list[tuple[str, str | None, object]]:
    async with garden.transactions.database.read() as connection:
        rows = await connection.execute(select(audit).order_by(audit.c.pos))
        return [(row.action, row.actor, json.loads(row.detail)) for row in rows]


async def test_a_dead_letter_is_seen_with_its_reason(spoilt: Orchard) -> None:
    letters = DeadLetters(spoilt.transactions)
    (letter,) = await letters.page()
    assert (letter.consumer, letter.key, letter.type) == ("cellar.store", "1", "orchard.apple_picked")
    assert (letter.data, letter.last_error) == ('{"name":"rotten"}', "ValueError: nobody can store this")
    assert letter.blocks
    assert await letters.find(letter.id) == letter
    assert await letters.page(consumer="kitchen.bake") == await letters.page(after=letter.id) == ()
    assert await letters.find(letter.id + 1) is None  # that one only waits


async def test_a_mended_message_goes_first_and_the_others_follow(spoilt: Orchard) -> None:
    letters, worker = DeadLetters(spoilt.transactions), Worker(spoilt.transactions, options=NO_PATIENCE)
    (letter,) = await letters.page()
    assert await letters.retry(letter.id, OPERATOR, data='{"name":"mended"}') == Success(None)
    assert await worker.drain() == Backlog(waiting=0, dead=0, blocked=0)
    assert await spoilt.stored() == ["d", "mended", "b", "c"]
    assert await audited(spoilt) == [
        ("dead_letter.retry", "42", {"before": '{"name":"rotten"}', "after": '{"name":"mended"}'})
    ]
    assert await letters.retry(letter.id, OPERATOR) == Failure(NOT_DEAD)


async def test_a_message_that_fails_again_is_dead_again(spoilt: Orchard) -> None:
    letters, worker = DeadLetters(spoilt.transactions), Worker(spoilt.transactions, options=NO_PATIENCE)
    assert await letters.retry_some("cellar.store", OPERATOR) == 1
    assert await worker.drain() == Backlog(waiting=0, dead=1, blocked=2)
    assert await letters.retry_some("kitchen.bake", OPERATOR) == 0
    assert [action for action, _, _ in await audited(spoilt)] == ["dead_letter.retry"]


@pytest.mark.parametrize("data", ["{", '{"name": 3}', "{}"])
async def test_what_the_consumer_could_not_read_is_refused(spoilt: Orchard, data: str) -> None:
    letters = DeadLetters(spoilt.transactions)
    (letter,) = await letters.page()
    result = await letters.retry(letter.id, OPERATOR, data=data)
    assert isinstance(result, Failure)
    assert (result.error.code, result.error.field) == ("INVALID_MESSAGE", "data")
    assert await letters.page() == (letter,)
    assert await audited(spoilt) == []


async def test_a_discarded_message_holds_back_nobody(spoilt: Orchard, clock: FakeClock) -> None:
    letters, worker = DeadLetters(spoilt.transactions), Worker(spoilt.transactions, options=NO_PATIENCE)
    (letter,) = await letters.page()
    assert await letters.discard(letter.id, OPERATOR, reason=" ") == Failure(REASON_MISSING)
    assert await letters.discard(letter.id, OPERATOR, reason="it was rotten") == Success(None)
    clock.advance(timedelta(days=1))
    assert await worker.drain() == Backlog(waiting=0, dead=0, blocked=0)
    assert await spoilt.stored() == ["d", "b", "c"]
    assert await audited(spoilt) == [
        ("dead_letter.discard", "42", {"reason": "it was rotten", "data": '{"name":"rotten"}'})
    ]
    for refused in (
        await letters.discard(letter.id, OPERATOR, reason="again"),
        await letters.retry(letter.id + 1, OPERATOR),
    ):
        assert refused == Failure(NOT_DEAD)
