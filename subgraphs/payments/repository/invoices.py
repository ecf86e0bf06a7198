"""Invoices in the database, and the series of their numbers."""

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.contracts.payments import InvoiceIssued
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.store.versioned import save_versioned
from subgraphs.payments import tables
from subgraphs.payments.domain.identifiers import PaymentId
from subgraphs.payments.domain.invoice import Invoice, InvoiceNumber


async def next_number(work: UnitOfWork) -> InvoiceNumber:
    """The next number of this year. Whoever takes one keeps others waiting until the end of the transaction:
    when that is rolled back, they get this one, and there is no gap."""
    series, year = tables.invoice_series, work.now.year
    taken = insert(series).values(year=year, last_place=1)
    place = await work.connection.scalar(
        taken.on_conflict_do_update(
            index_elements=[series.c.year], set_={"last_place": series.c.last_place + 1}
        ).returning(series.c.last_place)
    )
    return InvoiceNumber(year, place)


async def is_invoiced(connection: AsyncConnection, payment_id: PaymentId) -> bool:
    """Whether a payment has its invoice."""
    invoice = exists().where(tables.invoice.c.payment_id == str(payment_id))
    return bool(await connection.scalar(select(invoice)))


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
