"""Whom a command names: there has to be somebody of that id."""

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.access import payer
from subgraphs.payments.domain.errors import STUDENT_NOT_FOUND, TUTOR_NOT_FOUND
from subgraphs.payments.domain.identifiers import StudentId, TutorId
from subgraphs.payments.tables import person
from subgraphs.people import is_there, is_tutor


async def named_payer(
    student_id: str | None, work: UnitOfWork, request: RequestContext
) -> Result[StudentId, DomainError]:
    """For whom somebody acts. FORBIDDEN, INVALID_ID, STUDENT_NOT_FOUND."""
    match payer(request.actor, student_id):
        case Success(value=named) if not await is_there(work.connection, person, str(named), request):
            return Failure(STUDENT_NOT_FOUND)
        case result:
            return result


async def named_tutor(
    tutor_id: str | None, work: UnitOfWork, request: RequestContext
) -> Result[TutorId | None, DomainError]:
    """The tutor who is paid, if somebody is named. INVALID_ID, TUTOR_NOT_FOUND."""
    if tutor_id is None:
        return Success(None)
    match TutorId.parse(tutor_id, field="tutorId"):
        case Failure() as failure:
            return failure
        case Success(value=named):
            is_known = await is_tutor(work.connection, person, str(named), request)
            return Success(named) if is_known else Failure(TUTOR_NOT_FOUND)
