"""Subscriptions, and what their payments do to them."""

from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.access import may_see
from subgraphs.payments.commands.naming import named_payer
from subgraphs.payments.domain.errors import SUBSCRIPTION_EXISTS, SUBSCRIPTION_NOT_FOUND
from subgraphs.payments.domain.identifiers import SubscriptionId
from subgraphs.payments.domain.plans import Plan
from subgraphs.payments.domain.subscription import Subscription
from subgraphs.payments.repository.subscriptions import (
    find_running_subscription,
    find_subscription,
    store_subscription,
)


@dataclass(frozen=True, slots=True)
class StartSubscription(Command[SubscriptionId]):
    """Choose a plan. It runs from its first payment (`createPayment` with the subscription's id)."""

    plan: Plan
    student_id: str | None = None


@dataclass(frozen=True, slots=True)
class CancelSubscription(Command[SubscriptionId]):
    """Do not go on. What is paid is still had."""

    subscription_id: str


async def start_subscription(
    command: StartSubscription, work: UnitOfWork, request: RequestContext
) -> Result[SubscriptionId, DomainError]:
    match await named_payer(command.student_id, work, request):
        case Failure() as failure:
            return failure
        case Success(value=student_id):
            pass
    if await find_running_subscription(work, student_id) is not None:
        return Failure(SUBSCRIPTION_EXISTS)
    id_ = SubscriptionId.new(work.ids)
    subscription = Subscription.start(id_, student_id=student_id, plan=command.plan, at=work.now)
    await store_subscription(work, subscription)
    return Success(subscription.id)


async def cancel_subscription(
    command: CancelSubscription, work: UnitOfWork, request: RequestContext
) -> Result[SubscriptionId, DomainError]:
    subscription = await find_subscription(work.connection, command.subscription_id)
    if subscription is None or not may_see(request.actor, str(subscription.student_id)):
        return Failure(SUBSCRIPTION_NOT_FOUND)
    cancelled = subscription.cancel(at=work.now)
    if isinstance(cancelled, Failure):
        return cancelled
    await store_subscription(work, subscription)
    return Success(subscription.id)
