"""What payers' banks ask for, as the staff sees it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from subgraphs.kernel.graphql.connections import Connection, slice_request
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.money import Money
from subgraphs.kernel.graphql.versions import parse_min_version
from subgraphs.payments.api.values import DisputeStatus
from subgraphs.payments.queries.disputes import Disputes, DisputesOfPayments, DisputeView

if TYPE_CHECKING:
    from subgraphs.payments.api.payments import Payment


@strawberry.federation.type(
    tags=["personal-data"], description="A payer's bank that asks for money back: a chargeback."
)
class Dispute:
    id: strawberry.ID = strawberry.field(description="What the payment provider calls it.")
    amount: Money
    reason: str = strawberry.field(description="What the payer says, as a code, such as FRAUDULENT.")
    status: DisputeStatus
    opened_at: datetime
    respond_by: datetime | None = strawberry.field(
        description="Until when the bank waits for an answer, which is given at the payment provider."
    )
    closed_at: datetime | None
    payment_id: strawberry.Private[str]

    @strawberry.field
    async def payment(
        self, info: Info
    ) -> Annotated["Payment", strawberry.lazy("subgraphs.payments.api.payments")] | None:
        from subgraphs.payments.api.payments import load_payments

        return await info.context.load(self.payment_id, load_payments)

    @classmethod
    def of(cls, view: DisputeView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            amount=Money.of(view.amount),
            reason=view.reason,
            status=view.status,
            opened_at=view.opened_at,
            respond_by=view.respond_by,
            closed_at=view.closed_at,
            payment_id=view.payment_id,
        )


async def load_dispute_list(
    info: Info, status: DisputeStatus | None, first: int, after: str | None, min_version: str | None
) -> Connection[Dispute]:
    """A part of all disputes; QueryError for whoever may not know."""
    query = Disputes(slice_request(first, after), status)
    answer = await info.context.ask_including(query, parse_min_version(min_version))
    return Connection.of(answer.value, Dispute.of)


async def load_disputes_of(context: GraphQLContext, payment_ids: list[str]) -> list[list[Dispute]]:
    """The disputes about payments; QueryError for whoever may not know."""
    found = await context.ask(DisputesOfPayments(tuple(payment_ids)))
    return [[Dispute.of(view) for view in found.get(one, ())] for one in payment_ids]
