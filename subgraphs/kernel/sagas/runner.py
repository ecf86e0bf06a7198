"""From a message to what becomes of its saga, in the transaction that marks the message as handled.

A saga's deliveries have its id as their key: they come one after the other, whatever they are about. Should
a saga be changed from elsewhere meanwhile (cancelled, say), storing it fails, and the message is handled
again, with what the saga is then.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import structlog

from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.delivery import is_ready
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent, ReplyTo
from subgraphs.kernel.messaging.requests import Request, reply_type
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.sagas import machine
from subgraphs.kernel.sagas.definition import Route, Saga
from subgraphs.kernel.sagas.machine import Move, Wake
from subgraphs.kernel.sagas.outputs import Publish, Send
from subgraphs.kernel.sagas.record import SagaRecord
from subgraphs.kernel.sagas.storage import find, save
from subgraphs.kernel.store.unit_of_work import UnitOfWork

_log = structlog.stdlib.get_logger("subgraphs.sagas")


@dataclass(frozen=True, slots=True)
class SagaTimer(IntegrationEvent):
    """A saga's message to itself."""

    type: ClassVar[str] = "kernel.saga_timer"
    saga_id: str
    step: str
    at: datetime


def subscriptions(saga: Saga[Any]) -> tuple[Subscription[Any], ...]:
    """What makes a saga run: one consumer, subscribed to its messages and to its timers."""

    async def on_timer(envelope: Envelope[SagaTimer], work: UnitOfWork) -> None:
        timer = envelope.body
        if await is_ready(work.connection, saga.type, timer.saga_id, due_by=timer.at):
            # What came in time counts as in time, however late it is handled.
            work.send(timer, to=saga.type, key=timer.saga_id)
            return
        record = await find(work.connection, timer.saga_id, saga.state)
        move = machine.wake(saga, record, Wake(timer.step, timer.at), work.now) if record else None
        await _carry_out(saga, move, envelope, work)

    timers = Subscription(saga.type, SagaTimer, on_timer, key=lambda timer: timer.saga_id)
    return (*(_subscription(saga, route) for route in saga.routes), timers)


def _subscription(saga: Saga[Any], route: Route[Any]) -> Subscription[Any]:
    def saga_id(message: IntegrationEvent) -> str | None:
        key = route.by(message)
        return None if key is None else saga.id_of(key)

    async def on_message(envelope: Envelope[Any], work: UnitOfWork) -> None:
        id_ = saga_id(envelope.body)
        if id_ is None:
            return
        record = await find(work.connection, id_, saga.state)
        await _carry_out(saga, machine.receive(saga, record, envelope.body, work.now), envelope, work)

    return Subscription(saga.type, route.message, on_message, key=saga_id)


async def _carry_out(
    saga: Saga[Any], move: Move[Any] | None, envelope: Envelope[Any], work: UnitOfWork
) -> None:
    if move is None:
        _log.debug("nothing changes", saga=saga.type, message=envelope.body.type, key=envelope.key)
        return
    fault_point("saga.decided")
    await store(saga, move, work)
    fault_point("saga.stored")


async def store(saga: Saga[Any], move: Move[Any], work: UnitOfWork) -> None:
    """Store what has become of a saga, and send what goes out with it. ConcurrencyConflict."""
    record = move.record
    await save(work.connection, record)
    for effect in move.effects:
        match effect:
            case Send(message, to, key):
                work.send(message, to=to, key=key or record.key, reply_to=_answered_to(saga, record, message))
            case Publish(event, key):
                work.publish(event, key=key or record.key)
            case Wake(step, at):
                timer = SagaTimer(record.id, step, at)
                work.send(timer, to=saga.type, key=record.id, after=at - work.now)
    _log.info("saga", id=record.id, type=record.type, key=record.key, status=record.status)


def _answered_to(saga: Saga[Any], record: SagaRecord[Any], message: IntegrationEvent) -> ReplyTo | None:
    """Who gets the answer: not a saga that would not know what to do with it, and be held up by it."""
    if isinstance(message, Request) and saga.route(reply_type(type(message))) is None:
        return None
    return ReplyTo(saga.type, record.id)
