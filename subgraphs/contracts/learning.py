"""What learning tells the other contexts, and what it can be asked. Amounts are in the currency's smallest
unit.

The key of what happens to a course is the course's id; of what happens to a student, the student's.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.requests import Request


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
class LessonAdded(IntegrationEvent):
    """A course has a lesson more, be it a draft or not."""

    type: ClassVar[str] = "learning.lesson_added"
    course_id: str
    lesson_id: str
    added_at: datetime


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
    """A student does not take a course any more. `payment_id` is what it was paid by, if it was."""

    type: ClassVar[str] = "learning.enrollment_cancelled"
    enrollment_id: str
    course_id: str
    student_id: str
    reason: str
    cancelled_at: datetime
    payment_id: str | None = None


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


@dataclass(frozen=True, slots=True)
class CourseSnapshot:
    """A course as an answer tells it."""

    course_id: str
    tutor_id: str
    title: str
    subject: str
    difficulty: Difficulty
    amount_minor: int
    currency: str
    is_published: bool


@dataclass(frozen=True, slots=True)
class CourseFound(IntegrationEvent):
    """The answer to GetCourse; `course` is null when there is none."""

    type: ClassVar[str] = "learning.course_found"
    course_id: str
    course: CourseSnapshot | None = None


@dataclass(frozen=True, slots=True)
class GetCourse(Request[CourseFound]):
    """What is this course? Drafts too; sent to `learning.get_by_id`."""

    type: ClassVar[str] = "learning.get_course"
    course_id: str


@dataclass(frozen=True, slots=True)
class CoursesFound(IntegrationEvent):
    """The answer to GetCoursesBySubject; `total` is how many there are on all pages."""

    type: ClassVar[str] = "learning.courses_found"
    subject: str
    page: int
    courses: tuple[CourseSnapshot, ...]
    total: int


@dataclass(frozen=True, slots=True)
class GetCoursesBySubject(Request[CoursesFound]):
    """A page of the published courses of a subject, newest first, counted from 1; sent to
    `learning.get_by_subject`. Pages have 1 to 100 courses: what is beyond that is as near as can be."""

    type: ClassVar[str] = "learning.get_courses_by_subject"
    subject: str
    page: int = 1
    limit: int = 20


@dataclass(frozen=True, slots=True)
class EnrollmentAnswered(IntegrationEvent):
    """The answer to EnrollStudent: the enrolment, or a `reason` (a code) why there is none."""

    type: ClassVar[str] = "learning.enrollment_answered"
    course_id: str
    student_id: str
    enrollment_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class EnrollStudent(Request[EnrollmentAnswered]):
    """Take a student into a course, for a payment that was completed for it or for nothing if it costs
    nothing; sent to `learning.enroll_student`. Asking twice for one payment is asking once."""

    type: ClassVar[str] = "learning.enroll_student"
    course_id: str
    student_id: str
    payment_id: str | None = None


@dataclass(frozen=True, slots=True)
class EnrollmentVerified(IntegrationEvent):
    """The answer to VerifyEnrollment."""

    type: ClassVar[str] = "learning.enrollment_verified"
    course_id: str
    student_id: str
    is_enrolled: bool
    enrollment_id: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyEnrollment(Request[EnrollmentVerified]):
    """Does this student take this course? Sent to `learning.verify_enrollment`; it changes nothing."""

    type: ClassVar[str] = "learning.verify_enrollment"
    course_id: str
    student_id: str
