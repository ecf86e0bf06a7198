"""Saying what something is worth, and why."""

from dataclasses import dataclass

from subgraphs.assessment.commands.assigning import assignment_to_see_to
from subgraphs.assessment.domain.assignment import Assignment
from subgraphs.assessment.domain.errors import SUBMISSION_NOT_FOUND
from subgraphs.assessment.domain.identifiers import InstructorId, SubmissionId
from subgraphs.assessment.domain.submission import Submission
from subgraphs.assessment.domain.values import Grade, Prose
from subgraphs.assessment.repository.submissions import find_submission, save_submission
from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class GradeSubmission(Command[SubmissionId]):
    """Give points, for the first time or better ones. `attempt` is the one that they are for; None for
    whichever it is."""

    submission_id: str
    points: int
    attempt: int | None = None


@dataclass(frozen=True, slots=True)
class GiveFeedback(Command[SubmissionId]):
    """Say something about a submission, graded or not."""

    submission_id: str
    text: str


async def grade_submission(
    command: GradeSubmission, work: UnitOfWork, request: RequestContext
) -> Result[SubmissionId, DomainError]:
    match await _submission(command.submission_id, work, request):
        case Failure() as failure:
            return failure
        case Success(value=(submission, assignment)):
            grade = Grade.of(command.points, assignment.max_points)
    if isinstance(grade, Failure):
        return grade
    by = InstructorId(request.actor_id or "")
    graded = submission.grade_with(grade.value, by=by, at=work.now, attempt=command.attempt)
    if isinstance(graded, Failure):
        return graded
    await save_submission(work, submission)
    return Success(submission.id)


async def give_feedback(
    command: GiveFeedback, work: UnitOfWork, request: RequestContext
) -> Result[SubmissionId, DomainError]:
    text = Prose.parse(command.text, field="text")
    if isinstance(text, Failure):
        return text
    match await _submission(command.submission_id, work, request):
        case Failure() as failure:
            return failure
        case Success(value=(submission, _)):
            pass
    by = InstructorId(request.actor_id or "")
    said = submission.give_feedback(text.value, by=by, ids=work.ids, at=work.now)
    if isinstance(said, Failure):
        return said
    await save_submission(work, submission)
    return Success(submission.id)


async def _submission(
    submission_id: str, work: UnitOfWork, request: RequestContext
) -> Result[tuple[Submission, Assignment], DomainError]:
    """A submission for an assignment that the actor sees to; others do not see it. SUBMISSION_NOT_FOUND."""
    submission = await find_submission(work.connection, SubmissionId(submission_id))
    if submission is None:
        return Failure(SUBMISSION_NOT_FOUND)
    match await assignment_to_see_to(submission.assignment_id, work, request):
        case Failure():
            return Failure(SUBMISSION_NOT_FOUND)
        case Success(value=assignment):
            return Success((submission, assignment))
