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
