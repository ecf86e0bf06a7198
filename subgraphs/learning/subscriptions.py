"""What learning does about what happens elsewhere, and about what its sagas tell it to do."""

from typing import Any, Final

from subgraphs.contracts import classes, payments
from subgraphs.contracts.identity import UserDeleted
from subgraphs.contracts.learning import EnrollmentCompleted, EnrollmentFailed, StudentEnrolled
from subgraphs.contracts.notification import SendNotification, Template
from subgraphs.kernel.application.buses import CommandBus
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.domain import Failure
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.learning import messages
from subgraphs.learning.commands import enrolling, requesting, studying
from subgraphs.learning.commands.enrolling import SEND_NOTIFICATION, is_to_be_enrolled, is_to_be_sent_back
from subgraphs.learning.domain.errors import ENROLLMENT_NOT_ACTIVE, ENROLLMENT_NOT_FOUND
from subgraphs.learning.domain.identifiers import PaymentId
from subgraphs.learning.repository.forgetting import active_enrollments, forget_student
from subgraphs.learning.repository.opened_lessons import close_lessons, open_lesson
from subgraphs.learning.repository.payments import note_payment, note_refund
from subgraphs.learning.sagas.course_enrollment import (
    CANCEL_ENROLLMENT,
    CREATE_ENROLLMENT,
    ENROLLMENT_REQUESTS,
    REFUND_PAYMENT,
    SEND_ENROLLMENT_NOTIFICATION,
)
from subgraphs.learning.sagas.lesson_progress import UNLOCK_NEXT_LESSON

PAYMENTS: Final = "learning.payments"
CONFIRMATIONS: Final = "learning.enrollment_confirmations"
OPENED_LESSONS: Final = "learning.opened_lessons"
FORGET: Final = "learning.forget"
LEAVE_COURSE: Final = "learning.leave_course"
USER_DELETED: Final = "USER_DELETED"
"""Why an enrolment is cancelled whose student is gone."""
NOT_THE_PRICE: Final = "NOT_THE_PRICE"
"""Why a payment is sent back that is too little for its course, or in another currency."""


class RefusedError(Exception):
    """A message asks for what the rules do not allow: a bug somewhere, for the dead letters."""


