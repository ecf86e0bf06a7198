"""What happened in learning. What other contexts may know of it is in contracts/learning.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from subgraphs.kernel.domain import DomainEvent
from subgraphs.learning.domain.identifiers import (
    CourseId,
    ExerciseId,
    LessonId,
    ProgressId,
    SectionId,
    StudentId,
    TutorId,
)
from subgraphs.learning.domain.values import Difficulty, ExerciseType, Price, Prose, Score, Subject, Title


@dataclass(frozen=True, slots=True)
class CourseCreated(DomainEvent):
    name: ClassVar[str] = "learning.course_created"
    course_id: CourseId
    tutor_id: TutorId
    title: Title
    description: Prose
    subject: Subject
    difficulty: Difficulty
    price: Price
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class CourseUpdated(DomainEvent):
    name: ClassVar[str] = "learning.course_updated"
    course_id: CourseId
    title: Title
    description: Prose
    price: Price
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
    content: Prose
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
