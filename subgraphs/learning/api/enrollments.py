"""Enrolments, and the requests that lead to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import FORBIDDEN
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.money import Money
from subgraphs.kernel.graphql.schema import Representation
from subgraphs.learning.access import may_see_payment
from subgraphs.learning.api.courses import Course, load_courses
from subgraphs.learning.domain.values import EnrollmentRequestStatus, EnrollmentStatus
from subgraphs.learning.queries.enrollments import (
    EnrollmentRequestsById,
    EnrollmentRequestView,
    EnrollmentsById,
    EnrollmentView,
)

if TYPE_CHECKING:
    from subgraphs.learning.api.people import User

strawberry.enum(EnrollmentStatus, description="Whether a student takes the course.")
strawberry.enum(EnrollmentRequestStatus, description="What has become of the wish to take a course.")

_ELSEWHERE = Key(fields=FieldSet("id"), resolvable=False)  # payments knows all about them


@strawberry.federation.type(keys=[_ELSEWHERE])
class Payment:
    id: strawberry.ID


@strawberry.federation.type(keys=["id"], tags=["personal-data"], description="A student in a course.")
class Enrollment:
    id: strawberry.ID
    status: EnrollmentStatus
    enrolled_at: datetime
    cancelled_at: datetime | None
    cancel_reason: str | None
    view: strawberry.Private[EnrollmentView]

    @strawberry.field
    async def course(self, info: Info) -> Course | None:
        return await info.context.load(self.view.course_id, load_courses)

    @strawberry.field
    def student(self) -> Annotated["User", strawberry.lazy("subgraphs.learning.api.people")] | None:
        from subgraphs.learning.api.people import User

        return User(id=strawberry.ID(self.view.student_id))

    @strawberry.field(
        description="What it was paid by; null when there was nothing to pay. For the student and the staff."
    )
    def payment(self, info: Info) -> Payment | None:
        if not may_see_payment(info.context.actor, student_id=self.view.student_id):
            raise QueryError(FORBIDDEN)
        return Payment(id=strawberry.ID(self.view.payment_id)) if self.view.payment_id else None

    @classmethod
    def of(cls, view: EnrollmentView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            status=view.status,
            enrolled_at=view.enrolled_at,
            cancelled_at=view.cancelled_at,
            cancel_reason=view.cancel_reason,
            view=view,
        )

    @classmethod
    async def resolve_references(
        cls, info: Info, keys: Sequence[Representation]
    ) -> "Sequence[Enrollment | None]":
        if info.context.actor is None:
            return [None] * len(keys)
        return await load_enrollments(info.context, [str(key.get("id")) for key in keys])


@strawberry.federation.type(
    tags=["personal-data"],
    description="The wish to take a course: it is PENDING until the payment is made and the student "
    "enrolled.",
)
class EnrollmentRequest:
    id: strawberry.ID
    status: EnrollmentRequestStatus
    price: Money = strawberry.field(description="What the course cost when it was asked for.")
    reason: str | None = strawberry.field(description="Why it has failed: a stable code.")
    requested_at: datetime
    ended_at: datetime | None
    view: strawberry.Private[EnrollmentRequestView]

    @strawberry.field
    async def course(self, info: Info) -> Course | None:
        return await info.context.load(self.view.course_id, load_courses)

    @strawberry.field
    def student(self) -> Annotated["User", strawberry.lazy("subgraphs.learning.api.people")] | None:
        from subgraphs.learning.api.people import User

        return User(id=strawberry.ID(self.view.student_id))

    @strawberry.field(description="Null while it is PENDING, and when there is nothing to pay.")
    def payment(self) -> Payment | None:
        if self.status is EnrollmentRequestStatus.PENDING:  # payments may not have heard of it yet
            return None
        return Payment(id=self.id) if self.view.price.amount_minor else None

    @classmethod
    def of(cls, view: EnrollmentRequestView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            status=view.status,
            price=Money.of(view.price),
            reason=view.reason,
            requested_at=view.requested_at,
            ended_at=view.ended_at,
            view=view,
        )


async def load_enrollments(context: GraphQLContext, ids: list[str]) -> list[Enrollment | None]:
    """Enrolments by id; None for those that do not exist or may not be seen."""
    found = await context.ask(EnrollmentsById(tuple(ids)))
    return [Enrollment.of(found[one]) if one in found else None for one in ids]


async def load_enrollment_requests(context: GraphQLContext, ids: list[str]) -> list[EnrollmentRequest | None]:
    """Requests by id; None for those that do not exist or are somebody else's."""
    found = await context.ask(EnrollmentRequestsById(tuple(ids)))
    return [EnrollmentRequest.of(found[one]) if one in found else None for one in ids]
