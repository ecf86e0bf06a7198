"""The sagas by themselves: what is sent when what comes, without a database."""

from datetime import UTC, datetime, timedelta

from subgraphs.contracts.learning import (
    CourseEnrollmentRequested,
    Difficulty,
    EnrollmentCompleted,
    LessonCompleted,
)
from subgraphs.contracts.payments import (
    PaymentMethod,
    PaymentProcessed,
    PaymentStatus,
    ProcessPayment,
    RefundPayment,
    RefundProcessed,
)
from subgraphs.kernel.sagas.outputs import Send
from subgraphs.kernel.sagas.record import Status
from subgraphs.kernel.testing.sagas import given_saga
from subgraphs.learning.messages import (
    CancelEnrollment,
    CreateEnrollment,
    EnrollmentRefused,
    EnrollmentWithdrawn,
    FailEnrollmentRequest,
    NextLessonUnlocked,
    SendEnrollmentNotification,
    UnlockNextLesson,
)
from subgraphs.learning.sagas.course_enrollment import (
    COURSE_ENROLLMENT,
    ENROLLMENT_TIMEOUT,
    PAYMENT_TIMEOUT,
    Stage,
)
from subgraphs.learning.sagas.lesson_progress import LESSON_PROGRESS

MONDAY = datetime(2025, 9, 1, 8, tzinfo=UTC)
REQUESTED = CourseEnrollmentRequested("wish", "knots", "pip", "salt", 1900, "EUR", MONDAY)
FREE = CourseEnrollmentRequested("wish", "knots", "pip", "salt", 0, "EUR", MONDAY)
PAY = Send(
    ProcessPayment("wish", "pip", 1900, "EUR", PaymentMethod.CARD, tutor_id="salt", course_id="knots"),
    to="payments.process",
)
PAID = PaymentProcessed("wish", "pip", PaymentStatus.COMPLETED)
CREATE = Send(CreateEnrollment("wish", "knots", "pip", "wish"), to="learning.create_enrollment")
COMPLETED = EnrollmentCompleted("wish", "enrollment", "knots", "pip", MONDAY)
CONFIRM = Send(SendEnrollmentNotification("pip", "knots"), to="learning.send_enrollment_notification")
REFUNDED = RefundProcessed("wish", refunded=True)
WITHDRAWN = EnrollmentWithdrawn("wish")


def refund(reason: str) -> Send:
    return Send(RefundPayment("wish", reason), to="payments.refund")


def failed(reason: str) -> Send:
    return Send(FailEnrollmentRequest("wish", reason), to="learning.enrollment_requests")


def test_a_request_is_paid_enrolled_and_confirmed() -> None:
    """Requirement: section 20, CourseEnrollment."""
    asked = given_saga(COURSE_ENROLLMENT).when(REQUESTED).then(PAY)
    assert asked.current.state.stage is Stage.PAYMENT_PENDING
    assert (asked.current.state.course_id, asked.current.state.student_id) == ("knots", "pip")
    assert asked.current.state.amount_minor == 1900
    paid = asked.when(PAID).then(CREATE)
    enrolled = paid.when(COMPLETED).then(CONFIRM, status=Status.COMPLETED)
    assert enrolled.current.state.stage is Stage.ENROLLMENT_COMPLETED
    assert [step.name for step in enrolled.current.steps] == ["payment", "enrollment_created"]
    enrolled.when(PAID, COMPLETED).then(status=Status.COMPLETED)
    enrolled.after(timedelta(days=1)).then(status=Status.COMPLETED)


def test_a_free_course_skips_the_payment() -> None:
    create = Send(CreateEnrollment("wish", "knots", "pip", None), to="learning.create_enrollment")
    asked = given_saga(COURSE_ENROLLMENT).when(FREE).then(create)
    asked.when(COMPLETED).then(CONFIRM, status=Status.COMPLETED)
    refused = asked.when(EnrollmentRefused("wish", "ALREADY_ENROLLED"))
    refused.then(failed("ALREADY_ENROLLED"), status=Status.FAILED)


