"""What can be asked of payments."""

# ruff: noqa: A002 -- an argument is named as in GraphQL: id

from datetime import datetime
from typing import Self

import strawberry

from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import UNAUTHENTICATED
from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First
from subgraphs.kernel.graphql.context import Info
from subgraphs.kernel.graphql.money import Money
from subgraphs.kernel.graphql.versions import MinVersion
from subgraphs.payments.access import is_staff
from subgraphs.payments.api.disputes import Dispute, load_dispute_list
from subgraphs.payments.api.invoices import CreditNote, Invoice, load_credit_notes, load_invoices
from subgraphs.payments.api.payments import (
    FOR_BOOKKEEPERS,
    Payment,
    PaymentEvent,
    load_histories,
    load_payments,
)
from subgraphs.payments.api.people import load_credit_note_list, load_invoice_list, load_payment_list
from subgraphs.payments.api.subscriptions import SubscriptionPlan
from subgraphs.payments.api.values import DisputeStatus, PaymentStatus, Plan
from subgraphs.payments.domain.errors import PAYMENT_NOT_FOUND
from subgraphs.payments.queries.payments import PaymentAsOf, PaymentView


@strawberry.type(description="A payment as it was at an instant.")
class PaymentState:
    version: int = strawberry.field(description="How much had happened to it.")
    status: PaymentStatus
    amount: Money
    refunded_amount: Money
    is_refund_under_way: bool
    is_disputed: bool
    completed_at: datetime | None
    failed_at: datetime | None
    refunded_at: datetime | None

    @classmethod
    def of(cls, view: PaymentView) -> Self:
        return cls(
            version=view.version,
            status=view.status,
            amount=Money.of(view.amount),
            refunded_amount=Money.of(view.refunded_amount),
            is_refund_under_way=view.is_refund_under_way,
            is_disputed=view.is_disputed,
            completed_at=view.completed_at,
            failed_at=view.failed_at,
            refunded_at=view.refunded_at,
        )


@strawberry.type(description="Whether something is paid.")
class PaymentVerification:
    is_paid: bool
    payment: Payment


@strawberry.type
class Query:
    @strawberry.federation.field(
        authenticated=True,
        tags=["personal-data"],
        description="One payment, as it is now; null if there is none, or it is not yours.",
    )
    async def payment(self, info: Info, id: strawberry.ID) -> Payment | None:
        return await _load(info, id)

    @strawberry.federation.field(
        authenticated=True,
        tags=["personal-data"],
        directives=[SIZED_BY_FIRST],
        description="The payments of a student (you, if nobody is named; all, if the staff names nobody), "
        "the newest first.",
    )
    async def payments(
        self,
        info: Info,
        student_id: strawberry.ID | None = None,
        status: PaymentStatus | None = None,
        first: First = 20,
        after: After = None,
        min_version: MinVersion = None,
    ) -> Connection[Payment] | None:
        return await load_payment_list(info, _whose(info, student_id), status, first, after, min_version)

    @strawberry.federation.field(
        authenticated=True,
        description="How far a payment has come; null if there is none, or it is not yours.",
    )
    async def payment_status(self, info: Info, payment_id: strawberry.ID) -> PaymentStatus | None:
        found = await _load(info, payment_id)
        return found.status if found else None

    @strawberry.federation.field(
        authenticated=True,
        tags=["personal-data"],
        description="Whether a payment is paid; null if there is none, or it is not yours.",
    )
    async def verify_payment(self, info: Info, payment_id: strawberry.ID) -> PaymentVerification | None:
        found = await _load(info, payment_id)
        return PaymentVerification(is_paid=found.view.is_paid, payment=found) if found else None

    @strawberry.federation.field(
        authenticated=True,
        tags=["personal-data"],
        description="A payment as it was at an instant; null before its beginning.",
    )
    async def payment_as_of(self, info: Info, payment_id: strawberry.ID, at: datetime) -> PaymentState | None:
        view = await info.context.ask(PaymentAsOf(str(payment_id), at))
        return PaymentState.of(view) if view else None

    @strawberry.federation.field(
        requires_scopes=FOR_BOOKKEEPERS,
        tags=["personal-data"],
        description="All that ever happened to a payment; for the staff.",
    )
    async def payment_history(self, info: Info, payment_id: strawberry.ID) -> list[PaymentEvent] | None:
        history = await info.context.load(str(payment_id), load_histories)
        if history is None:
            raise QueryError(PAYMENT_NOT_FOUND)
        return history

    @strawberry.federation.field(authenticated=True, tags=["personal-data"])
    async def invoice(self, info: Info, id: strawberry.ID) -> Invoice | None:
        if info.context.actor is None:
            raise QueryError(UNAUTHENTICATED)
        return await info.context.load(str(id), load_invoices)

    @strawberry.federation.field(
        authenticated=True,
        tags=["personal-data"],
        directives=[SIZED_BY_FIRST],
        description="The invoices of a student (you, if nobody is named; all, if the staff names nobody), "
        "the newest first.",
    )
    async def invoices(
        self,
        info: Info,
        student_id: strawberry.ID | None = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Invoice] | None:
        return await load_invoice_list(info, _whose(info, student_id), first, after)

    @strawberry.federation.field(authenticated=True, tags=["personal-data"])
    async def credit_note(self, info: Info, id: strawberry.ID) -> CreditNote | None:
        if info.context.actor is None:
            raise QueryError(UNAUTHENTICATED)
        return await info.context.load(str(id), load_credit_notes)

    @strawberry.federation.field(
        authenticated=True,
        tags=["personal-data"],
        directives=[SIZED_BY_FIRST],
        description="The credit notes of a student (you, if nobody is named; all, if the staff names "
        "nobody), the newest first.",
    )
    async def credit_notes(
        self,
        info: Info,
        student_id: strawberry.ID | None = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[CreditNote] | None:
        return await load_credit_note_list(info, _whose(info, student_id), first, after)

    @strawberry.federation.field(
        requires_scopes=FOR_BOOKKEEPERS,
        tags=["personal-data"],
        directives=[SIZED_BY_FIRST],
        description="What payers' banks ask for, the newest first; for the staff.",
    )
    async def disputes(
        self,
        info: Info,
        status: DisputeStatus | None = None,
        first: First = 20,
        after: After = None,
        min_version: MinVersion = None,
    ) -> Connection[Dispute] | None:
        return await load_dispute_list(info, status, first, after, min_version)

    @strawberry.federation.field(tags=["public"], description="What one may subscribe to.")
    def subscription_plans(self) -> list[SubscriptionPlan]:
        return [SubscriptionPlan.of(plan) for plan in Plan]


async def _load(info: Info, payment_id: strawberry.ID) -> Payment | None:
    return await info.context.load(str(payment_id), load_payments)


def _whose(info: Info, student_id: strawberry.ID | None) -> str | None:
    """Whose list: those who may see all see all, if they name nobody."""
    actor = info.context.actor
    if actor is None:
        raise QueryError(UNAUTHENTICATED)
    if student_id is not None:
        return str(student_id)
    return None if is_staff(actor) else actor.id
