"""Working through courses."""

from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.learning.access import seen
from subgraphs.learning.domain.admission import Admission
from subgraphs.learning.domain.course import Course
from subgraphs.learning.domain.errors import EXERCISE_NOT_FOUND, LESSON_NOT_FOUND
from subgraphs.learning.domain.identifiers import (
    CourseId,
    ExerciseId,
    LessonId,
    ProgressId,
    QuestionId,
    QuizAttemptId,
    StudentId,
)
from subgraphs.learning.domain.progress import StudentProgress
from subgraphs.learning.domain.quiz import QuizAnswer
from subgraphs.learning.domain.values import Score
from subgraphs.learning.repository.courses import (
    find_course,
    find_course_of_exercise,
    find_course_of_lesson,
)
from subgraphs.learning.repository.enrollments import admission_of
from subgraphs.learning.repository.progress import find_or_start_progress, save_progress


@dataclass(frozen=True, slots=True)
class CompleteExercise(Command[ProgressId]):
    """The acting student has completed an exercise, with a score of 0 to 100."""

    exercise_id: str
    score: int


@dataclass(frozen=True, slots=True)
class CompleteLesson(Command[ProgressId]):
    """The acting student has finished a lesson."""

    lesson_id: str


@dataclass(frozen=True, slots=True)
class ChosenOptions:
    """What a student has chosen in a question, counted from 0."""

    question_id: str
    options: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SubmitQuiz(Command[QuizAttemptId]):
    """The acting student has answered a quiz."""

    exercise_id: str
    answers: tuple[ChosenOptions, ...]


@dataclass(frozen=True, slots=True)
class UnlockNextLesson(Command[LessonId | None]):
    """Open what comes after a lesson that a student has completed. Worth the lesson, if there is one."""

    student_id: str
    course_id: str
    lesson_id: str


@dataclass(frozen=True, slots=True)
class Attendance:
    """A student at work in a course."""

    course: Course
    progress: StudentProgress
    admission: Admission


async def complete_exercise(
    command: CompleteExercise, work: UnitOfWork, request: RequestContext
) -> Result[ProgressId, DomainError]:
    score = Score.of(command.score)
    if isinstance(score, Failure):
        return score
    exercise_id = ExerciseId(command.exercise_id)
    match await attend_exercise(exercise_id, work, request):
        case Failure() as failure:
            return failure
        case Success(value=at_work):
            progress = at_work.progress
    completed = progress.complete_exercise(
        at_work.course, exercise_id, score=score.value, admission=at_work.admission, at=work.now
    )
    return await _save(progress, completed, work)


async def complete_lesson(
    command: CompleteLesson, work: UnitOfWork, request: RequestContext
) -> Result[ProgressId, DomainError]:
    lesson_id = LessonId(command.lesson_id)
    course = seen(await find_course_of_lesson(work.connection, lesson_id), request.actor)
    if course is None:
        return Failure(LESSON_NOT_FOUND)
    match await _attend(course, work, request):
        case Failure() as failure:
            return failure
        case Success(value=at_work):
            progress = at_work.progress
    completed = progress.complete_lesson(course, lesson_id, admission=at_work.admission, at=work.now)
    return await _save(progress, completed, work)


async def submit_quiz(
    command: SubmitQuiz, work: UnitOfWork, request: RequestContext
) -> Result[QuizAttemptId, DomainError]:
    exercise_id = ExerciseId(command.exercise_id)
    match await attend_exercise(exercise_id, work, request):
        case Failure() as failure:
            return failure
        case Success(value=at_work):
            pass
    submitted = at_work.progress.submit_quiz(
        at_work.course,
        exercise_id,
        [QuizAnswer(QuestionId(one.question_id), frozenset(one.options)) for one in command.answers],
        admission=at_work.admission,
        ids=work.ids,
        at=work.now,
    )
    if isinstance(submitted, Success):
        await save_progress(work, at_work.progress)
    return submitted


async def unlock_next_lesson(
    command: UnlockNextLesson, work: UnitOfWork, _request: RequestContext
) -> Result[LessonId | None, DomainError]:
    course = await find_course(work.connection, CourseId(command.course_id))
    if course is None:
        return Failure(LESSON_NOT_FOUND)
    progress = await find_or_start_progress(
        work.connection, StudentId(command.student_id), course.id, ids=work.ids, at=work.now
    )
    following = progress.unlock_lesson_after(course, LessonId(command.lesson_id), at=work.now)
    await save_progress(work, progress)
    return Success(following.id if following else None)


async def attend_exercise(
    exercise_id: ExerciseId, work: UnitOfWork, request: RequestContext
) -> Result[Attendance, DomainError]:
    """The acting student at an exercise. EXERCISE_NOT_FOUND; INVALID_ID when it is nobody who acts."""
    course = seen(await find_course_of_exercise(work.connection, exercise_id), request.actor)
    return await _attend(course, work, request) if course else Failure(EXERCISE_NOT_FOUND)


async def _attend(
    course: Course, work: UnitOfWork, request: RequestContext
) -> Result[Attendance, DomainError]:
    match StudentId.parse(request.actor_id or "", field="studentId"):
        case Failure() as failure:
            return failure
        case Success(value=student_id):
            pass
    progress = await find_or_start_progress(work.connection, student_id, course.id, ids=work.ids, at=work.now)
    return Success(Attendance(course, progress, await admission_of(work.connection, course.id, student_id)))


async def _save(
    progress: StudentProgress, completed: Result[None, DomainError], work: UnitOfWork
) -> Result[ProgressId, DomainError]:
    if isinstance(completed, Failure):
        return completed
    await save_progress(work, progress)
    return Success(progress.id)
