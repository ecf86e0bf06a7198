"""What happened in learning. What other contexts may know of it is in contracts/learning.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from subgraphs.kernel.domain import DomainEvent, Money
from subgraphs.learning.domain.coding import CodingTask, Program, Verdict
from subgraphs.learning.domain.identifiers import (
    CodingSubmissionId,
    CourseId,
    EnrollmentId,
    EnrollmentRequestId,
    ExerciseId,
    LessonId,
    PaymentId,
    ProgressId,
    QuizAttemptId,
    SectionId,
    StudentId,
    TutorId,
)
from subgraphs.learning.domain.quiz import Quiz, QuizAnswer
from subgraphs.learning.domain.values import (
    Description,
    Difficulty,
    ExerciseType,
    LessonContent,
    Prose,
    Score,
    Subject,
    Title,
)


@dataclass(frozen=True, slots=True)
class CourseCreated(DomainEvent):
    name: ClassVar[str] = "learning.course_created"
    course_id: CourseId
    tutor_id: TutorId
    title: Title
    description: Description
    subject: Subject
    difficulty: Difficulty
    price: Money
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class CourseUpdated(DomainEvent):
    name: ClassVar[str] = "learning.course_updated"
    course_id: CourseId
    tutor_id: TutorId
    title: Title
    description: Description
    subject: Subject
    difficulty: Difficulty
    price: Money
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class SectionAdded(DomainEvent):
    name: ClassVar[str] = "learning.section_added"
    course_id: CourseId
    section_id: SectionId
    position: int
    title: Title
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class LessonAdded(DomainEvent):
    name: ClassVar[str] = "learning.lesson_added"
    course_id: CourseId
    section_id: SectionId
    lesson_id: LessonId
    position: int
    title: Title
    content: LessonContent
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ExerciseAdded(DomainEvent):
    name: ClassVar[str] = "learning.exercise_added"
    course_id: CourseId
    lesson_id: LessonId
    exercise_id: ExerciseId
    position: int
    type: ExerciseType
    title: Title
    instructions: Prose
    task: Quiz | CodingTask | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class CoursePublished(DomainEvent):
    name: ClassVar[str] = "learning.course_published"
    course_id: CourseId
    tutor_id: TutorId
    title: Title
    subject: Subject
    difficulty: Difficulty
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ExerciseCompleted(DomainEvent):
    name: ClassVar[str] = "learning.exercise_completed"
    progress_id: ProgressId
    student_id: StudentId
    course_id: CourseId
    lesson_id: LessonId
    exercise_id: ExerciseId
    exercise_type: ExerciseType
    score: Score
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class LessonCompleted(DomainEvent):
    name: ClassVar[str] = "learning.lesson_completed"
    progress_id: ProgressId
    student_id: StudentId
    course_id: CourseId
    lesson_id: LessonId
    difficulty: Difficulty
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class LessonUnlocked(DomainEvent):
    name: ClassVar[str] = "learning.lesson_unlocked"
    progress_id: ProgressId
    student_id: StudentId
    course_id: CourseId
    lesson_id: LessonId
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class QuizSubmitted(DomainEvent):
    name: ClassVar[str] = "learning.quiz_submitted"
    progress_id: ProgressId
    student_id: StudentId
    course_id: CourseId
    exercise_id: ExerciseId
    attempt_id: QuizAttemptId
    attempt: int
    answers: tuple[QuizAnswer, ...]
    score: Score
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class CodingExerciseSubmitted(DomainEvent):
    name: ClassVar[str] = "learning.coding_exercise_submitted"
    progress_id: ProgressId
    student_id: StudentId
    course_id: CourseId
    exercise_id: ExerciseId
    submission_id: CodingSubmissionId
    attempt: int
    program: Program
    verdicts: tuple[Verdict, ...]
    score: Score
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class EnrollmentRequested(DomainEvent):
    name: ClassVar[str] = "learning.course_enrollment_requested"
    request_id: EnrollmentRequestId
    course_id: CourseId
    student_id: StudentId
    tutor_id: TutorId
    price: Money
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class StudentEnrolled(DomainEvent):
    name: ClassVar[str] = "learning.student_enrolled"
    enrollment_id: EnrollmentId
    course_id: CourseId
    student_id: StudentId
    tutor_id: TutorId
    payment_id: PaymentId | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class EnrollmentCompleted(DomainEvent):
    name: ClassVar[str] = "learning.enrollment_completed"
    enrollment_id: EnrollmentId
    request_id: EnrollmentRequestId
    course_id: CourseId
    student_id: StudentId
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class EnrollmentFailed(DomainEvent):
    name: ClassVar[str] = "learning.enrollment_failed"
    request_id: EnrollmentRequestId
    course_id: CourseId
    student_id: StudentId
    reason: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class EnrollmentCancelled(DomainEvent):
    name: ClassVar[str] = "learning.enrollment_cancelled"
    enrollment_id: EnrollmentId
    course_id: CourseId
    student_id: StudentId
    payment_id: PaymentId | None
    reason: str
    occurred_at: datetime
