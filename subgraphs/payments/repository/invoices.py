"""Invoices in the database."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.contracts.payments import InvoiceIssued
from subgraphs.kernel.domain import Currency, Money
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned
from subgraphs.payments import tables
from subgraphs.payments.domain.identifiers import InvoiceId, PaymentId, StudentId
from subgraphs.payments.domain.invoice import Invoice, InvoiceNumber
from subgraphs.payments.repository.series import next_place


async def next_number(work: UnitOfWork) -> InvoiceNumber:
    """The next number of this year."""
    return InvoiceNumber(work.now.year, await next_place(work, tables.invoice_series))


async def find_invoice(connection: AsyncConnection, payment_id: PaymentId) -> Invoice | None:
    """The invoice of a payment, if it has one."""
    query = select(tables.invoice).where(tables.invoice.c.payment_id == str(payment_id))
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    return Invoice(
        id=InvoiceId(row.id),
        version=row.version,
        number=InvoiceNumber(row.year, row.place),
        payment_id=payment_id,
        student_id=StudentId(row.student_id),
        amount=Money(row.amount_minor, Currency(row.currency)),
        issued_at=row.issued_at,
    )


async def store_invoice(work: UnitOfWork, invoice: Invoice) -> None:
    """Store a new invoice and tell the other contexts. ConcurrencyConflict."""
    values = {
        "year": invoice.number.year,
        "place": invoice.number.place,
        "payment_id": str(invoice.payment_id),
        "student_id": str(invoice.student_id),
        "amount_minor": invoice.amount.amount_minor,
        "currency": invoice.amount.currency.code,
        "issued_at": invoice.issued_at,
    }
    await save_versioned(work, tables.invoice, invoice, values)
    work.publish(
        InvoiceIssued(
            invoice_id=str(invoice.id),
            number=str(invoice.number),
            payment_id=str(invoice.payment_id),
            student_id=str(invoice.student_id),
            amount_minor=invoice.amount.amount_minor,
            currency=invoice.amount.currency.code,
            issued_at=invoice.issued_at,
        ),
        key=str(invoice.payment_id),
    )
