"""How far students have come, and by what."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from subgraphs.kernel.domain import Slice
from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.parts import PartOf, load_parts
from subgraphs.learning.api.attempts import CodingSubmission, QuizAttempt
from subgraphs.learning.api.content import Exercise, Lesson, load_exercises, load_lessons
from subgraphs.learning.api.courses import Course, load_courses
from subgraphs.learning.domain.values import ProgressStatus
from subgraphs.learning.queries.attempts import (
    CodingSubmissions,
    CodingSubmissionView,
    QuizAttempts,
    QuizAttemptView,
)
from subgraphs.learning.queries.progress import ProgressById, ProgressView
from subgraphs.learning.queries.reached import CompletedExercise, CompletedExercises, UnlockedLessons

if TYPE_CHECKING:
    from subgraphs.learning.api.people import User

strawberry.enum(ProgressStatus, description="Whether anything of the course is left to do.")


@strawberry.type(description="An exercise that a student has completed.")
class ExerciseProgress:
    score: int = strawberry.field(description="0 to 100")
    completed_at: datetime
    exercise_id: strawberry.Private[str]

    @strawberry.field
    async def exercise(self, info: Info) -> Exercise | None:
        return await info.context.load(self.exercise_id, load_exercises)

    @classmethod
    def of(cls, completed: CompletedExercise) -> Self:
        return cls(
            score=completed.score,
            completed_at=completed.completed_at,
            exercise_id=completed.exercise_id,
        )


@strawberry.federation.type(tags=["personal-data"], description="How far a student has come in a course.")
class StudentProgress:
    id: strawberry.ID
    status: ProgressStatus
    percent: int = strawberry.field(description="Completed lessons and exercises, 0 to 100, rounded down.")
    completed_exercise_count: int
    exercise_count: int
    completed_lesson_count: int
    lesson_count: int
    average_score: int | None = strawberry.field(description="0 to 100; null before the first exercise.")
    started_at: datetime
    last_activity_at: datetime
    student_id: strawberry.Private[str]
    course_id: strawberry.Private[str]

    @strawberry.field
    def student(self) -> Annotated["User", strawberry.lazy("subgraphs.learning.api.people")] | None:
        from subgraphs.learning.api.people import User

        return User(id=strawberry.ID(self.student_id))

    @strawberry.field
    async def course(self, info: Info) -> Course | None:
        return await info.context.load(self.course_id, load_courses)

    @strawberry.field(description="The exercises completed, in the order of completion.")
    async def exercises(self, info: Info) -> list[ExerciseProgress]:
        return await info.context.load(str(self.id), _load_completed)

    @strawberry.field(description="The lessons completed or unlocked beyond the first one, in their order.")
    async def unlocked_lessons(self, info: Info) -> list[Lesson]:
        ids = await info.context.load(str(self.id), _load_unlocked)
        found = await asyncio.gather(*(info.context.load(one, load_lessons) for one in ids))
        return [lesson for lesson in found if lesson is not None]

    @strawberry.federation.field(directives=[SIZED_BY_FIRST], description="The latest first.")
    async def quiz_attempts(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[QuizAttempt] | None:
        wanted = PartOf(str(self.id), slice_request(first, after))
        found = await info.context.load(wanted, _load_quiz_attempts)
        return Connection.of(found, QuizAttempt.of) if found else None

    @strawberry.federation.field(directives=[SIZED_BY_FIRST], description="The latest first.")
    async def coding_submissions(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[CodingSubmission] | None:
        wanted = PartOf(str(self.id), slice_request(first, after))
        found = await info.context.load(wanted, _load_coding_submissions)
        return Connection.of(found, CodingSubmission.of) if found else None

    @classmethod
    def of(cls, view: ProgressView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            status=view.status,
            percent=view.percent,
            completed_exercise_count=view.completed_exercise_count,
            exercise_count=view.exercise_count,
            completed_lesson_count=view.completed_lesson_count,
            lesson_count=view.lesson_count,
            average_score=view.average_score,
            started_at=view.started_at,
            last_activity_at=view.last_activity_at,
            student_id=view.student_id,
            course_id=view.course_id,
        )


async def load_progress(context: GraphQLContext, ids: list[str]) -> list[StudentProgress | None]:
    """Records of progress by id; None for those that do not exist or may not be seen."""
    found = await context.ask(ProgressById(tuple(ids)))
    return [StudentProgress.of(found[one]) if one in found else None for one in ids]


async def _load_quiz_attempts(
    context: GraphQLContext, keys: list[PartOf]
) -> list[Slice[QuizAttemptView] | None]:
    return await load_parts(keys, lambda ids, part: context.ask(QuizAttempts(ids, part)))


async def _load_coding_submissions(
    context: GraphQLContext, keys: list[PartOf]
) -> list[Slice[CodingSubmissionView] | None]:
    return await load_parts(keys, lambda ids, part: context.ask(CodingSubmissions(ids, part)))


async def _load_unlocked(context: GraphQLContext, progress_ids: list[str]) -> list[Sequence[str]]:
    found = await context.ask(UnlockedLessons(tuple(progress_ids)))
    return [found.get(one, ()) for one in progress_ids]


async def _load_completed(context: GraphQLContext, progress_ids: list[str]) -> list[list[ExerciseProgress]]:
    found = await context.ask(CompletedExercises(tuple(progress_ids)))
    return [[ExerciseProgress.of(one) for one in found.get(key, ())] for key in progress_ids]
