"""What learning tells the other contexts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from subgraphs.kernel.messaging.integration import IntegrationEvent


class Difficulty(StrEnum):
    """What a course asks of its students."""

    BEGINNER = "BEGINNER"
    INTERMEDIATE = "INTERMEDIATE"
    ADVANCED = "ADVANCED"


class ExerciseType(StrEnum):
    """What the student does in an exercise."""

    READING = "READING"
    QUIZ = "QUIZ"
    PRACTICE = "PRACTICE"
    CODING = "CODING"


@dataclass(frozen=True, slots=True)
class CourseCreated(IntegrationEvent):
    """A tutor has begun a course; it is a draft."""

    type: ClassVar[str] = "learning.course_created"
    course_id: str
    tutor_id: str
    title: str
    subject: str
    difficulty: Difficulty
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CoursePublished(IntegrationEvent):
    """A course is open to students."""

    type: ClassVar[str] = "learning.course_published"
    course_id: str
    tutor_id: str
    title: str
    subject: str
    difficulty: Difficulty
    published_at: datetime


@dataclass(frozen=True, slots=True)
class ExerciseCompleted(IntegrationEvent):
    """A student has completed an exercise, for the first and only time. `score` is 0 to 100."""

    type: ClassVar[str] = "learning.exercise_completed"
    user_id: str
    course_id: str
    lesson_id: str
    exercise_id: str
    exercise_type: ExerciseType
    score: int
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class LessonCompleted(IntegrationEvent):
    """A student has completed the last open exercise of a lesson, or read a lesson without any."""

    type: ClassVar[str] = "learning.lesson_completed"
    user_id: str
    course_id: str
    lesson_id: str
    difficulty: Difficulty
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class CourseUpdated(IntegrationEvent):
    """A course says something else about itself; all of it, as it is now."""

    type: ClassVar[str] = "learning.course_updated"
    course_id: str
    tutor_id: str
    title: str
    subject: str
    difficulty: Difficulty
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CourseEnrollmentRequested(IntegrationEvent):
    """A student wants to take a course. The saga that begins with it is known by `request_id`."""

    type: ClassVar[str] = "learning.course_enrollment_requested"
    request_id: str
    course_id: str
    student_id: str
    tutor_id: str
    amount_minor: int
    currency: str
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class StudentEnrolled(IntegrationEvent):
    """A student takes a course. `payment_id` is null when there was nothing to pay."""

    type: ClassVar[str] = "learning.student_enrolled"
    enrollment_id: str
    course_id: str
    student_id: str
    tutor_id: str
    payment_id: str | None
    enrolled_at: datetime


@dataclass(frozen=True, slots=True)
class EnrollmentCompleted(IntegrationEvent):
    """What began with CourseEnrollmentRequested has ended well."""

    type: ClassVar[str] = "learning.enrollment_completed"
    request_id: str
    enrollment_id: str
    course_id: str
    student_id: str
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class EnrollmentFailed(IntegrationEvent):
    """What began with CourseEnrollmentRequested is undone; what was paid is paid back. `reason` is a code."""

    type: ClassVar[str] = "learning.enrollment_failed"
    request_id: str
    course_id: str
    student_id: str
    reason: str
    failed_at: datetime


@dataclass(frozen=True, slots=True)
class EnrollmentCancelled(IntegrationEvent):
    """A student does not take a course any more."""

    type: ClassVar[str] = "learning.enrollment_cancelled"
    enrollment_id: str
    course_id: str
    student_id: str
    reason: str
    cancelled_at: datetime


@dataclass(frozen=True, slots=True)
class QuizSubmitted(IntegrationEvent):
    """A student has answered a quiz. `score` is 0 to 100; attempts count from 1."""

    type: ClassVar[str] = "learning.quiz_submitted"
    user_id: str
    course_id: str
    exercise_id: str
    attempt: int
    score: int
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class CodingExerciseSubmitted(IntegrationEvent):
    """A student has handed in a program. `score` is 0 to 100; attempts count from 1."""

    type: ClassVar[str] = "learning.coding_exercise_submitted"
    user_id: str
    course_id: str
    exercise_id: str
    attempt: int
    score: int
    submitted_at: datetime
