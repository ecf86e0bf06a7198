"""What becomes of students whose money does not come, comes late, or has gone back.

The staff is not needed for any of it; `enrollStudentInClass` takes those in again who have left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from subgraphs.classes.domain.errors import CLASS_NOT_FOUND
from subgraphs.classes.domain.identifiers import ClassId, StudentId
from subgraphs.classes.domain.school_class import Class
from subgraphs.classes.repository.classes import find_class, store_class
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import SYSTEM, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork

PAYMENT_REFUNDED: Final = "Payment refunded"
"""Why a student has left, in the ledger."""


@dataclass(frozen=True, slots=True)
class SuspendEnrollment(Command[ClassId]):
    """There will be no money from a student, and there is none."""

    class_id: str
    student_id: str


@dataclass(frozen=True, slots=True)
class ResumeEnrollment(Command[ClassId]):
    """All of a student's money is here, or about to come."""

    class_id: str
    student_id: str


@dataclass(frozen=True, slots=True)
class CancelEnrollment(Command[ClassId]):
    """All that a student has paid has gone back."""

    class_id: str
    student_id: str


async def suspend_enrollment(
    command: SuspendEnrollment, work: UnitOfWork, _request: RequestContext
) -> Result[ClassId, DomainError]:
    student_id = StudentId(command.student_id)
    return await _change(command.class_id, lambda one: one.suspend(student_id, at=work.now), work)


async def resume_enrollment(
    command: ResumeEnrollment, work: UnitOfWork, _request: RequestContext
) -> Result[ClassId, DomainError]:
    student_id = StudentId(command.student_id)
    return await _change(
        command.class_id, lambda one: one.resume(student_id, by=SYSTEM.id, at=work.now), work
    )


async def cancel_enrollment(
    command: CancelEnrollment, work: UnitOfWork, _request: RequestContext
) -> Result[ClassId, DomainError]:
    student_id = StudentId(command.student_id)

    def cancel(one: Class) -> None:
        one.cancel_enrollment(student_id, PAYMENT_REFUNDED, by=SYSTEM.id, at=work.now)

    return await _change(command.class_id, cancel, work)


async def _change(
    class_id: str, change: Callable[[Class], None], work: UnitOfWork
) -> Result[ClassId, DomainError]:
    if (found := await find_class(work.connection, class_id)) is None:
        return Failure(CLASS_NOT_FOUND)
    change(found)
    await store_class(work, found)
    return Success(found.id)
