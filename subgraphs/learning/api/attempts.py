"""What students hand in."""

from datetime import datetime
from typing import Self

import strawberry

from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.learning.api.content import Exercise, load_exercises
from subgraphs.learning.domain.coding import Verdict
from subgraphs.learning.queries.attempts import (
    CodingSubmissionsById,
    CodingSubmissionView,
    QuizAttemptsById,
    QuizAttemptView,
)

strawberry.enum(Verdict, name="CodingTestVerdict", description="What became of one test of a program.")


@strawberry.federation.type(tags=["personal-data"], description="Answers to a quiz.")
class QuizAttempt:
    id: strawberry.ID
    attempt: int = strawberry.field(description="Counted from 1.")
    score: int = strawberry.field(description="0 to 100")
    is_passed: bool
    submitted_at: datetime
    exercise_id: strawberry.Private[str]

    @strawberry.field
    async def exercise(self, info: Info) -> Exercise | None:
        return await info.context.load(self.exercise_id, load_exercises)

    @classmethod
    def of(cls, view: QuizAttemptView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            attempt=view.attempt,
            score=view.score,
            is_passed=view.is_passed,
            submitted_at=view.submitted_at,
            exercise_id=view.exercise_id,
        )


@strawberry.federation.type(tags=["personal-data"], description="A program that was handed in.")
class CodingSubmission:
    id: strawberry.ID
    attempt: int = strawberry.field(description="Counted from 1.")
    score: int = strawberry.field(description="0 to 100: how many of the tests are passed.")
    is_passed: bool
    submitted_at: datetime
    source: str
    verdicts: list[Verdict] = strawberry.field(description="On each test, in their order.")
    exercise_id: strawberry.Private[str]

    @strawberry.field
    async def exercise(self, info: Info) -> Exercise | None:
        return await info.context.load(self.exercise_id, load_exercises)

    @classmethod
    def of(cls, view: CodingSubmissionView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            attempt=view.attempt,
            score=view.score,
            is_passed=view.is_passed,
            submitted_at=view.submitted_at,
            source=view.source,
            verdicts=list(view.verdicts),
            exercise_id=view.exercise_id,
        )


async def load_quiz_attempts(context: GraphQLContext, ids: list[str]) -> list[QuizAttempt | None]:
    """Attempts by id; None for those that do not exist or may not be seen."""
    found = await context.ask(QuizAttemptsById(tuple(ids)))
    return [QuizAttempt.of(found[one]) if one in found else None for one in ids]


async def load_coding_submissions(context: GraphQLContext, ids: list[str]) -> list[CodingSubmission | None]:
    """Programs by id; None for those that do not exist or may not be seen."""
    found = await context.ask(CodingSubmissionsById(tuple(ids)))
    return [CodingSubmission.of(found[one]) if one in found else None for one in ids]
