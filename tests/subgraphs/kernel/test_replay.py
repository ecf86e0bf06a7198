"""The past is delivered again to whom it concerns, and takes effect again only where that is wanted."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from subgraphs.kernel.domain import Failure, Success
from subgraphs.kernel.messaging import replay as replaying
from subgraphs.kernel.messaging.history import Selection
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.replay import Replayed, replay
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.store.sequence import number_rows
from subgraphs.kernel.store.tables import audit, delivery, outbox
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from tests.subgraphs.kernel.orchard import NOBODY, STORE, ApplePicked, Orchard, orchard, store_apple

ALL = Selection("orchard")

in_a_file = pytest.mark.parametrize("planted", ["sqlite"], indirect=True)


@pytest.fixture
async def harvested(planted: str, clock: FakeClock) -> AsyncIterator[Orchard]:
    """Five apples of two trees, a minute after each other, stored in the cellar; a kitchen that has none."""
    async with orchard(planted, clock, STORE) as garden:
        for number in range(1, 6):
            await garden.pick(f"apple {number}", tree=str(number % 2))
            clock.advance(timedelta(minutes=1))
        await Worker(garden.transactions).drain()
        async with garden.transactions.database.transaction() as connection:
            await number_rows(connection, outbox)
    async with orchard(planted, clock, STORE, KITCHEN) as garden:
        yield garden


async def bake(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
    assert message.meta.replay
    await store_apple(replace(message, body=ApplePicked(f"baked {message.body.name}")), work)


KITCHEN = Subscription("kitchen.bake", ApplePicked, bake)


async def test_a_new_consumer_gets_what_was_before_it(harvested: Orchard) -> None:
    result = await replay(harvested.transactions, "kitchen.bake", ALL, NOBODY)
    assert result == Success(Replayed(seq=5, selected=5, delivered=5, known=0))
    await Worker(harvested.transactions).drain()
    baked = [name for name in await harvested.stored() if name.startswith("baked")]
    assert baked == [f"baked apple {number}" for number in (1, 2, 3, 4, 5)]


async def test_what_was_handled_is_not_handled_again(harvested: Orchard) -> None:
    before = await harvested.stored()
    for _ in range(2):
        result = await replay(harvested.transactions, "cellar.store", ALL, NOBODY)
        assert result == Success(Replayed(seq=5, selected=5, delivered=0, known=5))
        await Worker(harvested.transactions).drain()
    assert await harvested.stored() == before


async def test_unless_it_is_to_be_done_afresh(harvested: Orchard) -> None:
    before = await harvested.stored()
    for _ in range(2):  # what waits already does not come twice
        await replay(harvested.transactions, "cellar.store", ALL, NOBODY, fresh=True)
    await Worker(harvested.transactions).drain()
    assert await harvested.stored() == before * 2
    assert await _ids_are_kept(harvested)


@in_a_file
@pytest.mark.parametrize(
    ("selection", "names"),
    [
        (Selection("orchard", from_seq=4), "45"),
        (Selection("orchard", from_seq=2, to_seq=3), "23"),
        (Selection("orchard", to_seq=9, types=frozenset({"orchard.apple_picked"})), "12345"),
    ],
)
async def test_a_part_of_it(harvested: Orchard, selection: Selection, names: str) -> None:
    await replay(harvested.transactions, "kitchen.bake", selection, NOBODY, batch=2)
    await Worker(harvested.transactions).drain()
    assert [name[-1] for name in await harvested.stored() if name.startswith("baked")] == list(names)


@in_a_file
async def test_a_time_of_it(harvested: Orchard, clock: FakeClock) -> None:
    begin = clock.now() - timedelta(minutes=5)  # of the first apple
    selection = Selection("orchard", since=begin + timedelta(minutes=1), until=begin + timedelta(minutes=3))
    assert await replay(harvested.transactions, "kitchen.bake", selection, NOBODY) == Success(
        Replayed(seq=4, selected=3, delivered=3, known=0)
    )


@in_a_file
async def test_it_goes_in_batches_and_says_how_far_it_is(harvested: Orchard) -> None:
    told: list[Replayed] = []
    await replay(harvested.transactions, "kitchen.bake", ALL, NOBODY, batch=2, progress=told.append)
    assert [(one.seq, one.delivered) for one in told] == [(2, 2), (4, 4), (5, 5)]
    again = Selection("orchard", from_seq=told[0].seq + 1)  # broken off after the first, say
    assert await replay(harvested.transactions, "kitchen.bake", again, NOBODY) == Success(
        Replayed(5, 3, 0, 3)
    )


@in_a_file
async def test_a_subscription_may_refuse(planted: str, harvested: Orchard, clock: FakeClock) -> None:
    mails = replace(KITCHEN, consumer="post.mail", refuses_replay=True)
    async with orchard(planted, clock, mails) as garden:
        assert await replay(garden.transactions, "post.mail", ALL, NOBODY) == Failure(
            replaying.REPLAY_REFUSED
        )
        assert await _audited(garden) == 0
        assert await replay(garden.transactions, "post.mail", ALL, NOBODY, force=True) == Success(
            Replayed(5, 5, 5, 0)
        )
        assert await _audited(garden) == 1


@in_a_file
async def test_a_predicate_is_asked_as_it_is_now(planted: str, harvested: Orchard, clock: FakeClock) -> None:
    picky = replace(KITCHEN, where=lambda apple, _: apple.name > "apple 3")
    async with orchard(planted, clock, picky) as garden:
        assert await replay(garden.transactions, "kitchen.bake", ALL, NOBODY) == Success(Replayed(5, 5, 2, 0))


@in_a_file
@pytest.mark.parametrize(
    ("consumer", "selection", "error"),
    [
        ("kitchen.boil", ALL, replaying.UNKNOWN_CONSUMER),
        ("kitchen.bake", Selection("meadow"), replaying.NOTHING_KEPT),
        ("kitchen.bake", replace(ALL, types=frozenset({"orchard.pear"})), replaying.NOT_SUBSCRIBED),
    ],
)
async def test_what_makes_no_sense_is_said(
    harvested: Orchard, consumer: str, selection: Selection, error: object
) -> None:
    assert await replay(harvested.transactions, consumer, selection, NOBODY) == Failure(error)


@in_a_file
async def test_what_is_for_one_consumer_is_replayed_to_no_other(harvested: Orchard) -> None:
    async with harvested.transactions.database.transaction() as connection:
        row = (await connection.execute(select(outbox).where(outbox.c.seq == 5))).one()._asdict()
        another = {"pos": None, "seq": 6, "message_id": "another", "recipient": "cellar.store"}
        await connection.execute(insert(outbox).values({**row, **another}))
    for consumer, delivered in (("kitchen.bake", 5), ("cellar.store", 1)):
        result = await replay(harvested.transactions, consumer, ALL, NOBODY)
        assert isinstance(result, Success)
        assert result.value.delivered == delivered


async def _ids_are_kept(garden: Orchard) -> bool:
    async with garden.transactions.database.read() as connection:
        published = await connection.scalars(select(outbox.c.message_id).order_by(outbox.c.seq))
        delivered = await connection.scalars(select(delivery.c.message_id).order_by(delivery.c.id))
        return list(published) == list(delivered)


async def _audited(garden: Orchard) -> int:
    async with garden.transactions.database.read() as connection:
        return await connection.scalar(select(func.count()).where(audit.c.action == "replay")) or 0
