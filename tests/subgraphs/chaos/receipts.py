"""A receipt for each message that was handled, written in the transaction that handles it.

Nothing forbids two for one message: what is handled twice would be seen.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, insert

from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Conclusion, Errand, Subscription
from subgraphs.kernel.sagas.runner import SagaTimer
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from tests.subgraphs.chaos.notes import Reminder
from tests.subgraphs.kernel.shop import ChargePayment

receipt = Table(
    "market_receipt",
    MetaData(),
    Column("pos", Integer, primary_key=True),
    Column("consumer", String, nullable=False),
    Column("message_id", String, nullable=False, index=True),
    Column("key", String, nullable=False),
    Column("is_timer", Boolean, nullable=False),
)


def with_receipt(subscription: Subscription[Any]) -> Subscription[Any]:
    async def handle(message: Envelope[Any], work: UnitOfWork) -> None:
        await subscription.handler(message, work)
        await _write(subscription.consumer, message, work)

    return replace(subscription, handler=handle)


def errand_with_receipt(errand: Errand[Any]) -> Errand[Any]:
    async def act(message: Envelope[Any]) -> Conclusion:
        conclude = await errand.act(message)

        async def concluded(work: UnitOfWork) -> None:
            await conclude(work)
            await _write(errand.consumer, message, work)

        return concluded

    return replace(errand, act=act)


async def _write(consumer: str, message: Envelope[Any], work: UnitOfWork) -> None:
    body = message.body
    is_timer = isinstance(body, SagaTimer | Reminder) or (isinstance(body, ChargePayment) and body.is_put_off)
    await work.connection.execute(
        insert(receipt).values(
            consumer=consumer, message_id=message.meta.message_id, key=message.key, is_timer=is_timer
        )
    )
