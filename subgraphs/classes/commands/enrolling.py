"""Putting students into classes, and having them pay for that."""

from dataclasses import dataclass
from typing import Final

from subgraphs.classes.domain.errors import CLASS_NOT_FOUND, INVALID_AMOUNT, STUDENT_NOT_FOUND
from subgraphs.classes.domain.identifiers import EnrollmentId, StudentId
from subgraphs.classes.domain.school_class import Class
from subgraphs.classes.repository.classes import find_class, store_class
from subgraphs.classes.repository.payments import PaidFor, is_known, standing_payments
from subgraphs.classes.tables import person
from subgraphs.contracts.payments import PaymentMethod, ProcessPayment
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Money, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.people import is_there

PROCESS_PAYMENT: Final = "payments.process"

_LARGEST_AMOUNT: Final = 99_999_999  # what can be paid at once


@dataclass(frozen=True, slots=True)
class EnrollStudent(Command[EnrollmentId]):
    """A student joins a class, and pays this for the package.

    The payment is begun, under the enrolment's id the first time, unless the student has paid for the class
    before. A card is charged at once; transfers and cash stay open until the staff has seen them.
    """

    class_id: str
    student_id: str
    payment_amount: Money
    payment_method: PaymentMethod = PaymentMethod.BANK_TRANSFER

    def invalid(self) -> DomainError | None:
        is_payable = 0 <= self.payment_amount.amount_minor <= _LARGEST_AMOUNT
        return None if is_payable else INVALID_AMOUNT


async def enroll_student(
    command: EnrollStudent, work: UnitOfWork, request: RequestContext
) -> Result[EnrollmentId, DomainError]:
    match StudentId.parse(command.student_id, field="studentId"):
        case Failure() as failure:
            return failure
        case Success(value=student_id):
            if not await is_there(work.connection, person, str(student_id), request):
                return Failure(STUDENT_NOT_FOUND)
    found = await find_class(work.connection, command.class_id)
    if found is None:
        return Failure(CLASS_NOT_FOUND)
    enrolled = found.enroll(
        EnrollmentId.new(work.ids),
        student_id,
        payment_amount=command.payment_amount,
        by=request.actor_id or "",
        at=work.now,
    )
    if isinstance(enrolled, Success):
        await store_class(work, found)
        paid_for = PaidFor(str(found.id), str(student_id))
        if command.payment_amount.amount_minor and not await standing_payments(work.connection, paid_for):
            await _ask_for_money(command, found, enrolled.value, student_id, work)
    return enrolled


async def _ask_for_money(
    command: EnrollStudent,
    joined: Class,
    enrollment_id: EnrollmentId,
    student_id: StudentId,
    work: UnitOfWork,
) -> None:
    is_used = await is_known(work.connection, str(enrollment_id))  # by who has left and comes back
    payment = ProcessPayment(
        payment_id=str(EnrollmentId.new(work.ids) if is_used else enrollment_id),
        student_id=str(student_id),
        amount_minor=command.payment_amount.amount_minor,
        currency=command.payment_amount.currency.code,
        method=command.payment_method,
        tutor_id=str(joined.instructor_id),
        class_id=str(joined.id),
    )
    work.send(payment, to=PROCESS_PAYMENT, key=payment.payment_id)
