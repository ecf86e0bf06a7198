"""Handing in."""

from dataclasses import dataclass

from subgraphs.assessment.domain.errors import ASSIGNMENT_NOT_FOUND
from subgraphs.assessment.domain.identifiers import AssignmentId, StudentId, SubmissionId
from subgraphs.assessment.domain.submission import submit
from subgraphs.assessment.domain.values import SubmissionType, Work
from subgraphs.assessment.repository.assignments import find_assignment
from subgraphs.assessment.repository.places import takes_part
from subgraphs.assessment.repository.submissions import find_submission_of, save_submission
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SubmitAssignment(Command[SubmissionId]):
    """The acting student hands something in, or something better than before."""

    assignment_id: str
    type: SubmissionType
    content: str


async def submit_assignment(
    command: SubmitAssignment, work: UnitOfWork, request: RequestContext
) -> Result[SubmissionId, DomainError]:
    handed_in = Work.of(command.type, command.content)
    if isinstance(handed_in, Failure):
        return handed_in
    assignment = await find_assignment(work.connection, AssignmentId(command.assignment_id))
    if assignment is None:
        return Failure(ASSIGNMENT_NOT_FOUND)
    student_id = StudentId(request.actor_id or "")
    submitted = submit(
        await find_submission_of(work.connection, assignment.id, student_id),
        assignment,
        student_id,
        handed_in.value,
        is_enrolled=await takes_part(
            work.connection, student_id, assignment.class_id or assignment.course_id
        ),
        ids=work.ids,
        at=work.now,
    )
    if isinstance(submitted, Failure):
        return submitted
    await save_submission(work, submitted.value)
    return Success(submitted.value.id)
