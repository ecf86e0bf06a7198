"""Users, as far as they pay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import strawberry

from subgraphs.kernel.application.buses import QueryError
from subgraphs.kernel.application.request import FORBIDDEN
from subgraphs.kernel.application.version import Version
from subgraphs.kernel.domain import Slice, SliceRequest
from subgraphs.kernel.graphql.connections import SIZED_BY_FIRST, After, Connection, First, slice_request
from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.parts import PartOf, load_parts
from subgraphs.kernel.graphql.schema import Representation
from subgraphs.kernel.graphql.versions import MinVersion, parse_min_version
from subgraphs.payments.api.invoices import CreditNote, Invoice
from subgraphs.payments.api.payments import Payment
from subgraphs.payments.api.subscriptions import StudentSubscription
from subgraphs.payments.api.values import PaymentStatus
from subgraphs.payments.queries.credit_notes import CreditNotes, CreditNotesOfStudents, CreditNoteView
from subgraphs.payments.queries.invoices import Invoices, InvoicesOfStudents, InvoiceView
from subgraphs.payments.queries.payments import Payments, PaymentsOfStudents, PaymentView
from subgraphs.payments.queries.subscriptions import CardsOfStudents, SubscriptionsOfStudents

T = TypeVar("T")


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
        directives=[SIZED_BY_FIRST],
        description="What of their invoices is not owed any more or has gone back, the newest first; for "
        "themselves and the staff.",
    )
    async def credit_notes(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[CreditNote] | None:
        return await load_credit_note_list(info, str(self.id), first, after)

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
    part, version = slice_request(first, after), parse_min_version(min_version)
    if student_id is None:
        answer = await info.context.ask_including(Payments(part, status), version)
        return Connection.of(answer.value, Payment.of)
    wanted = _PaymentsOf(student_id, part, status, version)
    return Connection.of(_allowed(await info.context.load(wanted, _load_payments_of)), Payment.of)


async def load_invoice_list(
    info: Info, student_id: str | None, first: int, after: str | None
) -> Connection[Invoice]:
    """A part of the invoices of a student, or of all; QueryError for whoever may not know."""
    part = slice_request(first, after)
    if student_id is None:
        return Connection.of(await info.context.ask(Invoices(part)), Invoice.of)
    found = await info.context.load(PartOf(student_id, part), _load_invoices_of)
    return Connection.of(_allowed(found), Invoice.of)


async def load_credit_note_list(
    info: Info, student_id: str | None, first: int, after: str | None
) -> Connection[CreditNote]:
    """A part of the credit notes of a student, or of all; QueryError for whoever may not know."""
    part = slice_request(first, after)
    if student_id is None:
        return Connection.of(await info.context.ask(CreditNotes(part)), CreditNote.of)
    found = await info.context.load(PartOf(student_id, part), _load_credit_notes_of)
    return Connection.of(_allowed(found), CreditNote.of)


def _allowed(found: Slice[T] | None) -> Slice[T]:
    if found is None:
        raise QueryError(FORBIDDEN)
    return found


@dataclass(frozen=True, slots=True)
class _PaymentsOf:
    """A key of the loader: whose, which of them, and what they must include."""

    student_id: str
    part: SliceRequest
    status: PaymentStatus | None
    version: Version | None


async def _load_payments_of(
    context: GraphQLContext, keys: list[_PaymentsOf]
) -> list[Slice[PaymentView] | None]:
    answers = {}
    for part, status, version in dict.fromkeys((key.part, key.status, key.version) for key in keys):
        wanted = (part, status, version)
        ids = tuple(key.student_id for key in keys if (key.part, key.status, key.version) == wanted)
        answer = await context.ask_including(PaymentsOfStudents(ids, part, status), version)
        answers[wanted] = answer.value
    return [answers[key.part, key.status, key.version].get(key.student_id) for key in keys]


async def _load_invoices_of(context: GraphQLContext, keys: list[PartOf]) -> list[Slice[InvoiceView] | None]:
    return await load_parts(keys, lambda ids, part: context.ask(InvoicesOfStudents(ids, part)))


async def _load_credit_notes_of(
    context: GraphQLContext, keys: list[PartOf]
) -> list[Slice[CreditNoteView] | None]:
    return await load_parts(keys, lambda ids, part: context.ask(CreditNotesOfStudents(ids, part)))


async def _load_subscriptions_of(
    context: GraphQLContext, student_ids: list[str]
) -> list[StudentSubscription | None]:
    found = await context.ask(SubscriptionsOfStudents(tuple(student_ids)))
    return [StudentSubscription.of(found[one]) if one in found else None for one in student_ids]


async def _load_cards_of(context: GraphQLContext, student_ids: list[str]) -> list[datetime | None]:
    found = await context.ask(CardsOfStudents(tuple(student_ids)))
    return [found.get(one) for one in student_ids]