def test_a_payment_that_fails_ends_it() -> None:
    declined = PaymentProcessed("wish", "pip", PaymentStatus.FAILED, "CARD_DECLINED")
    asked = given_saga(COURSE_ENROLLMENT).when(REQUESTED).then(PAY)
    asked.when(declined).then(failed("CARD_DECLINED"), status=Status.FAILED)


def test_a_payment_still_pending_is_waited_for() -> None:
    pending = PaymentProcessed("wish", "pip", PaymentStatus.PENDING)
    given_saga(COURSE_ENROLLMENT).when(REQUESTED).then(PAY).when(pending).then().when(PAID).then(CREATE)


def test_an_enrolment_that_fails_after_the_payment_is_refunded() -> None:
    """Requirement: section 25, defect 14."""
    refused = (
        given_saga(COURSE_ENROLLMENT)
        .when(REQUESTED, PAID)
        .then(PAY, CREATE)
        .when(EnrollmentRefused("wish", "COURSE_NOT_PUBLISHED"))
        .then(refund("COURSE_NOT_PUBLISHED"), status=Status.COMPENSATING)
    )
    # Nobody has said yet that the money is back: it is asked for again.
    again = refused.after(timedelta(minutes=1)).then(
        refund("COURSE_NOT_PUBLISHED"), status=Status.COMPENSATING
    )
    again.when(REFUNDED).then(failed("COURSE_NOT_PUBLISHED"), status=Status.FAILED)


def test_a_payment_that_is_late_is_prevented_and_paid_back_should_it_come_after_all() -> None:
    late = (
        given_saga(COURSE_ENROLLMENT)
        .when(REQUESTED)
        .then(PAY)
        .after(PAYMENT_TIMEOUT)
        .then(refund("PAYMENT_TIMED_OUT"), failed("PAYMENT_TIMED_OUT"), status=Status.FAILED)
    )
    after_all = late.when(PAID).then(refund("PAYMENT_TIMED_OUT"), status=Status.COMPENSATING)
    after_all.when(REFUNDED).then(status=Status.FAILED)


def test_an_enrolment_that_is_late_is_withdrawn_should_it_come_after_all() -> None:
    late = (
        given_saga(COURSE_ENROLLMENT)
        .when(REQUESTED, PAID)
        .then(PAY, CREATE)
        .after(ENROLLMENT_TIMEOUT)
        .then(refund("ENROLLMENT_TIMED_OUT"), status=Status.COMPENSATING)
        .when(REFUNDED)
        .then(failed("ENROLLMENT_TIMED_OUT"), status=Status.FAILED)
    )
    withdraw = CancelEnrollment("wish", "knots", "pip", "ENROLLMENT_TIMED_OUT")
    after_all = late.when(COMPLETED).then(
        Send(withdraw, to="learning.cancel_enrollment"), status=Status.COMPENSATING
    )
    after_all.when(WITHDRAWN).then(status=Status.FAILED)


def test_who_cancels_it_gets_the_money_back_to_the_student() -> None:
    cancelled = given_saga(COURSE_ENROLLMENT).when(REQUESTED, PAID).then(PAY, CREATE).cancelled("by hand")
    cancelled = cancelled.then(refund("CANCELLED"), status=Status.COMPENSATING)
    cancelled.when(REFUNDED).then(failed("CANCELLED"), status=Status.CANCELLED)


def test_a_completed_lesson_leads_to_the_next_one() -> None:
    """Requirement: section 20, LessonProgress."""
    completed = LessonCompleted("pip", "knots", "bowline", Difficulty.BEGINNER, MONDAY)
    unlock = Send(UnlockNextLesson("pip", "knots", "bowline"), to="learning.unlock_next_lesson", key="pip")
    asked = given_saga(LESSON_PROGRESS).when(completed, completed).then(unlock)
    done = asked.when(NextLessonUnlocked("pip", "bowline", "hitch")).then(status=Status.COMPLETED)
    assert done.current.state.next_lesson_id == "hitch"
