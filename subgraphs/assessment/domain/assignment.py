"""Something to hand in: by the students of a course, or of one class of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from subgraphs.assessment.domain.errors import (
    ASSIGNMENT_CLOSED,
    ASSIGNMENT_GRADED,
    DUE_DATE_PAST,
    PAST_DUE,
    SUBMISSION_TYPE_NOT_ALLOWED,
    SUBMISSION_TYPES_MISSING,
)
from subgraphs.assessment.domain.events import AssignmentClosed, AssignmentCreated, AssignmentUpdated
from subgraphs.assessment.domain.identifiers import AssignmentId, ClassId, CourseId, InstructorId
from subgraphs.assessment.domain.values import (
    AssignmentStatus,
    Due,
    Points,
    Prose,
    SubmissionType,
    Title,
    Work,
)
from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, Result, Success


@dataclass(eq=False, kw_only=True)
class Assignment(AggregateRoot[AssignmentId]):
    """What an instructor asks for. `submission_types` are what may be handed in, in a fixed order."""

    course_id: CourseId
    class_id: ClassId | None
    instructor_id: InstructorId
    title: Title
    instructions: Prose
    submission_types: tuple[SubmissionType, ...]
    max_points: Points
    due_at: datetime | None
    takes_late: bool
    takes_again: bool
    status: AssignmentStatus
    created_at: datetime
    updated_at: datetime

    @classmethod
    def create(
        cls,
        assignment_id: AssignmentId,
        *,
        course_id: CourseId,
        class_id: ClassId | None,
        instructor_id: InstructorId,
        title: Title,
        instructions: Prose,
        submission_types: Collection[SubmissionType],
        max_points: Points,
        due_at: datetime | None,
        takes_late: bool,
        takes_again: bool,
        at: datetime,
    ) -> "Result[Assignment, DomainError]":
        """SUBMISSION_TYPES_MISSING, DUE_DATE_PAST."""
        if not submission_types:
            return Failure(SUBMISSION_TYPES_MISSING)
        if due_at is not None and due_at <= at:
            return Failure(DUE_DATE_PAST)
        assignment = cls(
            id=assignment_id,
            course_id=course_id,
            class_id=class_id,
            instructor_id=instructor_id,
            title=title,
            instructions=instructions,
            submission_types=tuple(one for one in SubmissionType if one in submission_types),
            max_points=max_points,
            due_at=due_at,
            takes_late=takes_late,
            takes_again=takes_again,
            status=AssignmentStatus.OPEN,
            created_at=at,
            updated_at=at,
        )
        assignment.raise_(
            AssignmentCreated(assignment_id, course_id, class_id, instructor_id, title, due_at, at)
        )
        return Success(assignment)

    def update(
        self,
        *,
        title: Title | None,
        instructions: Prose | None,
        max_points: Points | None,
        due: Due | None,
        is_graded: bool,
        at: datetime,
    ) -> Result[None, DomainError]:
        """Change what is given and keep the rest. ASSIGNMENT_CLOSED, ASSIGNMENT_GRADED, DUE_DATE_PAST."""
        if self.status is AssignmentStatus.CLOSED:
            return Failure(ASSIGNMENT_CLOSED)
        if is_graded and max_points not in (None, self.max_points):
            return Failure(ASSIGNMENT_GRADED)
        if due is not None and due.at is not None and due.at <= at:
            return Failure(DUE_DATE_PAST)
        self.title, self.instructions = title or self.title, instructions or self.instructions
        self.max_points = max_points or self.max_points
        self.due_at = self.due_at if due is None else due.at
        self.updated_at = at
        self.raise_(
            AssignmentUpdated(
                self.id, self.course_id, self.class_id, self.instructor_id, self.title, self.due_at, at
            )
        )
        return Success(None)

    def close(self, *, at: datetime) -> Result[None, DomainError]:
        """Take nothing more. ASSIGNMENT_CLOSED when it does not already."""
        if self.status is AssignmentStatus.CLOSED:
            return Failure(ASSIGNMENT_CLOSED)
        self.status, self.updated_at = AssignmentStatus.CLOSED, at
        self.raise_(AssignmentClosed(self.id, at))
        return Success(None)

    def is_late(self, at: datetime) -> bool:
        return self.due_at is not None and at > self.due_at

    def refusal(self, work: Work, at: datetime) -> DomainError | None:
        """Why it does not take this work now. ASSIGNMENT_CLOSED, SUBMISSION_TYPE_NOT_ALLOWED, PAST_DUE."""
        if self.status is AssignmentStatus.CLOSED:
            return ASSIGNMENT_CLOSED
        if work.type not in self.submission_types:
            return SUBMISSION_TYPE_NOT_ALLOWED
        return PAST_DUE if self.is_late(at) and not self.takes_late else None
