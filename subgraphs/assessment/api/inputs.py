"""The inputs of mutations, each of which is a command."""

from datetime import datetime

import strawberry

from subgraphs.assessment.commands.assigning import CloseAssignment, CreateAssignment, UpdateAssignment
from subgraphs.assessment.commands.grading import GiveFeedback, GradeSubmission
from subgraphs.assessment.commands.submitting import SubmitAssignment
from subgraphs.assessment.domain.values import Due, SubmissionType


@strawberry.input
class CreateAssignmentInput:
    course_id: strawberry.ID
    title: str
    instructions: str = strawberry.field(description="Markdown")
    submission_types: list[SubmissionType]
    class_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="A class of the course; without one it is for everybody who takes the course.",
    )
    max_points: int = 100
    due_at: datetime | None = None
    takes_late: bool = strawberry.field(
        default=True, description="Whether it is taken after the due date; it is marked as late."
    )
    takes_again: bool = strawberry.field(
        default=True, description="Whether it may be handed in again until it has a grade."
    )

    def command(self) -> CreateAssignment:
        return CreateAssignment(
            course_id=str(self.course_id),
            title=self.title,
            instructions=self.instructions,
            submission_types=tuple(self.submission_types),
            class_id=None if self.class_id is None else str(self.class_id),
            max_points=self.max_points,
            due_at=self.due_at,
            takes_late=self.takes_late,
            takes_again=self.takes_again,
        )


@strawberry.input(description="What is left out stays as it is; a due date of null is taken away.")
class UpdateAssignmentInput:
    assignment_id: strawberry.ID
    title: str | None = None
    instructions: str | None = None
    max_points: int | None = None
    due_at: strawberry.Maybe[datetime | None]

    def command(self) -> UpdateAssignment:
        due = Due(self.due_at.value) if self.due_at else None
        return UpdateAssignment(str(self.assignment_id), self.title, self.instructions, self.max_points, due)


@strawberry.input
class CloseAssignmentInput:
    assignment_id: strawberry.ID

    def command(self) -> CloseAssignment:
        return CloseAssignment(str(self.assignment_id))


@strawberry.input
class SubmitAssignmentInput:
    assignment_id: strawberry.ID
    type: SubmissionType
    content: str = strawberry.field(
        description="The text or the program; of a link or an uploaded file, the address."
    )

    def command(self) -> SubmitAssignment:
        return SubmitAssignment(str(self.assignment_id), self.type, self.content)


@strawberry.input
class GradeSubmissionInput:
    submission_id: strawberry.ID
    points: int = strawberry.field(description="0 to the assignment's most.")
    attempt: int | None = strawberry.field(
        default=None,
        description="The attempt that has been read: what was handed in after it is not graded unread.",
    )

    def command(self) -> GradeSubmission:
        return GradeSubmission(str(self.submission_id), self.points, self.attempt)


@strawberry.input
class GiveFeedbackInput:
    submission_id: strawberry.ID
    text: str = strawberry.field(description="Markdown")

    def command(self) -> GiveFeedback:
        return GiveFeedback(str(self.submission_id), self.text)
