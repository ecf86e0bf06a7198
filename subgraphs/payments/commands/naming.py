"""Whom a command names: there has to be somebody of that id."""

from subgraphs.kernel.application.request import SYSTEM, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.payments.access import payer
from subgraphs.payments.domain.errors import STUDENT_NOT_FOUND, TUTOR_NOT_FOUND
from subgraphs.payments.domain.identifiers import StudentId, TutorId
from subgraphs.payments.repository.people import is_person


async def named_payer(
    student_id: str | None, work: UnitOfWork, request: RequestContext
) -> Result[StudentId, DomainError]:
    """For whom somebody acts. FORBIDDEN, INVALID_ID, STUDENT_NOT_FOUND."""
    match payer(request.actor, student_id):
        case Success(value=named) if not await _is_there(str(named), work, request):
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
            return Success(named) if await _is_there(str(named), work, request) else Failure(TUTOR_NOT_FOUND)


async def _is_there(user_id: str, work: UnitOfWork, request: RequestContext) -> bool:
    """Who acts is there; and whom other contexts name they know, perhaps before it is told here."""
    return request.actor_id in (user_id, SYSTEM.id) or await is_person(work.connection, user_id)
