"""What classes keep of what others tell (learning's courses and their lessons, payments for classes), and
what they erase."""

from typing import Any, Final

from subgraphs.classes.domain.errors import CLASS_NOT_FOUND
from subgraphs.classes.repository.courses import note_course, note_lesson
from subgraphs.classes.repository.forgetting import forget_student
from subgraphs.classes.repository.payments import is_class, note_payment, note_payment_status
from subgraphs.contracts.identity import UserDeleted
from subgraphs.contracts.learning import CourseCreated, CourseUpdated, LessonAdded
from subgraphs.contracts.payments import (
    PaymentCompleted,
    PaymentFailed,
    PaymentInitiated,
    PaymentRefunded,
    PaymentStatus,
    RefundPayment,
)
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork

COURSES: Final = "classes.courses"
PAYMENTS: Final = "classes.payments"
FORGET: Final = "classes.forget"
REFUND_PAYMENT: Final = "payments.refund"


def subscriptions() -> tuple[Subscription[Any], ...]:
    """What classes listen to."""
    return (
        Subscription(COURSES, CourseCreated, _on_course, skips_dead=True),
        Subscription(COURSES, CourseUpdated, _on_course, skips_dead=True),
        Subscription(COURSES, LessonAdded, _on_lesson_added, skips_dead=True),
        Subscription(
            PAYMENTS, PaymentInitiated, _on_initiated, where=lambda told, _: told.class_id is not None
        ),
        Subscription(
            PAYMENTS, PaymentCompleted, _on_completed, where=lambda told, _: told.class_id is not None
        ),
        Subscription(PAYMENTS, PaymentFailed, _on_failed, where=lambda told, _: told.class_id is not None),
        Subscription(PAYMENTS, PaymentRefunded, _on_refunded),
        Subscription(FORGET, UserDeleted, _on_user_deleted),
    )


async def _on_course(message: Envelope[CourseCreated] | Envelope[CourseUpdated], work: UnitOfWork) -> None:
    await note_course(work.connection, message.body.course_id, message.body.tutor_id)


async def _on_lesson_added(message: Envelope[LessonAdded], work: UnitOfWork) -> None:
    await note_lesson(work.connection, message.body.course_id, message.body.lesson_id)


async def _on_initiated(message: Envelope[PaymentInitiated], work: UnitOfWork) -> None:
    told = message.body
    await note_payment(work.connection, told, PaymentStatus.PENDING, told.initiated_at)


async def _on_completed(message: Envelope[PaymentCompleted], work: UnitOfWork) -> None:
    """The money is here. It goes back when there is no such class."""
    told = message.body
    await note_payment(work.connection, told, PaymentStatus.COMPLETED, told.completed_at)
    if not await is_class(work.connection, told.class_id or ""):
        refund = RefundPayment(told.payment_id, CLASS_NOT_FOUND.code)
        work.send(refund, to=REFUND_PAYMENT, key=told.payment_id)


async def _on_failed(message: Envelope[PaymentFailed], work: UnitOfWork) -> None:
    await note_payment_status(work.connection, message.body.payment_id, PaymentStatus.FAILED)


async def _on_refunded(message: Envelope[PaymentRefunded], work: UnitOfWork) -> None:
    await note_payment_status(work.connection, message.body.payment_id, PaymentStatus.REFUNDED)


async def _on_user_deleted(message: Envelope[UserDeleted], work: UnitOfWork) -> None:
    await forget_student(work.connection, message.body.user_id)
