"""Credit notes in the database."""

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.contracts.payments import CreditNoteIssued
from subgraphs.kernel.domain import Money
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned
from subgraphs.payments.domain.credit_note import CreditNote, CreditNoteNumber
from subgraphs.payments.domain.invoice import Invoice
from subgraphs.payments.repository.series import next_place
from subgraphs.payments.tables import credit_note, credit_note_series


async def next_number(work: UnitOfWork) -> CreditNoteNumber:
    """The next number of this year."""
    return CreditNoteNumber(work.now.year, await next_place(work, credit_note_series))


async def credited_of(connection: AsyncConnection, invoice: Invoice) -> Money:
    """What is credited of an invoice in all."""
    signed = case((credit_note.c.is_reversal, -credit_note.c.amount_minor), else_=credit_note.c.amount_minor)
    total = select(func.coalesce(func.sum(signed), 0)).where(credit_note.c.invoice_id == str(invoice.id))
    return Money(int(await connection.scalar(total) or 0), invoice.amount.currency)


async def store_credit_note(work: UnitOfWork, note: CreditNote, invoice: Invoice) -> None:
    """Store a new credit note of an invoice and tell the other contexts. ConcurrencyConflict."""
    values = {
        "year": note.number.year,
        "place": note.number.place,
        "invoice_id": str(note.invoice_id),
        "student_id": str(invoice.student_id),
        "amount_minor": note.amount.amount_minor,
        "currency": note.amount.currency.code,
        "is_reversal": note.is_reversal,
        "reason": note.reason,
        "issued_at": note.issued_at,
    }
    await save_versioned(work, credit_note, note, values)
    work.publish(
        CreditNoteIssued(
            credit_note_id=str(note.id),
            number=str(note.number),
            invoice_id=str(invoice.id),
            invoice_number=str(invoice.number),
            payment_id=str(invoice.payment_id),
            student_id=str(invoice.student_id),
            amount_minor=note.amount.amount_minor,
            currency=note.amount.currency.code,
            is_reversal=note.is_reversal,
            issued_at=note.issued_at,
        ),
        key=str(invoice.payment_id),
    )
