"""The contexts that learning talks to, as far as their contracts go: a till, and a post office that keeps
letters."""

from dataclasses import dataclass, field
from typing import Any

from subgraphs.contracts.notification import SendNotification
from subgraphs.contracts.payments import (
    PaymentCompleted,
    PaymentProcessed,
    PaymentRefunded,
    PaymentStatus,
    ProcessPayment,
    RefundPayment,
    RefundProcessed,
)
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass
class Neighbours:
    """The till takes the money of everybody but those whom it `declines`; while it is `closed` nobody hears
    of it."""

    declines: set[str] = field(default_factory=set)
    closed: bool = False
    paid: dict[str, ProcessPayment] = field(default_factory=dict)
    refunded: list[str] = field(default_factory=list)
    letters: list[SendNotification] = field(default_factory=list)

    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        return (
            Subscription("payments.process", ProcessPayment, self._process),
            Subscription("payments.refund", RefundPayment, self._refund),
            Subscription("notification.send", SendNotification, self._send),
        )

    async def _process(self, envelope: Envelope[ProcessPayment], work: UnitOfWork) -> None:
        asked = envelope.body
        if self.closed:
            return
        if asked.student_id in self.declines:
            status, reason = PaymentStatus.FAILED, "CARD_DECLINED"
            work.reply(envelope, PaymentProcessed(asked.payment_id, asked.student_id, status, reason))
            return
        self.paid[asked.payment_id] = asked
        work.publish(completed(asked, work), key=asked.payment_id)
        work.reply(envelope, PaymentProcessed(asked.payment_id, asked.student_id, PaymentStatus.COMPLETED))

    async def _refund(self, envelope: Envelope[RefundPayment], work: UnitOfWork) -> None:
        payment_id = envelope.body.payment_id
        paid = self.paid.pop(payment_id, None)
        if paid is not None:
            self.refunded.append(payment_id)
            amount = paid.amount_minor, paid.currency
            refunded = PaymentRefunded(payment_id, paid.student_id, *amount, work.now, envelope.body.reason)
            work.publish(refunded, key=payment_id)
        work.reply(envelope, RefundProcessed(payment_id, refunded=paid is not None))

    async def _send(self, envelope: Envelope[SendNotification], _work: UnitOfWork) -> None:
        self.letters.append(envelope.body)


def completed(paid: ProcessPayment, work: UnitOfWork) -> PaymentCompleted:
    """What payments tells of a payment."""
    return PaymentCompleted(
        paid.payment_id,
        paid.student_id,
        paid.amount_minor,
        paid.currency,
        work.now,
        tutor_id=paid.tutor_id,
        course_id=paid.course_id,
    )
