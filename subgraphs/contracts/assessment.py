"""What assessment tells the other contexts. Every event's key is the assignment's or the submission's id."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from subgraphs.kernel.messaging.integration import IntegrationEvent


@dataclass(frozen=True, slots=True)
class AssignmentCreated(IntegrationEvent):
    """There is something to hand in."""

    type: ClassVar[str] = "assessment.assignment_created"
    assignment_id: str
    course_id: str
    instructor_id: str
    title: str
    created_at: datetime
    class_id: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AssignmentUpdated(IntegrationEvent):
    """It is called otherwise, worth something else, or due at another time: as it is now."""

    type: ClassVar[str] = "assessment.assignment_updated"
    assignment_id: str
    course_id: str
    instructor_id: str
    title: str
    updated_at: datetime
    class_id: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SubmissionReceived(IntegrationEvent):
    """A student has handed something in."""

    type: ClassVar[str] = "assessment.submission_received"
    submission_id: str
    assignment_id: str
    student_id: str
    instructor_id: str
    is_late: bool
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class SubmissionGraded(IntegrationEvent):
    """A submission has a grade, its first or a better one. Points are 0 to `max_points`."""

    type: ClassVar[str] = "assessment.submission_graded"
    submission_id: str
    assignment_id: str
    student_id: str
    points: int
    max_points: int
    graded_by: str
    graded_at: datetime


@dataclass(frozen=True, slots=True)
class FeedbackGiven(IntegrationEvent):
    """An instructor has said something about a submission."""

    type: ClassVar[str] = "assessment.feedback_given"
    submission_id: str
    assignment_id: str
    student_id: str
    given_by: str
    given_at: datetime
