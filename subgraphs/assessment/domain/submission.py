"""What a student has handed in. There is one record for each student and assignment."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from subgraphs.assessment.domain.assignment import Assignment
from subgraphs.assessment.domain.errors import (
    ALREADY_GRADED,
    ALREADY_SUBMITTED,
    FEEDBACK_FULL,
    NOT_ENROLLED,
    SUBMISSION_REPLACED,
)
from subgraphs.assessment.domain.events import FeedbackGiven, SubmissionGraded, SubmissionReceived
from subgraphs.assessment.domain.identifiers import (
    AssignmentId,
    FeedbackId,
    InstructorId,
    StudentId,
    SubmissionId,
)
from subgraphs.assessment.domain.values import Grade, Prose, Work
from subgraphs.kernel.domain import (
    AggregateRoot,
    DomainError,
    Entity,
    Failure,
    IdGenerator,
    Result,
    Success,
)

_MOST_FEEDBACK: Final = 100


@dataclass(eq=False, kw_only=True)
class Feedback(Entity[FeedbackId]):
    """What an instructor has said about a submission."""

    text: Prose
    given_by: InstructorId
    given_at: datetime


@dataclass(eq=False, kw_only=True)
class Submission(AggregateRoot[SubmissionId]):
    """The work as it is now; `attempt` counts how often it was handed in."""

    assignment_id: AssignmentId
    student_id: StudentId
    work: Work
    attempt: int
    submitted_at: datetime
    grade: Grade | None = None
    graded_by: InstructorId | None = None
    graded_at: datetime | None = None
    feedback: list[Feedback] = field(default_factory=list)

    def grade_with(
        self, grade: Grade, *, by: InstructorId, at: datetime, attempt: int | None = None
    ) -> Result[None, DomainError]:
        """Say what it is worth, for the first time or better than before.

        SUBMISSION_REPLACED when it was another `attempt` that has been read.
        """
        if attempt not in (None, self.attempt):
            return Failure(SUBMISSION_REPLACED)
        if (self.grade, self.graded_by) == (grade, by):
            return Success(None)
        self.grade, self.graded_by, self.graded_at = grade, by, at
        self.raise_(SubmissionGraded(self.id, self.assignment_id, self.student_id, grade, by, at))
        return Success(None)

    def give_feedback(
        self, text: Prose, *, by: InstructorId, ids: IdGenerator, at: datetime
    ) -> Result[Feedback, DomainError]:
        """FEEDBACK_FULL: all of it is read with the submission."""
        if len(self.feedback) >= _MOST_FEEDBACK:
            return Failure(FEEDBACK_FULL)
        said = Feedback(id=FeedbackId.new(ids), text=text, given_by=by, given_at=at)
        self.feedback.append(said)
        self.raise_(FeedbackGiven(self.id, self.assignment_id, self.student_id, said.id, text, by, at))
        return Success(said)


def submit(
    before: Submission | None,
    assignment: Assignment,
    student_id: StudentId,
    work: Work,
    *,
    is_enrolled: bool,
    ids: IdGenerator,
    at: datetime,
) -> Result[Submission, DomainError]:
    """Hand something in, given what the student has handed in already, if anything.

    NOT_ENROLLED, what the assignment says, ALREADY_GRADED, and ALREADY_SUBMITTED when it is taken only once.
    """
    if not is_enrolled:
        return Failure(NOT_ENROLLED)
    if refusal := assignment.refusal(work, at):
        return Failure(refusal)
    if before is not None and before.grade is not None:
        return Failure(ALREADY_GRADED)
    if before is not None and not assignment.takes_again:
        return Failure(ALREADY_SUBMITTED)
    submission = before or Submission(
        id=SubmissionId.new(ids),
        assignment_id=assignment.id,
        student_id=student_id,
        work=work,
        attempt=0,
        submitted_at=at,
    )
    submission.work, submission.submitted_at = work, at
    submission.attempt += 1
    submission.raise_(
        SubmissionReceived(
            submission.id, assignment.id, student_id, assignment.instructor_id, assignment.is_late(at), at
        )
    )
    return Success(submission)
