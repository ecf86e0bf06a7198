"""What was handed in, and what was said about it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from subgraphs.assessment.api.assignments import Assignment, load_assignments
from subgraphs.assessment.domain import values
from subgraphs.assessment.domain.values import SubmissionType
from subgraphs.assessment.queries.submissions import (
    FeedbackOfSubmissions,
    FeedbackView,
    SubmissionsById,
    SubmissionView,
)
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.schema import Representation

if TYPE_CHECKING:
    from subgraphs.assessment.api.people import User


@strawberry.federation.type(tags=["personal-data"], description="What a submission is worth.")
class Grade:
    points: int
    max_points: int
    percent: int = strawberry.field(description="Rounded down.")
    graded_at: datetime
    grader_id: strawberry.Private[str]

    @strawberry.field
    def graded_by(self) -> Annotated["User", strawberry.lazy("subgraphs.assessment.api.people")] | None:
        from subgraphs.assessment.api.people import User

        return User(id=strawberry.ID(self.grader_id))

    @classmethod
    def of(cls, grade: values.Grade, *, by: str, at: datetime) -> Self:
        return cls(
            points=grade.points,
            max_points=grade.max_points,
            percent=grade.percent,
            graded_at=at,
            grader_id=by,
        )


@strawberry.federation.type(tags=["personal-data"], description="What was said about a submission.")
class Feedback:
    id: strawberry.ID
    text: str
    given_at: datetime
    giver_id: strawberry.Private[str]

    @strawberry.field
    def given_by(self) -> Annotated["User", strawberry.lazy("subgraphs.assessment.api.people")] | None:
        from subgraphs.assessment.api.people import User

        return User(id=strawberry.ID(self.giver_id))

    @classmethod
    def of(cls, view: FeedbackView) -> Self:
        return cls(id=strawberry.ID(view.id), text=view.text, given_at=view.given_at, giver_id=view.given_by)


@strawberry.federation.type(keys=["id"], tags=["personal-data"], description="What a student has handed in.")
class Submission:
    id: strawberry.ID
    type: SubmissionType
    content: str = strawberry.field(description="The text or the program, or the address of what is meant.")
    attempt: int = strawberry.field(description="How often it was handed in.")
    is_late: bool
    submitted_at: datetime
    grade: Grade | None
    view: strawberry.Private[SubmissionView]

    @strawberry.field
    async def assignment(self, info: Info) -> Assignment | None:
        return await info.context.load(self.view.assignment_id, load_assignments)

    @strawberry.field
    def student(self) -> Annotated["User", strawberry.lazy("subgraphs.assessment.api.people")] | None:
        from subgraphs.assessment.api.people import User

        return User(id=strawberry.ID(self.view.student_id))

    @strawberry.field(description="In the order in which it was said.")
    async def feedback(self, info: Info) -> list[Feedback]:
        return await info.context.load(str(self.id), _load_feedback)

    @classmethod
    def of(cls, view: SubmissionView) -> Self:
        grade = None
        if view.grade is not None and view.graded_by is not None and view.graded_at is not None:
            grade = Grade.of(view.grade, by=view.graded_by, at=view.graded_at)
        return cls(
            id=strawberry.ID(view.id),
            type=view.type,
            content=view.content,
            attempt=view.attempt,
            is_late=view.is_late,
            submitted_at=view.submitted_at,
            grade=grade,
            view=view,
        )

    @classmethod
    async def resolve_references(
        cls, info: Info, keys: Sequence[Representation]
    ) -> "Sequence[Submission | None]":
        if info.context.actor is None:
            return [None] * len(keys)
        return await load_submissions(info.context, [str(key.get("id")) for key in keys])


async def load_submissions(context: GraphQLContext, ids: list[str]) -> list[Submission | None]:
    """Submissions by id; None for those that do not exist or may not be seen."""
    found = await context.ask(SubmissionsById(tuple(ids)))
    return [Submission.of(found[one]) if one in found else None for one in ids]


async def _load_feedback(context: GraphQLContext, submission_ids: list[str]) -> list[list[Feedback]]:
    found = await context.ask(FeedbackOfSubmissions(tuple(submission_ids)))
    return [[Feedback.of(view) for view in found.get(one, ())] for one in submission_ids]
