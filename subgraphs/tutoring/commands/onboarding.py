"""What a new tutor gets, step by step."""

from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.tutoring.domain.errors import TUTOR_NOT_FOUND
from subgraphs.tutoring.domain.values import TutorId
from subgraphs.tutoring.repository import find_tutor, save_tutor


@dataclass(frozen=True, slots=True)
class InitializeTutorDashboard(Command[TutorId]):
    """Give a tutor the page from which they run their teaching: once."""

    tutor_id: str


async def initialize_tutor_dashboard(
    command: InitializeTutorDashboard, work: UnitOfWork, _: RequestContext
) -> Result[TutorId, DomainError]:
    profile = await find_tutor(work.connection, TutorId(command.tutor_id))
    if profile is None:
        return Failure(TUTOR_NOT_FOUND)
    profile.initialize_dashboard(work.now)
    await save_tutor(work, profile)
    return Success(profile.id)
