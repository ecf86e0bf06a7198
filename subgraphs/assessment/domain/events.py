"""What happened in assessment. What other contexts may know of it is in contracts/assessment.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from subgraphs.assessment.domain.identifiers import (
    AssignmentId,
    ClassId,
    CourseId,
    FeedbackId,
    InstructorId,
    StudentId,
    SubmissionId,
)
from subgraphs.assessment.domain.values import Grade, Prose, Title
from subgraphs.kernel.domain import DomainEvent


@dataclass(frozen=True, slots=True)
class AssignmentCreated(DomainEvent):
    name: ClassVar[str] = "assessment.assignment_created"
    assignment_id: AssignmentId
    course_id: CourseId
    class_id: ClassId | None
    instructor_id: InstructorId
    title: Title
    due_at: datetime | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class AssignmentUpdated(DomainEvent):
    name: ClassVar[str] = "assessment.assignment_updated"
    assignment_id: AssignmentId
    course_id: CourseId
    class_id: ClassId | None
    instructor_id: InstructorId
    title: Title
    due_at: datetime | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class AssignmentClosed(DomainEvent):
    name: ClassVar[str] = "assessment.assignment_closed"
    assignment_id: AssignmentId
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class SubmissionReceived(DomainEvent):
    name: ClassVar[str] = "assessment.submission_received"
    submission_id: SubmissionId
    assignment_id: AssignmentId
    student_id: StudentId
    instructor_id: InstructorId
    is_late: bool
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class SubmissionGraded(DomainEvent):
    name: ClassVar[str] = "assessment.submission_graded"
    submission_id: SubmissionId
    assignment_id: AssignmentId
    student_id: StudentId
    grade: Grade
    graded_by: InstructorId
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class FeedbackGiven(DomainEvent):
    name: ClassVar[str] = "assessment.feedback_given"
    submission_id: SubmissionId
    assignment_id: AssignmentId
    student_id: StudentId
    feedback_id: FeedbackId
    text: Prose
    given_by: InstructorId
    occurred_at: datetime
