"""Invoices, and what they said too much."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

import strawberry

from subgraphs.kernel.graphql.context import GraphQLContext, Info
from subgraphs.kernel.graphql.money import Money
from subgraphs.kernel.graphql.schema import Representation
from subgraphs.payments.api.payments import A_FEW, Payment, load_payments
from subgraphs.payments.queries.credit_notes import CreditNotesById, CreditNotesOfInvoices, CreditNoteView
from subgraphs.payments.queries.invoices import InvoicesById, InvoicesOfPayments, InvoiceView


@strawberry.federation.type(
    keys=["id"], tags=["personal-data"], description="A bill while its payment is open, then a receipt."
)
class Invoice:
    id: strawberry.ID
    number: str = strawberry.field(description="The place in the series of its year, which has no gaps.")
    amount: Money
    issued_at: datetime
    payment_id: strawberry.Private[str]

    @strawberry.field
    async def payment(self, info: Info) -> Payment | None:
        return await info.context.load(self.payment_id, load_payments)

    @strawberry.field(
        directives=[A_FEW], description="What of it is not owed any more or has gone back, the oldest first."
    )
    async def credit_notes(self, info: Info) -> list["CreditNote"]:
        return await info.context.load(str(self.id), _load_credit_notes_of)

    @classmethod
    def of(cls, view: InvoiceView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            number=view.number,
            amount=Money.of(view.amount),
            issued_at=view.issued_at,
            payment_id=view.payment_id,
        )

    @classmethod
    async def resolve_references(
        cls, info: Info, keys: Sequence[Representation]
    ) -> "Sequence[Invoice | None]":
        if info.context.actor is None:
            return [None] * len(keys)
        return await load_invoices(info.context, [str(key.get("id")) for key in keys])


@strawberry.federation.type(
    keys=["id"],
    tags=["personal-data"],
    description="So much of an invoice is not owed any more, or has gone back.",
)
class CreditNote:
    id: strawberry.ID
    number: str = strawberry.field(description="The place in the series of its year, which has no gaps.")
    amount: Money
    is_reversal: bool = strawberry.field(
        description="Whether it takes a credit back: the money could not be given back."
    )
    reason: str
    issued_at: datetime
    invoice_id: strawberry.Private[str]

    @strawberry.field
    async def invoice(self, info: Info) -> Invoice | None:
        return await info.context.load(self.invoice_id, load_invoices)

    @classmethod
    def of(cls, view: CreditNoteView) -> Self:
        return cls(
            id=strawberry.ID(view.id),
            number=view.number,
            amount=Money.of(view.amount),
            is_reversal=view.is_reversal,
            reason=view.reason,
            issued_at=view.issued_at,
            invoice_id=view.invoice_id,
        )

    @classmethod
    async def resolve_references(
        cls, info: Info, keys: Sequence[Representation]
    ) -> "Sequence[CreditNote | None]":
        if info.context.actor is None:
            return [None] * len(keys)
        return await load_credit_notes(info.context, [str(key.get("id")) for key in keys])


async def load_invoices(context: GraphQLContext, ids: list[str]) -> list[Invoice | None]:
    """Invoices by id; None for those that do not exist or may not be seen."""
    found = await context.ask(InvoicesById(tuple(ids)))
    return [Invoice.of(found[one]) if one in found else None for one in ids]


async def load_invoices_of(context: GraphQLContext, payment_ids: list[str]) -> list[Invoice | None]:
    """The invoices of payments; None for those that have none, or that may not be seen."""
    found = await context.ask(InvoicesOfPayments(tuple(payment_ids)))
    return [Invoice.of(found[one]) if one in found else None for one in payment_ids]


async def load_credit_notes(context: GraphQLContext, ids: list[str]) -> list[CreditNote | None]:
    """Credit notes by id; None for those that do not exist or may not be seen."""
    found = await context.ask(CreditNotesById(tuple(ids)))
    return [CreditNote.of(found[one]) if one in found else None for one in ids]


async def _load_credit_notes_of(context: GraphQLContext, invoice_ids: list[str]) -> list[list[CreditNote]]:
    found = await context.ask(CreditNotesOfInvoices(tuple(invoice_ids)))
    return [[CreditNote.of(view) for view in found.get(one, ())] for one in invoice_ids]
