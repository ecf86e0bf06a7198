"""How far a student has come in a course."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from subgraphs.kernel.domain import AggregateRoot, DomainError, Failure, IdGenerator, Result, Success
from subgraphs.learning.domain import coding, quiz
from subgraphs.learning.domain.admission import Admission
from subgraphs.learning.domain.coding import CodingTask, Program, Verdict, score_of
from subgraphs.learning.domain.course import Course, Exercise, Lesson
from subgraphs.learning.domain.errors import (
    COURSE_NOT_PUBLISHED,
    EXERCISE_IS_GRADED,
    EXERCISE_NOT_FOUND,
    LESSON_HAS_OPEN_EXERCISES,
    LESSON_LOCKED,
    LESSON_NOT_FOUND,
    NOT_A_CODING_EXERCISE,
    NOT_A_QUIZ,
    NOT_ENROLLED,
)
from subgraphs.learning.domain.events import (
    CodingExerciseSubmitted,
    ExerciseCompleted,
    LessonCompleted,
    LessonUnlocked,
    QuizSubmitted,
)
from subgraphs.learning.domain.identifiers import (
    CodingSubmissionId,
    CourseId,
    ExerciseId,
    LessonId,
    ProgressId,
    QuizAttemptId,
    StudentId,
)
from subgraphs.learning.domain.quiz import Quiz, QuizAnswer
from subgraphs.learning.domain.values import Score


@dataclass(frozen=True, slots=True)
class ExerciseProgress:
    """An exercise completed. The first completion counts; there is no second one."""

    score: Score
    completed_at: datetime


@dataclass(eq=False, kw_only=True)
class StudentProgress(AggregateRoot[ProgressId]):
    """What one student has completed in one course, and how often they have handed in what is graded.

    Lessons are worked through in their order: one is open when it is the first, when the one before it is
    completed, when it was unlocked once, or when a class has opened it.
    """

    student_id: StudentId
    course_id: CourseId
    started_at: datetime
    exercises: dict[ExerciseId, ExerciseProgress] = field(default_factory=dict)
    lessons: set[LessonId] = field(default_factory=set)
    unlocked: set[LessonId] = field(default_factory=set)
    attempts: dict[ExerciseId, int] = field(default_factory=dict)

    def open_exercise(
        self, course: Course, exercise_id: ExerciseId, admission: Admission
    ) -> Result[tuple[Lesson, Exercise], DomainError]:
        """An exercise that the student may work at now, and its lesson.

        COURSE_NOT_PUBLISHED, EXERCISE_NOT_FOUND, NOT_ENROLLED, LESSON_LOCKED.
        """
        if not course.is_published:
            return Failure(COURSE_NOT_PUBLISHED)
        found = course.lesson_with(exercise_id)
        if found is None:
            return Failure(EXERCISE_NOT_FOUND)
        if refusal := self._refusal(course, found[0], admission):
            return Failure(refusal)
        return Success(found)

    def complete_exercise(
        self, course: Course, exercise_id: ExerciseId, *, score: Score, admission: Admission, at: datetime
    ) -> Result[None, DomainError]:
        """Complete an exercise that nobody grades, and with it the lesson whose last open exercise it was.

        Completing it again changes nothing, the score neither. As `open_exercise`, and EXERCISE_IS_GRADED.
        """
        match self.open_exercise(course, exercise_id, admission):
            case Failure() as failure:
                return failure
            case Success(value=(lesson, exercise)):
                pass
        if exercise.task is not None and exercise_id not in self.exercises:
            return Failure(EXERCISE_IS_GRADED)
        self._complete_exercise(course, lesson, exercise, score, at)
        return Success(None)

    def complete_lesson(
        self, course: Course, lesson_id: LessonId, *, admission: Admission, at: datetime
    ) -> Result[None, DomainError]:
        """Complete a lesson that has no exercise left open; one without exercises has only been read.

        COURSE_NOT_PUBLISHED, LESSON_NOT_FOUND, NOT_ENROLLED, LESSON_LOCKED, LESSON_HAS_OPEN_EXERCISES.
        """
        if not course.is_published:
            return Failure(COURSE_NOT_PUBLISHED)
        lesson = course.lesson(lesson_id)
        if lesson is None:
            return Failure(LESSON_NOT_FOUND)
        if refusal := self._refusal(course, lesson, admission):
            return Failure(refusal)
        if not self._has_done_exercises_of(lesson):
            return Failure(LESSON_HAS_OPEN_EXERCISES)
        self._complete_lesson(lesson, course, at=at)
        return Success(None)

    def submit_quiz(
        self,
        course: Course,
        exercise_id: ExerciseId,
        answers: Sequence[QuizAnswer],
        *,
        admission: Admission,
        ids: IdGenerator,
        at: datetime,
    ) -> Result[QuizAttemptId, DomainError]:
        """Hand in answers; with the pass mark the exercise is completed, with less one tries again.

        As `open_exercise`, NOT_A_QUIZ, and what the quiz says about the answers.
        """
        match self.open_exercise(course, exercise_id, admission):
            case Failure() as failure:
                return failure
            case Success(value=(lesson, exercise)):
                pass
        if not isinstance(exercise.task, Quiz):
            return Failure(NOT_A_QUIZ)
        graded = exercise.task.grade(answers)
        if isinstance(graded, Failure):
            return graded
        attempt_id, attempt, score = QuizAttemptId.new(ids), self._next_attempt(exercise_id), graded.value
        self.raise_(
            QuizSubmitted(
                self.id,
                self.student_id,
                self.course_id,
                exercise_id,
                attempt_id,
                attempt,
                tuple(answers),
                score,
                at,
            )
        )
        if score.points >= quiz.PASS_MARK.points:
            self._complete_exercise(course, lesson, exercise, score, at)
        return Success(attempt_id)

    def submit_program(
        self,
        course: Course,
        exercise_id: ExerciseId,
        program: Program,
        verdicts: Sequence[Verdict],
        *,
        admission: Admission,
        ids: IdGenerator,
        at: datetime,
    ) -> Result[CodingSubmissionId, DomainError]:
        """Hand in a program with the verdicts of the exercise's tests; it completes the exercise if it
        passes all.

        As `open_exercise`, and NOT_A_CODING_EXERCISE.
        """
        match self.open_exercise(course, exercise_id, admission):
            case Failure() as failure:
                return failure
            case Success(value=(lesson, exercise)):
                pass
        if not isinstance(exercise.task, CodingTask):
            return Failure(NOT_A_CODING_EXERCISE)
        submission_id, attempt = CodingSubmissionId.new(ids), self._next_attempt(exercise_id)
        score = score_of(verdicts)
        self.raise_(
            CodingExerciseSubmitted(
                self.id,
                self.student_id,
                self.course_id,
                exercise_id,
                submission_id,
                attempt,
                program,
                tuple(verdicts),
                score,
                at,
            )
        )
        if score.points >= coding.PASS_MARK.points:
            self._complete_exercise(course, lesson, exercise, score, at)
        return Success(submission_id)

    def unlock_lesson_after(self, course: Course, lesson_id: LessonId, *, at: datetime) -> Lesson | None:
        """Open the lesson after a completed one, for good, whatever is put between the two; None after the
        last."""
        following = course.lesson_after(lesson_id)
        if following is not None and lesson_id in self.lessons and following.id not in self.unlocked:
            self.unlocked.add(following.id)
            self.raise_(LessonUnlocked(self.id, self.student_id, self.course_id, following.id, at))
        return following

    def _refusal(self, course: Course, lesson: Lesson, admission: Admission) -> DomainError | None:
        if not admission.admits_to(lesson.id):
            return NOT_ENROLLED
        before = course.lesson_before(lesson.id)
        is_open = before is None or before.id in self.lessons
        if is_open or lesson.id in self.lessons | self.unlocked | admission.opened:
            return None
        return LESSON_LOCKED

    def _next_attempt(self, exercise_id: ExerciseId) -> int:
        self.attempts[exercise_id] = self.attempts.get(exercise_id, 0) + 1
        return self.attempts[exercise_id]

    def _has_done_exercises_of(self, lesson: Lesson) -> bool:
        return all(exercise.id in self.exercises for exercise in lesson.exercises)

    def _complete_exercise(
        self, course: Course, lesson: Lesson, exercise: Exercise, score: Score, at: datetime
    ) -> None:
        if exercise.id in self.exercises:
            return
        self.exercises[exercise.id] = ExerciseProgress(score, at)
        self.raise_(
            ExerciseCompleted(
                self.id, self.student_id, self.course_id, lesson.id, exercise.id, exercise.type, score, at
            )
        )
        if self._has_done_exercises_of(lesson):
            self._complete_lesson(lesson, course, at=at)

    def _complete_lesson(self, lesson: Lesson, course: Course, *, at: datetime) -> None:
        if lesson.id in self.lessons:
            return
        self.lessons.add(lesson.id)
        self.raise_(
            LessonCompleted(self.id, self.student_id, self.course_id, lesson.id, course.difficulty, at)
        )
