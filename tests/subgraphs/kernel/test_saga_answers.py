"""Answers to what a saga asks: it gets those that it handles, and is not held up by the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import RandomIds
from subgraphs.kernel.messaging.backlog import Backlog
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.requests import Request
from subgraphs.kernel.messaging.subscriptions import Subscription, Subscriptions
from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.sagas.definition import Decision, Saga
from subgraphs.kernel.sagas.outputs import Complete, Output, Send
from subgraphs.kernel.sagas.record import Status
from subgraphs.kernel.sagas.runner import subscriptions
from subgraphs.kernel.sagas.sagas import Sagas
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.store.unit_of_work import Transactions, UnitOfWork
from subgraphs.kernel.testing.clock import FakeClock


@dataclass(frozen=True, slots=True)
class Knocked(IntegrationEvent):
    type: ClassVar[str] = "door.knocked"
    at: str


@dataclass(frozen=True, slots=True)
class Opened(IntegrationEvent):
    type: ClassVar[str] = "door.opened"
    at: str


@dataclass(frozen=True, slots=True)
class Open(Request[Opened]):
    type: ClassVar[str] = "door.open"
    at: str


@dataclass(frozen=True, slots=True)
class Visit:
    at: str


def _visit(*, waits: bool) -> Saga[Visit]:
    saga = Saga("door.visit", Visit)

    @saga.starts_with(Knocked, by=lambda message: message.at)
    def knocked(message: Knocked) -> Decision[Visit]:
        asked = Send(Open(message.at), to="door.porter")
        outputs: Sequence[Output] = [asked] if waits else [asked, Complete()]
        return Visit(message.at), outputs

    if waits:

        @saga.on(Opened, by=lambda message: message.at)
        def opened(visit: Visit, _: Opened) -> Decision[Visit]:
            return visit, [Complete()]

    return saga


async def _answer(asked: Envelope[Any], work: UnitOfWork) -> None:
    work.reply(asked, Opened(asked.body.at))


@pytest.mark.parametrize("waits", [True, False])
async def test_a_saga_gets_the_answers_that_it_handles(tmp_path: Path, waits: bool) -> None:
    saga, known, clock = _visit(waits=waits), Subscriptions(), FakeClock()
    known.add(*subscriptions(saga), Subscription("door.porter", Open, _answer))
    database = Database(f"sqlite:///{tmp_path / 'door.db'}")
    transactions = Transactions(database, clock=clock, ids=RandomIds(), subscriptions=known)
    try:
        await migrate(database, [])
        async with transactions.begin("door", RequestContext(None, "correlation")) as work:
            work.publish(Knocked("front"), key="front")
        assert await Worker(transactions).drain() == Backlog(0, 0, 0)
        record = await Sagas(transactions, [saga]).find(saga.id_of("front"))
        assert record is not None
        assert record.status is Status.COMPLETED
    finally:
        await database.close()
