"""Assignments, and where they are found: with courses and classes."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, Self

import strawberry

from subgraphs.assessment.domain.values import AssignmentStatus, SubmissionType
from subgraphs.assessment.queries.assignments import (
    AssignmentsById,
    AssignmentsOf,
    AssignmentView,
    Place,
)
from subgraphs.assessment.queries.submissions import (
    OwnSubmissions,
    SubmissionsOfAssignments,
    SubmissionView,
)
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import FORBIDDEN
from subgraphs.kernel.domain import Slice
from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.parts import PartOf, load_parts
from subgraphs.kernel.graphql.schema import Representation

if TYPE_CHECKING:
    from subgraphs.assessment.api.people import User
    from subgraphs.assessment.api.submissions import Submission

strawberry.enum(AssignmentStatus, description="Whether something may still be handed in.")
strawberry.enum(
    SubmissionType,
    description="A text or a program as they are, the address of something, or of an uploaded file.",
)

_WHO = "for those who take it, who teach it, and the staff"


@strawberry.federation.type(keys=["id"], description="Something to hand in.")
class Assignment:
    id: strawberry.ID
    title: str
    instructions: str
    submission_types: list[SubmissionType]
    max_points: int
    due_at: datetime | None
    takes_late: bool = strawberry.field(description="Whether it is taken after the due date.")
    takes_again: bool = strawberry.field(
        description="Whether it may be handed in again until it has a grade."
    )
    status: AssignmentStatus
    created_at: datetime
    updated_at: datetime
    view: strawberry.Private[AssignmentView]

    @strawberry.field(description="Null to those who may not see the draft of a course.")
    def course(self) -> "Course | None":
        return Course(id=strawberry.ID(self.view.course_id))

    @strawberry.field(description="Null when it is for everybody who takes the course.", name="class")
    def class_(self) -> "Class | None":
        return Class(id=strawberry.ID(self.view.class_id)) if self.view.class_id else None

    @strawberry.field
    def instructor(self) -> Annotated["User", strawberry.lazy("subgraphs.assessment.api.people")] | None:
        from subgraphs.assessment.api.people import User

        return User(id=strawberry.ID(self.view.instructor_id))

    @strawberry.federation.field(
        tags=["personal-data"], description="What you have handed in; null if it is nothing yet."
    )
    async def my_submission(
        self, info: Info
    ) -> Annotated["Submission", strawberry.lazy("subgraphs.assessment.api.submissions")] | None:
        return await info.context.load(str(self.id), _load_own)

    @strawberry.federation.field(
        tags=["personal-data"],
        directives=[SIZED_BY_FIRST],
        description="What was handed in, the latest first; for the instructor and the staff.",
    )
    async def submissions(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[Annotated["Submission", strawberry.lazy("subgraphs.assessment.api.submissions")]] | None:
        return await load_submissions_of(info, str(self.id), first, after)

    @classmethod
    def of(cls, view: AssignmentView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            title=view.title,
            instructions=view.instructions,
            submission_types=list(view.submission_types),
            max_points=view.max_points,
            due_at=view.due_at,
            takes_late=view.takes_late,
            takes_again=view.takes_again,
            status=view.status,
            created_at=view.created_at,
            updated_at=view.updated_at,
            view=view,
        )

    @classmethod
    async def resolve_references(
        cls, info: Info, keys: Sequence[Representation]
    ) -> "Sequence[Assignment | None]":
        if info.context.actor is None:
            return [None] * len(keys)
        return await load_assignments(info.context, [str(key.get("id")) for key in keys])


@strawberry.federation.type(keys=["id"])
class Course:
    id: strawberry.ID

    @strawberry.federation.field(
        authenticated=True,
        tags=["personal-data"],
        directives=[SIZED_BY_FIRST],
        description=f"Newest first; {_WHO}.",
    )
    async def assignments(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[Assignment] | None:
        return await load_assignments_of(info, Place.COURSE, str(self.id), first, after)

    @classmethod
    def resolve_references(cls, _info: Info, keys: Sequence[Representation]) -> "Sequence[Course]":
        """Whatever has an id may have assignments: learning alone knows what there is."""
        return [cls(id=strawberry.ID(str(key.get("id")))) for key in keys]


@strawberry.federation.type(keys=["id"])
class Class:
    id: strawberry.ID

    @strawberry.federation.field(
        authenticated=True,
        tags=["personal-data"],
        directives=[SIZED_BY_FIRST],
        description=f"Newest first; {_WHO}.",
    )
    async def assignments(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[Assignment] | None:
        return await load_assignments_of(info, Place.CLASS, str(self.id), first, after)

    @classmethod
    def resolve_references(cls, _info: Info, keys: Sequence[Representation]) -> "Sequence[Class]":
        """As of courses: classes alone knows what there is."""
        return [cls(id=strawberry.ID(str(key.get("id")))) for key in keys]


async def load_assignments(context: GraphQLContext, ids: list[str]) -> list[Assignment | None]:
    """Assignments by id; None for those that do not exist or may not be seen."""
    found = await context.ask(AssignmentsById(tuple(ids)))
    return [Assignment.of(found[one]) if one in found else None for one in ids]


async def load_assignments_of(
    info: Info, place: Place, id_: str, first: int, after: str | None
) -> Connection[Assignment]:
    """A part of the assignments of a course or a class, as far as the asker may see them."""
    found = await info.context.load(PartOf(id_, slice_request(first, after)), _LOADERS[place])
    return assignment_connection(found)


def assignment_connection(found: Slice[AssignmentView] | None) -> Connection[Assignment]:
    """A part of a list; there is nothing in that of what does not exist."""
    return Connection.of(found or Slice((), has_more=False, has_previous=False), Assignment.of)


async def load_submissions_of(
    info: Info, assignment_id: str, first: int, after: str | None
) -> "Connection[Submission]":
    """A part of what was handed in for an assignment. QueryError with FORBIDDEN to those who do not see to
    it."""
    from subgraphs.assessment.api.submissions import Submission

    found = await info.context.load(PartOf(assignment_id, slice_request(first, after)), _load_handed_in)
    if found is None:
        raise QueryError(FORBIDDEN)
    return Connection.of(found, Submission.of)


def _loader(
    place: Place,
) -> Callable[[GraphQLContext, list[PartOf]], Awaitable[list[Slice[AssignmentView] | None]]]:
    async def load(context: GraphQLContext, keys: list[PartOf]) -> list[Slice[AssignmentView] | None]:
        return await load_parts(keys, lambda ids, part: context.ask(AssignmentsOf(place, ids, part)))

    return load


_LOADERS: Final = {place: _loader(place) for place in Place}


async def _load_handed_in(context: GraphQLContext, keys: list[PartOf]) -> list[Slice[SubmissionView] | None]:
    return await load_parts(keys, lambda ids, part: context.ask(SubmissionsOfAssignments(ids, part)))


async def _load_own(context: GraphQLContext, assignment_ids: list[str]) -> "list[Submission | None]":
    from subgraphs.assessment.api.submissions import Submission

    found = await context.ask(OwnSubmissions(tuple(assignment_ids)))
    return [Submission.of(found[one]) if one in found else None for one in assignment_ids]
