"""Bills and receipts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Currency, Money, Slice, SliceRequest
from subgraphs.kernel.store.slices import slice_of, slices_of
from subgraphs.payments.access import may_see
from subgraphs.payments.domain.invoice import InvoiceNumber
from subgraphs.payments.queries.seeing import may_be_seen
from subgraphs.payments.tables import invoice

_NEWEST = (invoice.c.year, invoice.c.place)


@dataclass(frozen=True, slots=True)
class InvoiceView:
    id: str
    number: str
    payment_id: str
    student_id: str
    amount: Money
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class InvoicesById(Query[Mapping[str, InvoiceView]]):
    """Many invoices, by their ids; those that somebody may not see are missing."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InvoicesOfPayments(Query[Mapping[str, InvoiceView]]):
    """The invoices of many payments, by the payments' ids, as far as somebody may see them."""

    payment_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Invoices(Query[Slice[InvoiceView]]):
    """Everybody's invoices, the newest first."""

    part: SliceRequest


@dataclass(frozen=True, slots=True)
class InvoicesOfStudents(Query[Mapping[str, Slice[InvoiceView]]]):
    """The same slice of the invoices of many students, the newest first, without those whom somebody
    may not see."""

    student_ids: tuple[str, ...]
    part: SliceRequest


async def invoices_by_id(
    query: InvoicesById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, InvoiceView]:
    rows = await connection.execute(
        select(invoice).where(invoice.c.id.in_(query.ids), may_be_seen(invoice.c.student_id, request))
    )
    return {row.id: _view(row) for row in rows}


async def invoices_of_payments(
    query: InvoicesOfPayments, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, InvoiceView]:
    wanted = invoice.c.payment_id.in_(query.payment_ids)
    rows = await connection.execute(select(invoice).where(wanted, may_be_seen(invoice.c.student_id, request)))
    return {row.payment_id: _view(row) for row in rows}


async def list_invoices(
    query: Invoices, connection: AsyncConnection, _request: RequestContext
) -> Slice[InvoiceView]:
    found = await slice_of(select(invoice), _NEWEST, query.part, connection, newest_first=True)
    return found.map(_view)


async def invoices_of_students(
    query: InvoicesOfStudents, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Slice[InvoiceView]]:
    students = [one for one in query.student_ids if may_see(request.actor, one)]
    found = await slices_of(
        select(invoice),
        invoice.c.student_id,
        students,
        _NEWEST,
        query.part,
        connection,
        newest_first=True,
    )
    return {student: part.map(_view) for student, part in found.items()}


def _view(row: Row[Any]) -> InvoiceView:
    return InvoiceView(
        id=row.id,
        number=str(InvoiceNumber(row.year, row.place)),
        payment_id=row.payment_id,
        student_id=row.student_id,
        amount=Money(row.amount_minor, Currency(row.currency)),
        issued_at=row.issued_at,
    )
