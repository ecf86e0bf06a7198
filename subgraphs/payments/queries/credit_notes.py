"""What invoices said too much."""

from collections.abc import Mapping, Sequence
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
from subgraphs.payments.domain.credit_note import CreditNoteNumber
from subgraphs.payments.queries.seeing import may_be_seen
from subgraphs.payments.tables import credit_note

_NEWEST = (credit_note.c.year, credit_note.c.place)


@dataclass(frozen=True, slots=True)
class CreditNoteView:
    id: str
    number: str
    invoice_id: str
    amount: Money
    is_reversal: bool
    reason: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class CreditNotesById(Query[Mapping[str, CreditNoteView]]):
    """Many credit notes, by their ids; those that somebody may not see are missing."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreditNotesOfInvoices(Query[Mapping[str, Sequence[CreditNoteView]]]):
    """The credit notes of many invoices, the oldest first, as far as somebody may see them."""

    invoice_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreditNotes(Query[Slice[CreditNoteView]]):
    """Everybody's credit notes, the newest first."""

    part: SliceRequest


@dataclass(frozen=True, slots=True)
class CreditNotesOfStudents(Query[Mapping[str, Slice[CreditNoteView]]]):
    """The same slice of the credit notes of many students, the newest first, without those whom somebody
    may not see."""

    student_ids: tuple[str, ...]
    part: SliceRequest


async def credit_notes_by_id(
    query: CreditNotesById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, CreditNoteView]:
    wanted = select(credit_note).where(
        credit_note.c.id.in_(query.ids), may_be_seen(credit_note.c.student_id, request)
    )
    return {row.id: _view(row) for row in await connection.execute(wanted)}


async def credit_notes_of_invoices(
    query: CreditNotesOfInvoices, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Sequence[CreditNoteView]]:
    wanted = credit_note.c.invoice_id.in_(query.invoice_ids)
    rows = await connection.execute(
        select(credit_note).where(wanted, may_be_seen(credit_note.c.student_id, request)).order_by(*_NEWEST)
    )
    found: dict[str, list[CreditNoteView]] = {}
    for row in rows:
        found.setdefault(row.invoice_id, []).append(_view(row))
    return found


async def list_credit_notes(
    query: CreditNotes, connection: AsyncConnection, _request: RequestContext
) -> Slice[CreditNoteView]:
    found = await slice_of(select(credit_note), _NEWEST, query.part, connection, newest_first=True)
    return found.map(_view)


async def credit_notes_of_students(
    query: CreditNotesOfStudents, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Slice[CreditNoteView]]:
    found = await slices_of(
        select(credit_note),
        credit_note.c.student_id,
        [one for one in query.student_ids if may_see(request.actor, one)],
        _NEWEST,
        query.part,
        connection,
        newest_first=True,
    )
    return {student: part.map(_view) for student, part in found.items()}


def _view(row: Row[Any]) -> CreditNoteView:
    return CreditNoteView(
        id=row.id,
        number=str(CreditNoteNumber(row.year, row.place)),
        invoice_id=row.invoice_id,
        amount=Money(row.amount_minor, Currency(row.currency)),
        is_reversal=row.is_reversal,
        reason=row.reason,
        issued_at=row.issued_at,
    )