def subscriptions(commands: CommandBus) -> tuple[Subscription[Any], ...]:
    """All of them; `commands` carries out what they come to."""

    async def carry_out(command: Command[Any], envelope: Envelope[Any], work: UnitOfWork) -> Any:
        match await commands.execute_within(work, command, envelope.request()):
            case Failure(error=error):
                raise RefusedError(f"{error.code}: {error.message}")
            case done:
                return done.value

    async def on_create_enrollment(envelope: Envelope[messages.CreateEnrollment], work: UnitOfWork) -> None:
        asked = envelope.body
        create = enrolling.CreateEnrollment(
            asked.course_id, asked.student_id, asked.payment_id, asked.request_id
        )
        match await commands.execute_within(work, create, envelope.request()):
            case Failure(error=error):
                work.reply(envelope, messages.EnrollmentRefused(asked.request_id, error.code))

    async def on_cancel_enrollment(envelope: Envelope[messages.CancelEnrollment], work: UnitOfWork) -> None:
        asked = envelope.body
        withdraw = enrolling.WithdrawEnrollment(
            asked.request_id, asked.course_id, asked.student_id, asked.reason
        )
        await carry_out(withdraw, envelope, work)
        work.reply(envelope, messages.EnrollmentWithdrawn(asked.request_id))

    async def on_enrollment_completed(envelope: Envelope[EnrollmentCompleted], work: UnitOfWork) -> None:
        await carry_out(requesting.CompleteEnrollmentRequest(envelope.body.request_id), envelope, work)

    async def on_fail_request(envelope: Envelope[messages.FailEnrollmentRequest], work: UnitOfWork) -> None:
        failed = requesting.FailEnrollmentRequest(envelope.body.request_id, envelope.body.reason)
        await carry_out(failed, envelope, work)

    async def on_unlock_next_lesson(envelope: Envelope[messages.UnlockNextLesson], work: UnitOfWork) -> None:
        asked = envelope.body
        unlock = studying.UnlockNextLesson(asked.user_id, asked.course_id, asked.lesson_id)
        following = await carry_out(unlock, envelope, work)
        answer = messages.NextLessonUnlocked(
            asked.user_id, asked.lesson_id, None if following is None else str(following)
        )
        work.reply(envelope, answer)

    async def on_payment_completed(envelope: Envelope[payments.PaymentCompleted], work: UnitOfWork) -> None:
        """Enrol whoever has paid for a course. The saga that has asked for the payment may do the same,
        before or after: it is done once. What cannot be had is paid back, and so is a part of the price from
        a card; what has come of it by hand waits for the staff."""
        paid = envelope.body
        if paid.course_id is None:
            return
        await note_payment(work.connection, paid)
        if not await is_to_be_enrolled(paid, work):
            if await is_to_be_sent_back(paid, work):
                refund = payments.RefundPayment(paid.payment_id, NOT_THE_PRICE)
                work.send(refund, to=REFUND_PAYMENT, key=paid.payment_id)
            return
        create = enrolling.CreateEnrollment(paid.course_id, paid.student_id, paid.payment_id)
        match await commands.execute_within(work, create, envelope.request()):
            case Failure(error=error):
                refund = payments.RefundPayment(paid.payment_id, error.code)
                work.send(refund, to=REFUND_PAYMENT, key=paid.payment_id)

    async def on_payment_refunded(envelope: Envelope[payments.PaymentRefunded], work: UnitOfWork) -> None:
        payment_id = envelope.body.payment_id
        await note_refund(work.connection, PaymentId(payment_id))
        cancel = enrolling.CancelRefundedEnrollment(payment_id)
        match await commands.execute_within(work, cancel, envelope.request()):
            case Failure(error=error) if error != ENROLLMENT_NOT_FOUND:
                raise RefusedError(f"{error.code}: {error.message}")

    async def on_student_enrolled(envelope: Envelope[StudentEnrolled], work: UnitOfWork) -> None:
        enrolled = envelope.body
        confirm = enrolling.SendEnrollmentNotification(enrolled.student_id, enrolled.course_id)
        await carry_out(confirm, envelope, work)

    async def on_send_notification(
        envelope: Envelope[messages.SendEnrollmentNotification], work: UnitOfWork
    ) -> None:
        asked = envelope.body
        confirm = enrolling.SendEnrollmentNotification(asked.student_id, asked.course_id)
        await carry_out(confirm, envelope, work)

    async def on_enrollment_failed(envelope: Envelope[EnrollmentFailed], work: UnitOfWork) -> None:
        failed = envelope.body
        values = {"course_id": failed.course_id, "reason": failed.reason}
        told = SendNotification(Template.ENROLLMENT_FAILED, user_id=failed.student_id, values=values)
        work.send(told, to=SEND_NOTIFICATION, key=failed.student_id)

    async def on_leave(envelope: Envelope[messages.LeaveCourse], work: UnitOfWork) -> None:
        cancel = enrolling.CancelEnrollment(envelope.body.enrollment_id, USER_DELETED)
        match await commands.execute_within(work, cancel, envelope.request()):
            case Failure(error=error) if error != ENROLLMENT_NOT_ACTIVE:
                raise RefusedError(f"{error.code}: {error.message}")

    async def on_lesson_unlocked(envelope: Envelope[classes.LessonUnlocked], work: UnitOfWork) -> None:
        await open_lesson(work.connection, envelope.body)

    async def on_left_class(envelope: Envelope[classes.EnrollmentCancelled], work: UnitOfWork) -> None:
        await close_lessons(work.connection, envelope.body)

    async def on_user_deleted(envelope: Envelope[UserDeleted], work: UnitOfWork) -> None:
        """Erase what they have written. Their enrolments end one by one: each is an aggregate of its own."""
        user_id = envelope.body.user_id
        await forget_student(work.connection, user_id)
        for enrollment_id in await active_enrollments(work.connection, user_id):
            work.send(messages.LeaveCourse(enrollment_id), to=LEAVE_COURSE, key=enrollment_id)

    return (
        Subscription(CREATE_ENROLLMENT, messages.CreateEnrollment, on_create_enrollment),
        Subscription(CANCEL_ENROLLMENT, messages.CancelEnrollment, on_cancel_enrollment),
        Subscription(
            ENROLLMENT_REQUESTS,
            EnrollmentCompleted,
            on_enrollment_completed,
            key=lambda event: event.request_id,
        ),
        Subscription(
            ENROLLMENT_REQUESTS,
            messages.FailEnrollmentRequest,
            on_fail_request,
            key=lambda message: message.request_id,
        ),
        Subscription(UNLOCK_NEXT_LESSON, messages.UnlockNextLesson, on_unlock_next_lesson),
        Subscription(
            PAYMENTS,
            payments.PaymentCompleted,
            on_payment_completed,
            where=lambda event, _: event.course_id is not None,
        ),
        Subscription(PAYMENTS, payments.PaymentRefunded, on_payment_refunded),
        Subscription(CONFIRMATIONS, StudentEnrolled, on_student_enrolled, refuses_replay=True),
        Subscription(
            SEND_ENROLLMENT_NOTIFICATION,
            messages.SendEnrollmentNotification,
            on_send_notification,
            refuses_replay=True,
        ),
        Subscription(CONFIRMATIONS, EnrollmentFailed, on_enrollment_failed, refuses_replay=True),
        Subscription(OPENED_LESSONS, classes.LessonUnlocked, on_lesson_unlocked),
        Subscription(OPENED_LESSONS, classes.EnrollmentCancelled, on_left_class),
        Subscription(FORGET, UserDeleted, on_user_deleted),
        Subscription(LEAVE_COURSE, messages.LeaveCourse, on_leave),
    )
