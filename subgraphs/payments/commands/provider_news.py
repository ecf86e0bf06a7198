"""What the payment provider tells of its own accord: more than once, and in any order."""

from dataclasses import dataclass
from typing import assert_never

from sqlalchemy.dialects.postgresql import insert

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.provider.stripe.events import (
    ChargeFailed,
    ChargeReturned,
    ChargeSucceeded,
    News,
    RefundFailed,
    StripeEvent,
)
from subgraphs.payments.recording import load_payment, store_payment
from subgraphs.payments.tables import provider_event


@dataclass(frozen=True, slots=True)
class RecordProviderNews(Command[bool]):
    """Hear an event once. False when it was heard before."""

    event: StripeEvent


async def record_provider_news(
    command: RecordProviderNews, work: UnitOfWork, _request: RequestContext
) -> Result[bool, DomainError]:
    event = command.event
    row = {"id": event.id, "type": event.type, "received_at": work.now}
    inserted = await work.connection.execute(insert(provider_event).values(row).on_conflict_do_nothing())
    if inserted.rowcount != 1:
        return Success(value=False)
    if event.news is not None and (payment := await load_payment(work, event.news.payment_id)) is not None:
        _hear(payment, event.news, work)
        await store_payment(work, payment)
    return Success(value=True)


def _hear(payment: Payment, news: News, work: UnitOfWork) -> None:
    """What is old news changes nothing: the aggregate knows where it stands."""
    match news:
        case ChargeSucceeded(reference=reference):
            payment.complete(reference, at=work.now)
        case ChargeFailed(code=code):
            payment.fail(code, at=work.now)
        case ChargeReturned(attempt=attempt):
            payment.refund(at=work.now, attempt=attempt)
        case RefundFailed(code=code, attempt=attempt):
            payment.undo_refund(code, at=work.now, attempt=attempt)
        case _:
            assert_never(news)
