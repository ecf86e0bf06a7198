"""A payment is stored, and what follows from that: money is moved, other contexts hear of it, askers too.

All of it is one transaction. That money moves is asked for in it and done afterwards (kernel/effects); what
came of that is recorded by `_charged` and `_refunded`, each once.
"""

from typing import Final

from subgraphs.contracts import payments as contract
from subgraphs.kernel.domain import DomainEvent
from subgraphs.kernel.effects.effect import Effect
from subgraphs.kernel.effects.outcome import Outcome, Refused, Succeeded
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.askers import answer_who_waits
from subgraphs.payments.domain.events import (
    DisputeOpened,
    PaymentCompleted,
    PaymentCreated,
    PaymentFailed,
    PaymentPartlyRefunded,
    PaymentRefunded,
    RefundInitiated,
)
from subgraphs.payments.domain.identifiers import PaymentId
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.values import Card, PaymentMethod, PaymentStatus
from subgraphs.payments.event_log import PAYMENTS
from subgraphs.payments.provider.gateway import ChargeCard, Receipt, RefundCharge
from subgraphs.payments.repository.purchases import note_purchase
from subgraphs.payments.repository.references import note_reference


async def store_payment(work: UnitOfWork, payment: Payment, *, card: Card | None = None) -> None:
    """Append what has happened to a payment. `card` is what a new one is paid with. ConcurrencyConflict."""
    for event in (events := await PAYMENTS.save(work, payment)):
        await _move_money(work, payment, event, card)
        _publish(work, payment, event)
    if events:
        await note_purchase(work, payment)
        await note_reference(work, payment)
    await answer_who_waits(work, payment)


async def load_payment(work: UnitOfWork, payment_id: str) -> Payment | None:
    """A payment that somebody has asked for."""
    payment = await PAYMENTS.find(work.connection, PaymentId(payment_id))
    return payment if payment is not None and payment.is_created else None


async def _move_money(work: UnitOfWork, payment: Payment, event: DomainEvent, card: Card | None) -> None:
    match event:
        case PaymentCreated(method=PaymentMethod.CARD) if payment.status is PaymentStatus.PENDING:
            charge = ChargeCard(
                str(payment.id),
                payment.amount.amount_minor,
                payment.amount.currency.code,
                card.token if card else None,
                card.customer if card else None,
            )
            await CHARGE.request(work, charge)
        case RefundInitiated(attempt=attempt, amount=part) if payment.refund_under_way:
            refund = RefundCharge(
                str(payment.id),
                attempt,
                payment.reference or "",
                (part or payment.left).amount_minor,
                payment.amount.currency.code,
                is_part=part is not None,
            )
            await REFUND.request(work, refund)


async def _charged(message: Envelope[ChargeCard], outcome: Outcome[Receipt], work: UnitOfWork) -> None:
    payment = await _payment_of(message.body.payment_id, work)
    match outcome:
        case Succeeded(Receipt(reference, is_settled=False)):
            payment.accept(reference, at=work.now)
        case Succeeded(Receipt(reference)):
            payment.complete(reference, at=work.now)
        case Refused(code):
            payment.fail(code, at=work.now)  # refused itself when the provider's news was here first
    await store_payment(work, payment)


async def _refunded(message: Envelope[RefundCharge], outcome: Outcome[Receipt], work: UnitOfWork) -> None:
    payment = await _payment_of(message.body.payment_id, work)
    match outcome:
        case Succeeded(Receipt(is_settled=False)):
            pass  # the provider will say what came of it
        case Succeeded():
            payment.refund(attempt=message.body.attempt, at=work.now)
        case Refused(code):
            payment.decline_refund(code, attempt=message.body.attempt, at=work.now)
    await store_payment(work, payment)


async def _payment_of(payment_id: str, work: UnitOfWork) -> Payment:
    payment = await load_payment(work, payment_id)
    assert payment is not None, f"money was moved for {payment_id}, which is no payment"
    return payment


def _publish(work: UnitOfWork, payment: Payment, event: DomainEvent) -> None:
    """What other contexts may know. Money that came and went behind their backs is none of their business."""
    id_, student_id, amount = str(payment.id), str(payment.student_id), payment.amount
    purpose = payment.purpose
    tutor_id = None if payment.tutor_id is None else str(payment.tutor_id)
    match event:
        case PaymentCreated():
            work.publish(
                contract.PaymentInitiated(
                    id_,
                    student_id,
                    amount.amount_minor,
                    amount.currency.code,
                    event.occurred_at,
                    tutor_id,
                    purpose.course_id,
                    purpose.class_id,
                    purpose.subscription_id,
                ),
                key=id_,
            )
        case PaymentCompleted():
            work.publish(
                contract.PaymentCompleted(
                    id_,
                    student_id,
                    amount.amount_minor,
                    amount.currency.code,
                    event.occurred_at,
                    tutor_id,
                    purpose.course_id,
                    purpose.class_id,
                    purpose.subscription_id,
                    contract.PaymentMethod(payment.method),
                ),
                key=id_,
            )
        case PaymentFailed():
            work.publish(
                contract.PaymentFailed(
                    id_, student_id, event.reason, event.occurred_at, purpose.course_id, purpose.class_id
                ),
                key=id_,
            )
        case PaymentPartlyRefunded() if payment.was_completed:
            work.publish(
                contract.PaymentPartlyRefunded(
                    id_,
                    student_id,
                    event.amount.amount_minor,
                    event.amount.currency.code,
                    event.occurred_at,
                    event.reason,
                ),
                key=id_,
            )
        case DisputeOpened():
            work.publish(
                contract.PaymentDisputed(
                    id_,
                    student_id,
                    event.amount.amount_minor,
                    event.amount.currency.code,
                    event.occurred_at,
                    event.reason,
                ),
                key=id_,
            )
        case PaymentRefunded() if payment.was_completed:
            work.publish(
                contract.PaymentRefunded(
                    id_,
                    student_id,
                    amount.amount_minor,
                    amount.currency.code,
                    event.occurred_at,
                    event.reason,
                ),
                key=id_,
            )


CHARGE: Final = Effect(
    "payments.charge", ChargeCard, Receipt, by=lambda message: message.payment_id, then=_charged
)
REFUND: Final = Effect(
    "payments.send_back",
    RefundCharge,
    Receipt,
    by=lambda message: f"{message.payment_id}/{message.attempt}",
    then=_refunded,
)
