"""Users, as far as they hand in."""

from collections.abc import Sequence

import strawberry

from subgraphs.assessment.api.submissions import Submission
from subgraphs.assessment.queries.submissions import SubmissionsOfStudents, SubmissionView
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import FORBIDDEN
from subgraphs.kernel.domain import Slice
from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.parts import PartOf, load_parts
from subgraphs.kernel.graphql.schema import Representation


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.federation.field(
        tags=["personal-data"],
        authenticated=True,
        directives=[SIZED_BY_FIRST],
        description="What a student has handed in, the latest first; for the student, the staff, and "
        "tutors as far "
        "as it is for them.",
    )
    async def submissions(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[Submission] | None:
        found = await info.context.load(PartOf(str(self.id), slice_request(first, after)), _load_handed_in)
        if found is None:
            raise QueryError(FORBIDDEN)
        return Connection.of(found, Submission.of)

    @classmethod
    def resolve_references(cls, _info: Info, keys: Sequence[Representation]) -> "Sequence[User]":
        """Whoever has an id may have handed something in: identity alone knows who exists."""
        return [cls(id=strawberry.ID(str(key.get("id")))) for key in keys]


async def _load_handed_in(context: GraphQLContext, keys: list[PartOf]) -> list[Slice[SubmissionView] | None]:
    return await load_parts(keys, lambda ids, part: context.ask(SubmissionsOfStudents(ids, part)))
