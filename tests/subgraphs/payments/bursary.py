"""Payments on their own, with the fake provider, people to act in them, and another context that asks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select

from subgraphs.contracts import CONTRACTS
from subgraphs.contracts.identity import Role, UserCreated
from subgraphs.contracts.notification import SendNotification
from subgraphs.contracts.payments import PaymentProcessed, PaymentStatusTold, PaymentVerified, RefundProcessed
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import SYSTEM, Actor, RequestContext
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import Currency, DomainError, Money, Result
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent, ReplyTo
from subgraphs.kernel.messaging.requests import Request
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.projections import Projector
from subgraphs.kernel.store.tables import delivery, unfinished
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.testing.client import GraphQLClient
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.platform import running
from subgraphs.payments import app
from subgraphs.payments.domain.identifiers import PaymentId
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.event_log import PAYMENTS
from subgraphs.payments.provider.configured import Configured
from subgraphs.payments.provider.fake import FakeGateway
from subgraphs.payments.recording import LOOK_UP
from tests.subgraphs.people import client, person

R = TypeVar("R")
A = TypeVar("A", bound=IntegrationEvent)

EUR = Currency("EUR")


STAFF, TUTOR = person(3, Role.STAFF), person(1, Role.TUTOR)
STUDENT, OTHER_STUDENT = person(4, Role.STUDENT), person(5, Role.STUDENT)
COURSE, OTHER_COURSE, CLASS = (str(UUID(int=number, version=4)) for number in (11, 12, 13))


def course_id(number: int) -> str:
    """One of many courses: each is paid once."""
    return str(UUID(int=2000 + number, version=4))


def payment_id(number: int) -> str:
    return str(UUID(int=1000 + number, version=4))


def euros(minor: int) -> Money:
    return Money(minor, EUR)


@dataclass
class Bursary:
    platform: Platform
    clock: FakeClock
    payments: BoundedContext
    gateway: FakeGateway
    answers: list[IntegrationEvent] = field(default_factory=list)
    mails: list[SendNotification] = field(default_factory=list)

    async def by(
        self, actor: Actor | None, command: Command[R], *, key: str | None = None
    ) -> Result[R, DomainError]:
        request = RequestContext(actor, "by hand", idempotency_key=key)
        return await self.payments.commands.execute(command, request)

    async def ask(self, request: Request[Any], to: str, *, by: str = "shop.answers") -> None:
        """Ask as another context would; `answers` has what it is answered after `deliver`."""
        async with self.platform.transactions.begin("shop", RequestContext(SYSTEM, "shop")) as work:
            work.ask(request, to=to, key=request.payment_id, reply_to=ReplyTo(by, request.payment_id))  # type: ignore[attr-defined]

    async def deliver(self, *, dead: int = 0) -> None:
        """Let everything take effect, whatever has to be waited for but what the provider has not told."""
        for _ in range(6):
            left = await Worker(self.platform.transactions).drain()
            waiting = left.waiting - await self._looks()
            self.clock.advance(timedelta(minutes=5))
            if waiting == 0:
                break
        assert (waiting, left.dead) == (0, dead)
        while await Sequencer(self.platform.transactions).step():
            pass
        await Projector(self.platform.transactions, self.payments.projections).drain()

    async def _looks(self) -> int:
        mine = select(func.count()).where(delivery.c.consumer == LOOK_UP.kind, unfinished(delivery))
        async with self.platform.database.read() as connection:
            return int(await connection.scalar(mine) or 0)

    async def payment(self, id_: str | PaymentId) -> Payment:
        async with self.platform.database.read() as connection:
            found = await PAYMENTS.find(connection, PaymentId(str(id_)))
        assert found is not None
        return found

    def client(self, actor: Actor | None = None) -> GraphQLClient:
        return client(self.platform, self.payments, actor)

    def money(self) -> dict[str, int]:
        """What the provider has of each payment."""
        totals: dict[str, int] = {}
        for entry in self.gateway.ledger():
            totals[entry.payment_id] = totals.get(entry.payment_id, 0) + entry.amount_minor
        return totals


@asynccontextmanager
async def open_bursary(
    folder: Path,
    *,
    provider: Configured | None = None,
    patience: timedelta = timedelta(0),
    database_url: str | None = None,
) -> AsyncIterator[Bursary]:
    """Payments without any, on a database of their own."""
    clock, gateway = FakeClock(), FakeGateway(folder / "bank.db", slow_seconds=0)

    def build(platform: Platform) -> BoundedContext:
        context = app.build(platform, provider or Configured(gateway))
        return replace(context, subscriptions=(*context.subscriptions, *shop))

    answers: list[IntegrationEvent] = []

    async def hear(message: Envelope[Any], _work: UnitOfWork) -> None:
        answers.append(message.body)

    mails: list[SendNotification] = []

    async def post(message: Envelope[SendNotification], _work: UnitOfWork) -> None:
        mails.append(message.body)

    kinds = (PaymentProcessed, PaymentStatusTold, RefundProcessed, PaymentVerified)
    heard: tuple[Subscription[Any], ...] = tuple(Subscription("shop.answers", kind, hear) for kind in kinds)
    shop = (*heard, Subscription("notification.send", SendNotification, post))
    opened = running(
        folder, build, clock=clock, patience=patience, contracts=CONTRACTS, database_url=database_url
    )
    async with opened as (platform, [payments]):
        async with platform.transactions.begin("identity", RequestContext(SYSTEM, "identity")) as work:
            for number, one in enumerate((STAFF, TUTOR, STUDENT, OTHER_STUDENT)):
                name, role = f"person-{number}", Role(one.role)
                email = f"{name}@marked.example"
                told = UserCreated(one.id, email, name, name, role, "active", clock.now())
                work.publish(told, key=one.id)
        await Worker(platform.transactions).drain()
        yield Bursary(platform, clock, payments, gateway, answers, mails)
