"""Putting students into classes."""

from dataclasses import dataclass

from subgraphs.classes.domain.errors import CLASS_NOT_FOUND, INVALID_AMOUNT
from subgraphs.classes.domain.identifiers import EnrollmentId, StudentId
from subgraphs.classes.repository.classes import find_class, store_class
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Money, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class EnrollStudent(Command[EnrollmentId]):
    """A student joins a class, and pays this for the package."""

    class_id: str
    student_id: str
    payment_amount: Money

    def invalid(self) -> DomainError | None:
        return INVALID_AMOUNT if self.payment_amount.is_negative else None


async def enroll_student(
    command: EnrollStudent, work: UnitOfWork, request: RequestContext
) -> Result[EnrollmentId, DomainError]:
    match StudentId.parse(command.student_id, field="studentId"):
        case Failure() as failure:
            return failure
        case Success(value=student_id):
            pass
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
    return enrolled
