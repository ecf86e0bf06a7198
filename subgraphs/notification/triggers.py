"""What happens elsewhere, and whom that is to be told: all that no saga tells them.

Sagas tell of what they bring about: identity's WELCOME, VERIFY_EMAIL, VERIFY_EMAIL_REMINDER; learning's
ENROLLMENT_CONFIRMED, ENROLLMENT_FAILED; tutoring's TUTOR_WELCOME, TUTOR_ONBOARDING_TIPS. Identity sends
PASSWORD_RESET itself, payments PAYMENT_DISPUTED to the staff. Each of the others has its event here.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar
from uuid import UUID, uuid5

from subgraphs.contracts.assessment import SubmissionGraded
from subgraphs.contracts.classes import LessonUnlocked
from subgraphs.contracts.identity import PasswordChanged, Role, UserRoleChanged
from subgraphs.contracts.learning import CourseCreated
from subgraphs.contracts.notification import SendNotification, Template
from subgraphs.contracts.payments import (
    CreditNoteIssued,
    InvoiceIssued,
    PaymentCompleted,
    PaymentFailed,
    PaymentPartlyRefunded,
    PaymentRefunded,
)
from subgraphs.kernel.domain import Currency, Money
from subgraphs.kernel.messaging.integration import Envelope, IntegrationEvent
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.notification.subscriptions import SEND

M = TypeVar("M", bound=IntegrationEvent)

TRIGGERS: Final = "notification.triggers"

_IDS: Final = UUID("43c0b8f4-7a86-4f3e-9a0f-1d5b3fb0c3c5")

Told = Iterable[tuple[str, Template, Mapping[str, str]]]
"""Who is told what: a user's id, the template and its values."""


def triggers() -> tuple[Subscription[Any], ...]:
    """The subscriptions to events that people are told about."""
    return (
        _on(UserRoleChanged, _role_changed),
        _on(PasswordChanged, _password_changed),
        _on(CourseCreated, _course_created),
        _on(LessonUnlocked, _lesson_unlocked),
        _on(PaymentCompleted, _payment_completed),
        _on(PaymentFailed, _payment_failed),
        _on(PaymentPartlyRefunded, _payment_partly_refunded),
        _on(PaymentRefunded, _payment_refunded),
        _on(InvoiceIssued, _invoice_issued),
        _on(CreditNoteIssued, _credit_note_issued),
        _on(SubmissionGraded, _submission_graded),
    )


def _on(event: type[M], told: Callable[[M], Told]) -> Subscription[M]:
    async def handle(envelope: Envelope[M], work: UnitOfWork) -> None:
        for user_id, template, values in told(envelope.body):
            work.send(
                SendNotification(template, user_id=user_id, values=dict(values)),
                to=SEND,
                key=user_id,
                message_id=str(uuid5(_IDS, f"{envelope.meta.message_id}:{template}:{user_id}")),
            )

    return Subscription(TRIGGERS, event, handle, refuses_replay=True, skips_dead=True)


def _role_changed(event: UserRoleChanged) -> Told:
    match event.new_role:
        case Role.TUTOR:
            yield event.user_id, Template.TUTOR_ONBOARDING, {}
        case Role.ADMIN | Role.SUPER_ADMIN:
            yield event.user_id, Template.ADMIN_ONBOARDING, {}


def _password_changed(event: PasswordChanged) -> Told:
    yield event.user_id, Template.PASSWORD_CHANGED, {"changed_at": event.changed_at.isoformat()}


def _course_created(event: CourseCreated) -> Told:
    values = {"course_id": event.course_id, "course_title": event.title}
    yield event.tutor_id, Template.COURSE_CREATED, values


def _lesson_unlocked(event: LessonUnlocked) -> Told:
    values = {"class_id": event.class_id, "course_id": event.course_id, "lesson_id": event.lesson_id}
    for student_id in event.student_ids:
        yield student_id, Template.LESSON_UNLOCKED, values


def _payment_completed(event: PaymentCompleted) -> Told:
    values = {"payment_id": event.payment_id, "amount": _amount(event)}
    yield event.student_id, Template.PAYMENT_COMPLETED, values


def _payment_failed(event: PaymentFailed) -> Told:
    values = {"payment_id": event.payment_id, "reason": event.reason}
    yield event.student_id, Template.PAYMENT_FAILED, values


def _payment_partly_refunded(event: PaymentPartlyRefunded) -> Told:
    values = {"payment_id": event.payment_id, "amount": _amount(event)}
    yield event.student_id, Template.PAYMENT_PARTLY_REFUNDED, values


def _payment_refunded(event: PaymentRefunded) -> Told:
    values = {"payment_id": event.payment_id, "amount": _amount(event)}
    yield event.student_id, Template.PAYMENT_REFUNDED, values


def _invoice_issued(event: InvoiceIssued) -> Told:
    values = {"invoice_id": event.invoice_id, "number": event.number, "amount": _amount(event)}
    yield event.student_id, Template.INVOICE_ISSUED, values


def _credit_note_issued(event: CreditNoteIssued) -> Told:
    values = {
        "credit_note_id": event.credit_note_id,
        "number": event.number,
        "invoice_number": event.invoice_number,
        "amount": _amount(event),
    }
    reversal = {"is_reversal": "yes"} if event.is_reversal else {}
    yield event.student_id, Template.CREDIT_NOTE_ISSUED, {**values, **reversal}


def _submission_graded(event: SubmissionGraded) -> Told:
    values = {
        "assignment_id": event.assignment_id,
        "submission_id": event.submission_id,
        "points": str(event.points),
        "max_points": str(event.max_points),
    }
    yield event.student_id, Template.SUBMISSION_GRADED, values


def _amount(
    event: PaymentCompleted | PaymentPartlyRefunded | PaymentRefunded | InvoiceIssued | CreditNoteIssued,
) -> str:
    return str(Money(event.amount_minor, Currency(event.currency)))
