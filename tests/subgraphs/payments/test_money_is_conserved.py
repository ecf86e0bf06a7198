"""kill -9 while money moves, at each step and again and again: no double charge, no lost refund.

What is completed and not refunded here is what the provider has, to the cent, whatever the cards do.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import select

from subgraphs.contracts import CONTRACTS
from subgraphs.contracts.payments import (
    PaymentMethod,
    PaymentProcessed,
    ProcessPayment,
    RefundPayment,
    RefundProcessed,
)
from subgraphs.kernel.application.request import SYSTEM, RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import Success
from subgraphs.kernel.messaging.integration import Envelope, ReplyTo
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.store.tables import event
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.payments import app
from subgraphs.payments.commands.paying import CreatePayment
from subgraphs.payments.commands.refunding import InitiateRefund
from subgraphs.payments.domain.identifiers import PaymentId
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.values import PaymentStatus
from subgraphs.payments.event_log import PAYMENTS
from subgraphs.payments.provider.configured import Configured
from subgraphs.payments.provider.fake import FakeGateway
from tests.subgraphs.kernel.doomed import run_until_it_dies
from tests.subgraphs.kernel.templates import Templates
from tests.subgraphs.payments.bursary import COURSE, STAFF, STUDENT, course_id, euros, payment_id

CARDS = ("tok_visa", "tok_timeout", "tok_unreachable", "tok_declined", "tok_kept", "tok_refund_timeout")
STEPS = (
    "command.key_taken",
    "events.appended",
    "transaction.published",
    "transaction.committed",
    "worker.claimed",
    "worker.fenced",
    "effect.requested",
    "effect.called",
    "effect.answered",
    "effect.recorded",
    "errand.done",
)
DEATHS = [(step, 1 + 2 * (place % 3)) for place, step in enumerate(STEPS)]
ASKED = payment_id(1)

_OPTIONS = WorkerOptions(
    retry=RetryPolicy(base=timedelta(0), crashes=len(DEATHS) + 1), lease=timedelta(seconds=5)
)


async def made(url: str) -> None:
    """Make the tables."""
    async with _open(url, Path()) as (platform, context):
        await migrate(platform.database, [context])


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return Templates(tmp_path_factory.mktemp("templates"))


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, templates: Templates, tmp_path: Path) -> Iterator[str]:
    with templates.copy(request, made, tmp_path) as url:
        yield url


def test_no_double_charge_and_no_lost_refund_however_often_it_dies(database: str, tmp_path: Path) -> None:
    died = 0
    deaths = DEATHS if database.startswith("sqlite") else DEATHS[1::2]  # a start takes longer there
    for hour, (step, count) in enumerate(deaths):
        code = run_until_it_dies(database, step, hours=hour, times=count, life=partial(live, folder=tmp_path))
        died += code == -signal.SIGKILL
    assert died > len(deaths) // 2, "while there is something left to be done it should die"
    live(database, hours=len(DEATHS) + 1, folder=tmp_path)
    asyncio.run(_check(database, tmp_path))


def live(url: str, *, hours: int, handled: Callable[[str], None] | None = None, folder: Path) -> None:
    """Pay what is not paid, refund what is to be refunded, and work until all is done."""
    with structlog.testing.capture_logs():
        asyncio.run(_live(url, hours, folder))


async def _live(url: str, hours: int, folder: Path) -> None:
    clock = FakeClock()
    clock.advance(timedelta(minutes=hours))  # leases of the dead have run out, keys are remembered
    async with _open(url, folder, clock) as (platform, context):
        worker = Worker(platform.transactions, options=_OPTIONS)

        async def settle() -> None:
            for _ in range(8):
                left = await worker.drain()
                clock.advance(timedelta(seconds=10))
                if not left.waiting:
                    break

        async with platform.transactions.begin("shop", RequestContext(SYSTEM, "shop")) as work:
            ask = ProcessPayment(ASKED, STUDENT.id, 4900, "EUR", PaymentMethod.CARD, course_id=COURSE)
            work.send(ask, to="payments.process", key=ASKED, reply_to=ReplyTo("shop.answers", ASKED))
            undo = RefundPayment(ASKED, "no")
            work.send(undo, to="payments.refund", key=ASKED, reply_to=ReplyTo("shop.answers", ASKED))
        paid = []
        for card in CARDS:
            course = course_id(CARDS.index(card))
            pay = CreatePayment(euros(1000 + len(card)), course_id=course, card=card)
            result = await context.commands.execute(pay, RequestContext(STUDENT, card, idempotency_key=card))
            assert isinstance(result, Success), result
            paid.append(str(result.value))
        await settle()
        for _ in range(2):  # tok_kept is not refunded at once
            for id_ in paid[1:]:  # the first one is kept
                refund = InitiateRefund(id_, "a change of mind")
                await context.commands.execute(refund, RequestContext(STAFF, id_))
            await settle()


async def _check(url: str, folder: Path) -> None:
    async with _open(url, folder) as (platform, _), platform.database.read() as connection:
        streams = await connection.scalars(select(event.c.stream).distinct())
        ids = [PaymentId(stream.removeprefix(f"{Payment.stored_as}-")) for stream in streams]
        payments = await PAYMENTS.find_many(connection, ids)
    entries = FakeGateway(folder / "bank.db").ledger()
    assert len(payments) == len(CARDS) + 1
    for id_, payment in payments.items():
        moved = [entry.amount_minor for entry in entries if entry.payment_id == id_]
        amount = payment.amount.amount_minor
        expected = {
            PaymentStatus.COMPLETED: [amount],
            PaymentStatus.REFUNDED: [amount, -amount],
            PaymentStatus.FAILED: [],
        }
        assert moved == expected[payment.status], (id_, payment.status)
    statuses = sorted(payment.status for payment in payments.values())
    assert statuses == ["COMPLETED", "FAILED"] + ["REFUNDED"] * (len(CARDS) - 1)
    kept = sum(one.amount.amount_minor for one in payments.values() if one.has_money)
    assert kept == sum(entry.amount_minor for entry in entries)


@asynccontextmanager
async def _open(
    url: str, folder: Path, clock: FakeClock | None = None
) -> AsyncIterator[tuple[Platform, BoundedContext]]:
    settings = Settings(folder, database_url=url)
    platform = Platform.open(settings, clock=clock or FakeClock(), contracts=CONTRACTS)
    context = app.build(platform, Configured(FakeGateway(folder / "bank.db", slow_seconds=0)))

    async def hear(message: Envelope[Any], _work: UnitOfWork) -> None:
        assert message.body.payment_id == ASKED

    platform.add(context)
    kinds = (PaymentProcessed, RefundProcessed)
    platform.subscriptions.add(*(Subscription("shop.answers", kind, hear) for kind in kinds))
    try:
        yield platform, context
    finally:
        await platform.close()
