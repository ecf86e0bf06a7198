"""Users, as far as they pay."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.schema import Representation
from subgraphs.kernel.graphql.versions import MinVersion, parse_min_version
from subgraphs.payments.api.payments import Invoice, Payment
from subgraphs.payments.api.subscriptions import StudentSubscription
from subgraphs.payments.api.values import PaymentStatus
from subgraphs.payments.queries.invoices import Invoices
from subgraphs.payments.queries.payments import Payments
from subgraphs.payments.queries.subscriptions import CardsOfStudents, SubscriptionsOfStudents


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.federation.field(
        authenticated=True,
        tags=["personal-data"],
        directives=[SIZED_BY_FIRST],
        description="What they pay and have paid, the newest first; for themselves and the staff.",
    )
    async def payments(
        self,
        info: Info,
        status: PaymentStatus | None = None,
        first: First = 20,
        after: After = None,
        min_version: MinVersion = None,
    ) -> Connection[Payment] | None:
        return await load_payment_list(info, str(self.id), status, first, after, min_version)

    @strawberry.federation.field(
        authenticated=True,
        tags=["personal-data"],
        directives=[SIZED_BY_FIRST],
        description="Their bills and receipts, the newest first; for themselves and the staff.",
    )
    async def invoices(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[Invoice] | None:
        return await load_invoice_list(info, str(self.id), first, after)

    @strawberry.federation.field(
        authenticated=True,
        tags=["personal-data"],
        description="Their latest subscription, for themselves and the staff.",
    )
    async def subscription(self, info: Info) -> StudentSubscription | None:
        if info.context.actor is None:
            return None
        return await info.context.load(str(self.id), _load_subscriptions_of)

    @strawberry.federation.field(
        authenticated=True,
        tags=["personal-data"],
        description="Since when a card is registered; for themselves and the staff.",
    )
    async def card_registered_at(self, info: Info) -> datetime | None:
        if info.context.actor is None:
            return None
        return await info.context.load(str(self.id), _load_cards_of)

    @classmethod
    def resolve_references(cls, _info: Info, keys: Sequence[Representation]) -> "Sequence[User]":
        """Whoever has an id may pay: identity alone knows who exists."""
        return [cls(id=strawberry.ID(str(key.get("id")))) for key in keys]


async def load_users(_context: GraphQLContext, ids: list[str]) -> list[User | None]:
    """Users by id, as far as they pay."""
    return [User(id=strawberry.ID(one)) for one in ids]


async def load_payment_list(
    info: Info,
    student_id: str | None,
    status: PaymentStatus | None,
    first: int,
    after: str | None,
    min_version: str | None,
) -> Connection[Payment]:
    """A part of the payments of a student, or of all; QueryError for whoever may not know."""
    query = Payments(slice_request(first, after), student_id, status)
    answer = await info.context.ask_including(query, parse_min_version(min_version))
    return Connection.of(answer.value, Payment.of)


async def load_invoice_list(
    info: Info, student_id: str | None, first: int, after: str | None
) -> Connection[Invoice]:
    """A part of the invoices of a student, or of all; QueryError for whoever may not know."""
    found = await info.context.ask(Invoices(slice_request(first, after), student_id))
    return Connection.of(found, Invoice.of)


async def _load_subscriptions_of(
    context: GraphQLContext, student_ids: list[str]
) -> list[StudentSubscription | None]:
    found = await context.ask(SubscriptionsOfStudents(tuple(student_ids)))
    return [StudentSubscription.of(found[one]) if one in found else None for one in student_ids]


async def _load_cards_of(context: GraphQLContext, student_ids: list[str]) -> list[datetime | None]:
    found = await context.ask(CardsOfStudents(tuple(student_ids)))
    return [found.get(one) for one in student_ids]
