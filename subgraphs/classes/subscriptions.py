"""What classes keep of what others tell (learning's courses and their lessons, payments for classes), and
what they erase."""

from typing import Any, Final

from subgraphs.classes.commands.settling import CancelEnrollment, ResumeEnrollment, SuspendEnrollment
from subgraphs.classes.domain.errors import CLASS_NOT_FOUND
from subgraphs.classes.domain.identifiers import ClassId
from subgraphs.classes.domain.payment_due import is_paid
from subgraphs.classes.repository.courses import note_course, note_lesson
from subgraphs.classes.repository.forgetting import forget_student
from subgraphs.classes.repository.payments import (
    PaidFor,
    amount_due,
    is_class,
    note_payment,
    note_payment_status,
    standing_payments,
)
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
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.domain import Failure
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork

COURSES: Final = "classes.courses"
PAYMENTS: Final = "classes.payments"
FORGET: Final = "classes.forget"
REFUND_PAYMENT: Final = "payments.refund"


class RefusedError(Exception):
    """A message asks for what the rules do not allow: a bug somewhere, for the dead letters."""


def subscriptions(commands: CommandBus) -> tuple[Subscription[Any], ...]:
    """What classes listen to."""

    async def follow(
        paid_for: PaidFor,
        otherwise: type[SuspendEnrollment] | type[CancelEnrollment],
        envelope: Envelope[Any],
        work: UnitOfWork,
    ) -> None:
        """Money for a class has come or gone, or never will: who is covered by what stands belongs to it,
        and who has nothing there does not."""
        due = await amount_due(work.connection, paid_for)
        if due is None:
            return
        standing = await standing_payments(work.connection, paid_for)
        command: Command[ClassId]
        if is_paid(due, standing):
            command = ResumeEnrollment(paid_for.class_id, paid_for.student_id)
        elif not standing:
            command = otherwise(paid_for.class_id, paid_for.student_id)
        else:
            return
        match await commands.execute_within(work, command, envelope.request()):
            case Failure(error=error):
                raise RefusedError(f"{error.code}: {error.message}")

    async def on_initiated(envelope: Envelope[PaymentInitiated], work: UnitOfWork) -> None:
        told = envelope.body
        await note_payment(work.connection, told, PaymentStatus.PENDING, told.initiated_at)
        await follow(PaidFor(told.class_id or "", told.student_id), SuspendEnrollment, envelope, work)

    async def on_completed(envelope: Envelope[PaymentCompleted], work: UnitOfWork) -> None:
        """The money is here. It goes back when there is no such class."""
        told = envelope.body
        await note_payment(work.connection, told, PaymentStatus.COMPLETED, told.completed_at)
        if not await is_class(work.connection, told.class_id or ""):
            refund = RefundPayment(told.payment_id, CLASS_NOT_FOUND.code)
            work.send(refund, to=REFUND_PAYMENT, key=told.payment_id)
            return
        await follow(PaidFor(told.class_id or "", told.student_id), SuspendEnrollment, envelope, work)

    async def on_failed(envelope: Envelope[PaymentFailed], work: UnitOfWork) -> None:
        payment_id = envelope.body.payment_id
        if paid_for := await note_payment_status(work.connection, payment_id, PaymentStatus.FAILED):
            await follow(paid_for, SuspendEnrollment, envelope, work)

    async def on_refunded(envelope: Envelope[PaymentRefunded], work: UnitOfWork) -> None:
        payment_id = envelope.body.payment_id
        if paid_for := await note_payment_status(work.connection, payment_id, PaymentStatus.REFUNDED):
            await follow(paid_for, CancelEnrollment, envelope, work)

    return (
        Subscription(COURSES, CourseCreated, _on_course, skips_dead=True),
        Subscription(COURSES, CourseUpdated, _on_course, skips_dead=True),
        Subscription(COURSES, LessonAdded, _on_lesson_added, skips_dead=True),
        Subscription(
            PAYMENTS, PaymentInitiated, on_initiated, where=lambda told, _: told.class_id is not None
        ),
        Subscription(
            PAYMENTS, PaymentCompleted, on_completed, where=lambda told, _: told.class_id is not None
        ),
        Subscription(PAYMENTS, PaymentFailed, on_failed, where=lambda told, _: told.class_id is not None),
        Subscription(PAYMENTS, PaymentRefunded, on_refunded),
        Subscription(FORGET, UserDeleted, _on_user_deleted),
    )


async def _on_course(message: Envelope[CourseCreated] | Envelope[CourseUpdated], work: UnitOfWork) -> None:
    await note_course(work.connection, message.body.course_id, message.body.tutor_id)


async def _on_lesson_added(message: Envelope[LessonAdded], work: UnitOfWork) -> None:
    await note_lesson(work.connection, message.body.course_id, message.body.lesson_id)


async def _on_user_deleted(message: Envelope[UserDeleted], work: UnitOfWork) -> None:
    await forget_student(work.connection, message.body.user_id)
