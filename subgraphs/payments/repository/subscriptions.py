"""Subscriptions in the database."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import DomainError, Failure, Money, Result, Success
from subgraphs.kernel.store.locks import lock
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned
from subgraphs.payments import tables
from subgraphs.payments.domain.errors import SUBSCRIPTION_NOT_FOUND
from subgraphs.payments.domain.identifiers import StudentId, SubscriptionId
from subgraphs.payments.domain.plans import Plan
from subgraphs.payments.domain.subscription import Subscription, SubscriptionStatus
from subgraphs.payments.domain.values import Purpose


async def find_subscription(connection: AsyncConnection, subscription_id: str) -> Subscription | None:
    """The subscription of this id."""
    query = select(tables.subscription).where(tables.subscription.c.id == subscription_id)
    row = (await connection.execute(query)).one_or_none()
    return _subscription(row) if row else None


async def find_running_subscription(work: UnitOfWork, student_id: StudentId) -> Subscription | None:
    """A student's subscription that is not cancelled. Nobody else looks until this transaction has ended."""
    await lock(work.connection, [f"payments.subscription-{student_id}"])
    table = tables.subscription
    running = select(table).where(
        table.c.student_id == str(student_id), table.c.status != SubscriptionStatus.CANCELLED
    )
    row = (await work.connection.execute(running)).one_or_none()
    return _subscription(row) if row else None


async def may_pay_for(
    purpose: Purpose, student_id: StudentId, amount: Money, work: UnitOfWork
) -> Result[None, DomainError]:
    """A subscription is paid by whose it is, and at its price; what else costs how much, others know.

    SUBSCRIPTION_NOT_FOUND, SUBSCRIPTION_ENDED, NOT_THE_PLANS_PRICE.
    """
    if purpose.subscription_id is None:
        return Success(None)
    subscription = await find_subscription(work.connection, purpose.subscription_id)
    if subscription is None or subscription.student_id != student_id:
        return Failure(SUBSCRIPTION_NOT_FOUND)
    return subscription.may_be_paid(amount)


async def store_subscription(work: UnitOfWork, subscription: Subscription) -> None:
    """Store a new or changed subscription. ConcurrencyConflict."""
    values = {
        "student_id": str(subscription.student_id),
        "plan": subscription.plan,
        "status": subscription.status,
        "started_at": subscription.started_at,
        "paid_until": subscription.paid_until,
        "cancelled_at": subscription.cancelled_at,
    }
    await save_versioned(work, tables.subscription, subscription, values)


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        id=SubscriptionId(row.id),
        version=row.version,
        student_id=StudentId(row.student_id),
        plan=Plan(row.plan),
        status=SubscriptionStatus(row.status),
        started_at=row.started_at,
        paid_until=row.paid_until,
        cancelled_at=row.cancelled_at,
    )
