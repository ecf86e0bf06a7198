"""How far a student has come in a course."""

from dataclasses import dataclass, field
from datetime import datetime

from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, Result, Success
from subgraphs.learning.domain.course import Course, Lesson
from subgraphs.learning.domain.errors import (
    COURSE_NOT_PUBLISHED,
    EXERCISE_NOT_FOUND,
    LESSON_HAS_OPEN_EXERCISES,
    LESSON_NOT_FOUND,
)
from subgraphs.learning.domain.events import ExerciseCompleted, LessonCompleted
from subgraphs.learning.domain.identifiers import CourseId, ExerciseId, LessonId, ProgressId, StudentId
from subgraphs.learning.domain.values import Score


@dataclass(frozen=True, slots=True)
class ExerciseProgress:
    """An exercise completed. The first completion counts; there is no second one."""

    score: Score
    completed_at: datetime


@dataclass(eq=False, kw_only=True)
class StudentProgress(AggregateRoot[ProgressId]):
    """What one student has completed in one course."""

    student_id: StudentId
    course_id: CourseId
    started_at: datetime
    exercises: dict[ExerciseId, ExerciseProgress] = field(default_factory=dict)
    lessons: set[LessonId] = field(default_factory=set)

    def complete_exercise(
        self, course: Course, exercise_id: ExerciseId, *, score: Score, at: datetime
    ) -> Result[None, DomainError]:
        """Complete an exercise, and with it the lesson whose last open exercise it was.

        Completing it again changes nothing, the score neither. COURSE_NOT_PUBLISHED, EXERCISE_NOT_FOUND.
        """
        if not course.is_published:
            return Failure(COURSE_NOT_PUBLISHED)
        found = course.lesson_with(exercise_id)
        if found is None:
            return Failure(EXERCISE_NOT_FOUND)
        lesson, exercise = found
        if exercise_id in self.exercises:
            return Success(None)
        self.exercises[exercise_id] = ExerciseProgress(score, at)
        self.raise_(
            ExerciseCompleted(
                self.id, self.student_id, self.course_id, lesson.id, exercise_id, exercise.type, score, at
            )
        )
        if self._has_done_exercises_of(lesson):
            self._complete(lesson, course, at=at)
        return Success(None)

    def complete_lesson(
        self, course: Course, lesson_id: LessonId, *, at: datetime
    ) -> Result[None, DomainError]:
        """Complete a lesson that has no exercise left open; one without exercises has only been read.

        COURSE_NOT_PUBLISHED, LESSON_NOT_FOUND, LESSON_HAS_OPEN_EXERCISES.
        """
        if not course.is_published:
            return Failure(COURSE_NOT_PUBLISHED)
        lesson = course.lesson(lesson_id)
        if lesson is None:
            return Failure(LESSON_NOT_FOUND)
        if not self._has_done_exercises_of(lesson):
            return Failure(LESSON_HAS_OPEN_EXERCISES)
        self._complete(lesson, course, at=at)
        return Success(None)

    def _has_done_exercises_of(self, lesson: Lesson) -> bool:
        return all(exercise.id in self.exercises for exercise in lesson.exercises)

    def _complete(self, lesson: Lesson, course: Course, *, at: datetime) -> None:
        if lesson.id in self.lessons:
            return
        self.lessons.add(lesson.id)
        self.raise_(
            LessonCompleted(self.id, self.student_id, self.course_id, lesson.id, course.difficulty, at)
        )
