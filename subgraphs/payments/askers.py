"""Those who wait for an answer about a payment that is not settled yet: kept, and answered when it is."""

from enum import StrEnum
from typing import Any, assert_never

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from subgraphs.contracts.payments import PaymentProcessed, RefundProcessed
from subgraphs.contracts.payments import PaymentStatus as Status
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent, ReplyTo
from subgraphs.kernel.messaging.requests import Request
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.values import PaymentStatus
from subgraphs.payments.tables import asker


class Wants(StrEnum):
    """Whether somebody wants the money to come, or to go back."""

    PAYMENT = "payment"
    REFUND = "refund"


async def answer_later(
    work: UnitOfWork, asked: Envelope[Request[Any]], payment: Payment, wants: Wants
) -> None:
    """Keep who has asked until there is an answer; nobody, when nobody waits for one."""
    if (waiting := asked.meta.reply_to) is None:
        return
    row = {
        "request_id": asked.meta.message_id,
        "payment_id": str(payment.id),
        "wants": wants,
        "consumer": waiting.consumer,
        "key": waiting.key,
    }
    await work.connection.execute(insert(asker).values(row).on_conflict_do_nothing())


async def answer_who_waits(work: UnitOfWork, payment: Payment) -> None:
    """Tell those who wait for it what has become of a payment, as far as that is settled."""
    rows = await work.connection.execute(select(asker).where(asker.c.payment_id == str(payment.id)))
    answered = []
    for row in rows.all():
        if (answer := answer_to(Wants(row.wants), payment)) is not None:
            work.answer(ReplyTo(row.consumer, row.key), row.request_id, answer)
            answered.append(row.request_id)
    if answered:
        await work.connection.execute(delete(asker).where(asker.c.request_id.in_(answered)))


def answer_to(wants: Wants, payment: Payment) -> IntegrationEvent | None:
    """What there is to say; None while it is not settled."""
    match wants:
        case Wants.PAYMENT:
            if payment.status is PaymentStatus.PENDING:
                return None
            student_id, reason = str(payment.student_id or ""), payment.failure_reason
            purpose = payment.purpose
            return PaymentProcessed(
                str(payment.id),
                student_id,
                Status(payment.status),
                reason,
                purpose.course_id,
                purpose.class_id,
            )
        case Wants.REFUND:
            if payment.status is PaymentStatus.REFUNDED:
                return RefundProcessed(str(payment.id), refunded=True)
            if payment.status is PaymentStatus.FAILED and not payment.has_money:
                return RefundProcessed(str(payment.id), refunded=False)
            return None
        case _:
            assert_never(wants)
