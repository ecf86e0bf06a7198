"""What other contexts may know of what happens to payments."""

from subgraphs.contracts import payments as contract
from subgraphs.kernel.domain import DomainEvent
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.domain.events import (
    DisputeOpened,
    PaymentCompleted,
    PaymentCreated,
    PaymentFailed,
    PaymentPartlyRefunded,
    PaymentRefunded,
)
from subgraphs.payments.domain.payment import Payment


def publish(work: UnitOfWork, payment: Payment, event: DomainEvent) -> None:
    """Tell it. Money that came and went behind their backs is none of their business."""
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
                    event.respond_by,
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
