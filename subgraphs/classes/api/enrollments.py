"""Students in classes, and how they stand."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry
from strawberry.federation.schema_directives import Key, ListSize
from strawberry.federation.types import FieldSet

from subgraphs.classes.access import is_staff
from subgraphs.classes.api.values import AttendanceStatus, CreditEntryKind, EnrollmentStatus
from subgraphs.classes.domain.payment_due import is_paid
from subgraphs.classes.queries.enrollments import (
    AttendanceOf,
    AttendanceView,
    CreditEntryView,
    CreditLedgers,
    EnrollmentsById,
    EnrollmentView,
)
from subgraphs.classes.queries.payments import ClassPaymentView, PaymentsOfEnrollments
from subgraphs.contracts.payments import PaymentStatus
from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import FORBIDDEN
from subgraphs.kernel.domain import Slice
from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.money import Money
from subgraphs.kernel.graphql.parts import PartOf, load_parts
from subgraphs.kernel.graphql.schema import Representation

if TYPE_CHECKING:
    from subgraphs.classes.api.classes import Class
    from subgraphs.classes.api.people import User


_PAYERS = "for the student and the staff"
_EMPTY: Slice[CreditEntryView] = Slice((), has_more=False, has_previous=False)

_ELSEWHERE = Key(fields=FieldSet("id"), resolvable=False)  # payments knows all about them

SIZED_BY_PAYMENTS = ListSize(
    assumed_size=3, slicing_arguments=None, sized_fields=None, require_one_slicing_argument=False
)
"""What a list costs that hardly ever has more than one entry."""


@strawberry.federation.type(keys=[_ELSEWHERE])
class Payment:
    """Its amount, which never changes, is known here; what has become of it, payments knows."""

    id: strawberry.ID
    amount: Money = strawberry.federation.field(external=True)


@strawberry.type(description="Whether a student was at a meeting.")
class Attendance:
    meeting: int = strawberry.field(description="Meetings count from 1.")
    status: AttendanceStatus
    held_at: datetime
    marked_at: datetime
    marked_by_id: strawberry.Private[str]

    @strawberry.field
    def marked_by(self) -> Annotated["User", strawberry.lazy("subgraphs.classes.api.people")] | None:
        from subgraphs.classes.api.people import User

        return User(id=strawberry.ID(self.marked_by_id))

    @classmethod
    def of(cls, view: AttendanceView) -> Self:
        return cls(
            meeting=view.meeting,
            status=view.status,
            held_at=view.held_at,
            marked_at=view.marked_at,
            marked_by_id=view.marked_by,
        )


@strawberry.type(description="A line of the credit ledger, which is never changed.")
class CreditEntry:
    number: int = strawberry.field(description="Lines count from 1.")
    kind: CreditEntryKind
    delta: int
    balance: int = strawberry.field(description="The meetings left after that.")
    meeting: int | None = strawberry.field(description="The meeting that was used up, if one was.")
    reason: str | None
    entered_at: datetime
    entered_by_id: strawberry.ID = strawberry.field(description="A user's id, or `system`.")

    @classmethod
    def of(cls, view: CreditEntryView) -> Self:
        return cls(
            number=view.number,
            kind=CreditEntryKind(view.kind),
            delta=view.delta,
            balance=view.balance,
            meeting=view.meeting,
            reason=view.reason,
            entered_at=view.entered_at,
            entered_by_id=strawberry.ID(view.entered_by),
        )


@strawberry.federation.type(
    keys=["id"],
    tags=["personal-data"],
    description="A student in a class; for the student, the instructor and the staff.",
)
class ClassEnrollment:
    id: strawberry.ID
    enrolled_at: datetime
    status: EnrollmentStatus
    credit_balance: int = strawberry.field(description="The meetings that the student has left.")
    present_count: int
    late_count: int
    absent_count: int
    view: strawberry.Private[EnrollmentView]

    @strawberry.field
    def student(self) -> Annotated["User", strawberry.lazy("subgraphs.classes.api.people")] | None:
        from subgraphs.classes.api.people import User

        return User(id=strawberry.ID(self.view.student_id))

    @strawberry.field(name="class")
    async def enrolled_in(
        self, info: Info
    ) -> Annotated["Class", strawberry.lazy("subgraphs.classes.api.classes")] | None:
        from subgraphs.classes.api.classes import load_classes

        return await info.context.load(self.view.class_id, load_classes)

    @strawberry.field(description=f"What the package costs; {_PAYERS}.")
    def payment_amount(self, info: Info) -> Money | None:
        self._check_may_see_payments(info)
        return Money.of(self.view.payment_amount)

    @strawberry.field(description=f"Whether all of that is here; {_PAYERS}.")
    async def is_paid(self, info: Info) -> bool | None:
        self._check_may_see_payments(info)
        found = await info.context.load(str(self.id), _load_payments)
        return is_paid(
            self.view.payment_amount,
            (one.amount for one in found if one.status is PaymentStatus.COMPLETED),
        )

    @strawberry.federation.field(
        directives=[SIZED_BY_PAYMENTS],
        provides=["amount { amountMinor currency }"],
        description=f"What the student has paid for the class or is to pay, the oldest first; {_PAYERS}.",
    )
    async def payments(self, info: Info) -> list[Payment | None] | None:
        self._check_may_see_payments(info)
        found = await info.context.load(str(self.id), _load_payments)
        return [Payment(id=strawberry.ID(one.id), amount=Money.of(one.amount)) for one in found]

    @strawberry.field(description="The meetings that are marked, in order.")
    async def attendance(self, info: Info) -> list[Attendance]:
        return await info.context.load(str(self.id), _load_attendance)

    @strawberry.federation.field(
        directives=[SIZED_BY_FIRST],
        description="How the balance came about: the audit trail, the newest first.",
    )
    async def credit_ledger(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[CreditEntry]:
        wanted = PartOf(str(self.id), slice_request(first, after))
        found = await info.context.load(wanted, _load_ledgers)
        return Connection.of(found or _EMPTY, CreditEntry.of)

    def _check_may_see_payments(self, info: Info) -> None:
        """QueryError to others, the instructor among them."""
        actor = info.context.actor
        if not is_staff(actor) and (actor is None or actor.id != self.view.student_id):
            raise QueryError(FORBIDDEN)

    @classmethod
    def of(cls, view: EnrollmentView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            enrolled_at=view.enrolled_at,
            status=view.status,
            credit_balance=view.credit,
            present_count=view.present_count,
            late_count=view.late_count,
            absent_count=view.absent_count,
            view=view,
        )

    @classmethod
    async def resolve_references(
        cls, info: Info, keys: Sequence[Representation]
    ) -> "Sequence[ClassEnrollment | None]":
        if info.context.actor is None:
            return [None] * len(keys)
        return await load_enrollments(info.context, [str(key.get("id")) for key in keys])


async def load_enrollments(context: GraphQLContext, ids: list[str]) -> list[ClassEnrollment | None]:
    """Enrolments by id; None for those that do not exist or may not be seen."""
    found = await context.ask(EnrollmentsById(tuple(ids)))
    return [ClassEnrollment.of(found[one]) if one in found else None for one in ids]


async def _load_ledgers(context: GraphQLContext, keys: list[PartOf]) -> list[Slice[CreditEntryView] | None]:
    return await load_parts(keys, lambda ids, part: context.ask(CreditLedgers(ids, part)))


async def _load_payments(context: GraphQLContext, ids: list[str]) -> list[tuple[ClassPaymentView, ...]]:
    found = await context.ask(PaymentsOfEnrollments(tuple(ids)))
    return [found.get(one, ()) for one in ids]


async def _load_attendance(context: GraphQLContext, ids: list[str]) -> list[list[Attendance]]:
    found = await context.ask(AttendanceOf(tuple(ids)))
    return [[Attendance.of(view) for view in found.get(one, ())] for one in ids]
