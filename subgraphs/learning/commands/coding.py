"""Handing in programs. They are run before the transaction that stores what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from subgraphs.kernel.application.messages import Command
from subgraphs.kernel.application.request import Actor, RequestContext
from subgraphs.kernel.domain import DomainError, Failure, IdGenerator, Result, Success
from subgraphs.kernel.store.database import Database
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.learning.access import seen
from subgraphs.learning.code_runner import CodeRunner, CodeRunnerUnavailableError
from subgraphs.learning.commands.studying import attend_exercise
from subgraphs.learning.domain.coding import CodingTask, Program, Run, RunOutcome, Verdict
from subgraphs.learning.domain.errors import (
    CODE_RUNNER_UNAVAILABLE,
    EXERCISE_NOT_FOUND,
    NOT_A_CODING_EXERCISE,
)
from subgraphs.learning.domain.identifiers import CodingSubmissionId, ExerciseId, StudentId
from subgraphs.learning.repository.courses import find_course_of_exercise
from subgraphs.learning.repository.enrollments import admission_of
from subgraphs.learning.repository.progress import find_or_start_progress, save_progress


@dataclass(frozen=True, slots=True)
class SubmitCodingExercise(Command[CodingSubmissionId]):
    """The acting student hands in a program."""

    exercise_id: str
    source: str

    def invalid(self) -> DomainError | None:
        match Program.of(self.source):
            case Failure(error=error):
                return error
            case _:
                return None


@dataclass(frozen=True, slots=True)
class Tested:
    """A program and what became of the exercise's tests."""

    program: Program
    verdicts: Sequence[Verdict]


class RunOnTests:
    """The preparation of a submission: runs the program, if the student may work at the exercise."""

    def __init__(self, database: Database, runner: CodeRunner, ids: IdGenerator) -> None:
        self._database = database
        self._runner = runner
        self._ids = ids

    async def __call__(
        self, command: SubmitCodingExercise, request: RequestContext
    ) -> Result[Tested, DomainError]:
        """As `StudentProgress.open_exercise`, NOT_A_CODING_EXERCISE, CODE_RUNNER_UNAVAILABLE."""
        match await self._task(ExerciseId(command.exercise_id), request.actor):
            case Failure() as failure:
                return failure
            case Success(value=task):
                program = Program(command.source)
        try:
            runs = await self._run(program, task)
        except CodeRunnerUnavailableError:
            return Failure(CODE_RUNNER_UNAVAILABLE)
        return Success(Tested(program, task.judge(runs)))

    async def _run(self, program: Program, task: CodingTask) -> Sequence[Run]:
        """On one test after the other. A program that takes too long once is not waited for again."""
        runs: list[Run] = []
        for test in task.tests:
            is_slow = bool(runs) and runs[-1].outcome is RunOutcome.TIMED_OUT
            runs.append(runs[-1] if is_slow else await self._runner.run(program, test.input))
        return runs

    async def _task(self, exercise_id: ExerciseId, actor: Actor | None) -> Result[CodingTask, DomainError]:
        student_id = StudentId(actor.id if actor else "")
        async with self._database.read() as connection:
            course = seen(await find_course_of_exercise(connection, exercise_id), actor)
            if course is None:
                return Failure(EXERCISE_NOT_FOUND)
            admission = await admission_of(connection, course.id, student_id)
            progress = await find_or_start_progress(
                connection, student_id, course.id, ids=self._ids, at=self._database.clock.now()
            )
        match progress.open_exercise(course, exercise_id, admission):
            case Failure() as failure:
                return failure
            case Success(value=(_, exercise)):
                pass
        match exercise.task:
            case CodingTask() as task:
                return Success(task)
            case _:
                return Failure(NOT_A_CODING_EXERCISE)


async def submit_coding_exercise(
    command: SubmitCodingExercise, tested: Tested, work: UnitOfWork, request: RequestContext
) -> Result[CodingSubmissionId, DomainError]:
    exercise_id = ExerciseId(command.exercise_id)
    match await attend_exercise(exercise_id, work, request):
        case Failure() as failure:
            return failure
        case Success(value=at_work):
            pass
    submitted = at_work.progress.submit_program(
        at_work.course,
        exercise_id,
        tested.program,
        tested.verdicts,
        admission=at_work.admission,
        ids=work.ids,
        at=work.now,
    )
    if isinstance(submitted, Success):
        await save_progress(work, at_work.progress)
    return submitted
