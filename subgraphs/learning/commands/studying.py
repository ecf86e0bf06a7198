"""Working through courses."""

from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.learning.domain.course import Course
from subgraphs.learning.domain.errors import EXERCISE_NOT_FOUND, LESSON_NOT_FOUND
from subgraphs.learning.domain.identifiers import ExerciseId, LessonId, ProgressId, StudentId
from subgraphs.learning.domain.progress import StudentProgress
from subgraphs.learning.domain.values import Score
from subgraphs.learning.repository.courses import find_course_of_exercise, find_course_of_lesson
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


async def complete_exercise(
    command: CompleteExercise, work: UnitOfWork, request: RequestContext
) -> Result[ProgressId, DomainError]:
    score = Score.of(command.score)
    if isinstance(score, Failure):
        return score
    exercise_id = ExerciseId(command.exercise_id)
    course = await find_course_of_exercise(work.connection, exercise_id)
    if course is None:
        return Failure(EXERCISE_NOT_FOUND)
    match await _progress(course, work, request):
        case Failure() as failure:
            return failure
        case Success(value=progress):
            completed = progress.complete_exercise(course, exercise_id, score=score.value, at=work.now)
    return await _save(progress, completed, work)


async def complete_lesson(
    command: CompleteLesson, work: UnitOfWork, request: RequestContext
) -> Result[ProgressId, DomainError]:
    lesson_id = LessonId(command.lesson_id)
    course = await find_course_of_lesson(work.connection, lesson_id)
    if course is None:
        return Failure(LESSON_NOT_FOUND)
    match await _progress(course, work, request):
        case Failure() as failure:
            return failure
        case Success(value=progress):
            completed = progress.complete_lesson(course, lesson_id, at=work.now)
    return await _save(progress, completed, work)


async def _progress(
    course: Course, work: UnitOfWork, request: RequestContext
) -> Result[StudentProgress, DomainError]:
    match StudentId.parse(request.actor_id or "", field="studentId"):
        case Failure() as failure:
            return failure
        case Success(value=student_id):
            return Success(
                await find_or_start_progress(
                    work.connection, student_id, course.id, ids=work.ids, at=work.now
                )
            )


async def _save(
    progress: StudentProgress, completed: Result[None, DomainError], work: UnitOfWork
) -> Result[ProgressId, DomainError]:
    if isinstance(completed, Failure):
        return completed
    await save_progress(work, progress)
    return Success(progress.id)
