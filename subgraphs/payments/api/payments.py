"""Payments, and what has happened to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Self

import strawberry
from strawberry.federation.schema_directives import Key, ListSize
from strawberry.federation.types import FieldSet
from strawberry.scalars import JSON

from subgraphs.contracts.scopes import PAYMENTS_MANAGE
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.money import Money
from subgraphs.kernel.graphql.schema import Representation
from subgraphs.payments.api.disputes import Dispute, load_disputes_of
from subgraphs.payments.api.values import PaymentMethod, PaymentStatus
from subgraphs.payments.queries.payments import (
    PaymentEventView,
    PaymentHistories,
    PaymentsById,
    PaymentView,
)

if TYPE_CHECKING:
    from subgraphs.payments.api.invoices import Invoice
    from subgraphs.payments.api.people import User
    from subgraphs.payments.api.subscriptions import StudentSubscription

_ELSEWHERE = Key(fields=FieldSet("id"), resolvable=False)

FOR_BOOKKEEPERS = [[PAYMENTS_MANAGE]]
"""The scopes of those who look after the books."""

A_FEW = ListSize(assumed_size=5, slicing_arguments=None, sized_fields=None)
"""What a list costs that is short by its nature."""


@strawberry.federation.type(keys=[_ELSEWHERE])
class Course:
    id: strawberry.ID


@strawberry.federation.type(keys=[_ELSEWHERE])
class Class:
    id: strawberry.ID


@strawberry.type(description="Something that has happened to a payment, and on whose account.")
class PaymentEvent:
    id: strawberry.ID
    version: int = strawberry.field(description="Its place in the history of the payment, from 1.")
    name: str
    occurred_at: datetime
    actor_id: strawberry.ID | None = strawberry.field(
        description="A user's id, or `system`, for what follows from what the provider or a context has said."
    )
    correlation_id: str = strawberry.field(description="The same for all that one request has led to.")
    causation_id: str | None = strawberry.field(description="The message that led here directly.")
    data: JSON

    @classmethod
    def of(cls, view: PaymentEventView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            version=view.version,
            name=view.name,
            occurred_at=view.occurred_at,
            actor_id=None if view.actor is None else strawberry.ID(view.actor),
            correlation_id=view.correlation_id,
            causation_id=view.causation_id,
            data=_as_json(view.data),
        )


@strawberry.federation.type(
    keys=["id"],
    tags=["personal-data"],
    description="What a student pays, once. For the student and the staff.",
)
class Payment:
    id: strawberry.ID
    version: int = strawberry.field(description="How much has happened to it.")
    amount: Money = strawberry.federation.field(shareable=True)  # classes has it at hand, where it lists them
    method: PaymentMethod
    status: PaymentStatus
    refunded_amount: Money = strawberry.field(
        description="What has gone back so far. What is left pays for what it was paid for."
    )
    is_refund_under_way: bool = strawberry.field(description="Whether money is on its way back.")
    is_disputed: bool = strawberry.field(description="Whether the payer's bank asks for the money back.")
    failure_reason: str | None = strawberry.field(description="A stable code, such as CARD_DECLINED.")
    refund_reason: str | None
    refund_failure_reason: str | None = strawberry.field(
        description="Why the provider has not sent the money back that was last to go: a stable code, "
        "such as REFUND_DECLINED. The staff may try again."
    )
    created_at: datetime
    completed_at: datetime | None
    failed_at: datetime | None
    refunded_at: datetime | None
    view: strawberry.Private[PaymentView]

    @strawberry.field
    def student(self) -> Annotated["User", strawberry.lazy("subgraphs.payments.api.people")] | None:
        from subgraphs.payments.api.people import User

        return User(id=strawberry.ID(self.view.student_id))

    @strawberry.field(description="The tutor who is paid, if it is somebody's own lessons.")
    def tutor(self) -> Annotated["User", strawberry.lazy("subgraphs.payments.api.people")] | None:
        from subgraphs.payments.api.people import User

        return None if self.view.tutor_id is None else User(id=strawberry.ID(self.view.tutor_id))

    @strawberry.field(description="The course that is paid for, if it is one.")
    def course(self) -> Course | None:
        id_ = self.view.purpose.course_id
        return None if id_ is None else Course(id=strawberry.ID(id_))

    @strawberry.field(name="class", description="The class that is paid for, if it is one.")
    def paid_class(self) -> Class | None:
        id_ = self.view.purpose.class_id
        return None if id_ is None else Class(id=strawberry.ID(id_))

    @strawberry.field(description="The subscription that is paid for, if it is one.")
    async def subscription(
        self, info: Info
    ) -> Annotated["StudentSubscription", strawberry.lazy("subgraphs.payments.api.subscriptions")] | None:
        from subgraphs.payments.api.subscriptions import load_subscriptions

        id_ = self.view.purpose.subscription_id
        return None if id_ is None else await info.context.load(id_, load_subscriptions)

    @strawberry.field(description="Its bill or receipt, once there is one.")
    async def invoice(
        self, info: Info
    ) -> Annotated["Invoice", strawberry.lazy("subgraphs.payments.api.invoices")] | None:
        from subgraphs.payments.api.invoices import load_invoices_of

        return await info.context.load(str(self.id), load_invoices_of)

    @strawberry.federation.field(
        requires_scopes=FOR_BOOKKEEPERS, description="All that ever happened to it; for the staff."
    )
    async def history(self, info: Info) -> list[PaymentEvent] | None:
        return await info.context.load(str(self.id), load_histories)

    @strawberry.federation.field(
        requires_scopes=FOR_BOOKKEEPERS,
        directives=[A_FEW],
        description="What its payer's bank has asked for, the oldest first; for the staff.",
    )
    async def disputes(self, info: Info) -> list[Dispute] | None:
        return await info.context.load(str(self.id), load_disputes_of)

    @classmethod
    def of(cls, view: PaymentView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            version=view.version,
            amount=Money.of(view.amount),
            method=view.method,
            status=view.status,
            refunded_amount=Money.of(view.refunded_amount),
            is_refund_under_way=view.is_refund_under_way,
            is_disputed=view.is_disputed,
            failure_reason=view.failure_reason,
            refund_reason=view.refund_reason,
            refund_failure_reason=view.refund_failure_reason,
            created_at=view.created_at,
            completed_at=view.completed_at,
            failed_at=view.failed_at,
            refunded_at=view.refunded_at,
            view=view,
        )

    @classmethod
    async def resolve_references(
        cls, info: Info, keys: Sequence[Representation]
    ) -> "Sequence[Payment | None]":
        if info.context.actor is None:
            return [None] * len(keys)
        return await load_payments(info.context, [str(key.get("id")) for key in keys])


async def load_payments(context: GraphQLContext, ids: list[str]) -> list[Payment | None]:
    """Payments by id; None for those that do not exist or may not be seen."""
    found = await context.ask(PaymentsById(tuple(ids)))
    return [Payment.of(found[one]) if one in found else None for one in ids]


async def load_histories(context: GraphQLContext, payment_ids: list[str]) -> list[list[PaymentEvent] | None]:
    """All that ever happened to payments; None for what is none. QueryError for whoever may not know."""
    found = await context.ask(PaymentHistories(tuple(payment_ids)))
    return [list(map(PaymentEvent.of, found[one])) if one in found else None for one in payment_ids]


def _as_json(data: Any) -> Any:
    """Enums and instants as the texts that they are in JSON; an id without the name of its field."""
    match data:
        case {"value": str(id_), **rest} if not rest:
            return id_
        case dict():
            return {name: _as_json(value) for name, value in data.items()}
        case datetime():
            return data.isoformat()
        case _:
            return data
