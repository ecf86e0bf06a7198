"""In which order payments are listed, and what banks ask for. What a payment is, its events say."""

from typing import Final

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.projections import Entry, EventLog, Projection, Tables
from subgraphs.payments.domain.dispute import DisputeStatus
from subgraphs.payments.domain.events import (
    DisputeClosed,
    DisputeOpened,
    PaymentCompleted,
    PaymentCreated,
    PaymentFailed,
    PaymentRefunded,
    RefundDeclined,
)
from subgraphs.payments.domain.values import PaymentStatus
from subgraphs.payments.event_log import EVENTS
from subgraphs.payments.tables import disputed, listed

LIST: Final = Projection("payments.list", version=1, sources=[EventLog(EVENTS)], tables=[listed])
DISPUTES: Final = Projection("payments.disputes", version=1, sources=[EventLog(EVENTS)], tables=[disputed])


@LIST.on(PaymentCreated)
async def created(entry: Entry[PaymentCreated], tables: Tables, connection: AsyncConnection) -> None:
    event = entry.event
    row = {
        "payment_id": str(event.payment_id),
        "student_id": str(event.student_id),
        "status": PaymentStatus.PENDING,
        "created_at": event.occurred_at,
    }
    await connection.execute(insert(tables[listed]).values(row))


@LIST.on(PaymentCompleted)
async def completed(entry: Entry[PaymentCompleted], tables: Tables, connection: AsyncConnection) -> None:
    await _now(entry.event.payment_id.value, PaymentStatus.COMPLETED, tables, connection)


@LIST.on(PaymentFailed)
async def failed(entry: Entry[PaymentFailed], tables: Tables, connection: AsyncConnection) -> None:
    await _now(entry.event.payment_id.value, PaymentStatus.FAILED, tables, connection)


@LIST.on(PaymentRefunded)
async def refunded(entry: Entry[PaymentRefunded], tables: Tables, connection: AsyncConnection) -> None:
    await _now(entry.event.payment_id.value, PaymentStatus.REFUNDED, tables, connection)


@LIST.on(RefundDeclined)
async def declined(entry: Entry[RefundDeclined], tables: Tables, connection: AsyncConnection) -> None:
    await _now(entry.event.payment_id.value, entry.event.status, tables, connection)


@DISPUTES.on(DisputeOpened)
async def opened(entry: Entry[DisputeOpened], tables: Tables, connection: AsyncConnection) -> None:
    event = entry.event
    row = {
        "payment_id": str(event.payment_id),
        "dispute": event.dispute,
        "amount_minor": event.amount.amount_minor,
        "currency": event.amount.currency.code,
        "reason": event.reason,
        "status": DisputeStatus.OPEN,
        "opened_at": event.occurred_at,
        "respond_by": event.respond_by,
    }
    await connection.execute(insert(tables[disputed]).values(row))


@DISPUTES.on(DisputeClosed)
async def closed(entry: Entry[DisputeClosed], tables: Tables, connection: AsyncConnection) -> None:
    event, table = entry.event, tables[disputed]
    mine = table.c.payment_id == str(event.payment_id), table.c.dispute == event.dispute
    status = DisputeStatus.LOST if event.is_lost else DisputeStatus.WON
    await connection.execute(update(table).where(*mine).values(status=status, closed_at=event.occurred_at))


async def _now(id_: str, status: PaymentStatus, tables: Tables, connection: AsyncConnection) -> None:
    table = tables[listed]
    await connection.execute(update(table).where(table.c.payment_id == id_).values(status=status))
