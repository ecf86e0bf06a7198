"""What the payment provider tells of its own accord: more than once, and in any order."""

from dataclasses import dataclass
from typing import assert_never

import structlog

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.provider.stripe.events import (
    ChargeFailed,
    ChargeSucceeded,
    DisputeNews,
    MoneyReturned,
    News,
    RefundFailed,
    RefundSucceeded,
    StripeEvent,
)
from subgraphs.payments.recording import load_payment, store_payment
from subgraphs.payments.repository.references import payment_of_reference

_log = structlog.stdlib.get_logger("subgraphs.payments.provider_news")


@dataclass(frozen=True, slots=True)
class RecordProviderNews(Command[None]):
    """Hear what an event says of a payment."""

    event: StripeEvent


async def record_provider_news(
    command: RecordProviderNews, work: UnitOfWork, _request: RequestContext
) -> Result[None, DomainError]:
    event = command.event
    if event.news is None:
        return Success(None)
    payment = await _payment_of(event, work)
    if isinstance(event.news, DisputeNews):  # the bank wants an answer, which somebody gives at the provider
        id_ = None if payment is None else str(payment.id)
        _log.info("a bank asks for money back", payment_id=id_, dispute=event.news.dispute)
    if payment is None:
        return Success(None)
    _hear(payment, event.news, event, work)
    await store_payment(work, payment)
    return Success(None)


async def _payment_of(event: StripeEvent, work: UnitOfWork) -> Payment | None:
    """What somebody does by hand at the provider, and what a bank does, has no metadata of ours."""
    id_ = event.payment_id
    if id_ is None and event.reference is not None:
        id_ = await payment_of_reference(work.connection, event.reference)
    return None if id_ is None else await load_payment(work, id_)


def _hear(payment: Payment, news: News, event: StripeEvent, work: UnitOfWork) -> None:
    """What is old news changes nothing: the aggregate knows where it stands."""
    now, told_at = work.now, event.created_at
    match news:
        case ChargeSucceeded(reference, amount) if amount == payment.amount:
            payment.complete(reference, at=now)
        case ChargeSucceeded(reference, amount):  # none of our charges: somebody has to look at it there
            _log.error("another amount came than is to be paid", payment_id=str(payment.id), charge=reference)
        case ChargeFailed(code):
            payment.fail(code, at=now)
        case MoneyReturned(total):
            payment.hear_returned(total, told_at=told_at, at=now)
        case RefundSucceeded(attempt):
            payment.refund(attempt=attempt, at=now)
        case RefundFailed(refund, code, amount, attempt):
            if attempt is None:
                payment.hear_came_back(amount, code, refund=refund, told_at=told_at, at=now)
            else:
                payment.decline_refund(code, attempt=attempt, at=now, told_at=told_at)
        case DisputeNews(dispute, amount, reason, respond_by, is_lost):
            payment.open_dispute(dispute, amount, reason, respond_by=respond_by, at=now)
            if is_lost is not None:
                payment.close_dispute(dispute, is_lost=is_lost, at=now)
        case _:
            assert_never(news)
