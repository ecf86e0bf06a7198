"""What can be asked of assessment."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: id

import strawberry

from subgraphs.assessment.api.assignments import (
    Assignment,
    assignment_connection,
    load_assignments,
    load_assignments_of,
    load_submissions_of,
)
from subgraphs.assessment.api.submissions import Submission, load_submissions
from subgraphs.assessment.queries.assignments import AssignmentsOf, Place
from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import Info


@strawberry.type
class Query:
    @strawberry.federation.field(
        authenticated=True, description="One assignment; null if there is none that is your business."
    )
    async def assignment(self, info: Info, id: strawberry.ID) -> Assignment | None:
        return await info.context.load(str(id), load_assignments)

    @strawberry.federation.field(
        authenticated=True,
        directives=[SIZED_BY_FIRST],
        description="The assignments of a course, or of one class of it, as far as they are your "
        "business; newest "
        "first.",
    )
    async def assignments(
        self,
        info: Info,
        course_id: strawberry.ID,
        class_id: strawberry.ID | None = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Assignment] | None:
        if class_id is None:
            return await load_assignments_of(info, Place.COURSE, str(course_id), first, after)
        wanted = AssignmentsOf(Place.CLASS, (str(class_id),), slice_request(first, after), str(course_id))
        return assignment_connection((await info.context.ask(wanted)).get(str(class_id)))

    @strawberry.federation.field(
        tags=["personal-data"],
        authenticated=True,
        description="One submission; null if there is none that is your business.",
    )
    async def submission(self, info: Info, id: strawberry.ID) -> Submission | None:
        return await info.context.load(str(id), load_submissions)

    @strawberry.federation.field(
        tags=["personal-data"],
        authenticated=True,
        directives=[SIZED_BY_FIRST],
        description="What was handed in for an assignment, the latest first; for the instructor and "
        "the staff.",
    )
    async def submissions(
        self, info: Info, assignment_id: strawberry.ID, first: First = 20, after: After = None
    ) -> Connection[Submission] | None:
        return await load_submissions_of(info, str(assignment_id), first, after)
