"""What payers' banks ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Currency, Money, Slice, SliceRequest
from subgraphs.kernel.projections import live_tables
from subgraphs.kernel.store.slices import slice_of
from subgraphs.payments.domain.dispute import DisputeStatus
from subgraphs.payments.projections import DISPUTES
from subgraphs.payments.tables import disputed


@dataclass(frozen=True, slots=True)
class DisputeView:
    """What a bank asks for; `id` is what the provider calls it."""

    id: str
    payment_id: str
    amount: Money
    reason: str
    status: DisputeStatus
    opened_at: datetime
    respond_by: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Disputes(Query[Slice[DisputeView]]):
    """All disputes, the newest first."""

    part: SliceRequest
    status: DisputeStatus | None = None


@dataclass(frozen=True, slots=True)
class DisputesOfPayments(Query[Mapping[str, Sequence[DisputeView]]]):
    """The disputes about many payments, the oldest first."""

    payment_ids: tuple[str, ...]


async def list_disputes(
    query: Disputes, connection: AsyncConnection, _request: RequestContext
) -> Slice[DisputeView]:
    table = (await live_tables(connection, DISPUTES))[disputed]
    rows = select(table) if query.status is None else select(table).where(table.c.status == query.status)
    newest = table.c.opened_at, table.c.payment_id, table.c.dispute
    return (await slice_of(rows, newest, query.part, connection, newest_first=True)).map(_view)


async def disputes_of_payments(
    query: DisputesOfPayments, connection: AsyncConnection, _request: RequestContext
) -> Mapping[str, Sequence[DisputeView]]:
    table = (await live_tables(connection, DISPUTES))[disputed]
    rows = await connection.execute(
        select(table)
        .where(table.c.payment_id.in_(query.payment_ids))
        .order_by(table.c.opened_at, table.c.dispute)
    )
    found: dict[str, list[DisputeView]] = {}
    for row in rows:
        found.setdefault(row.payment_id, []).append(_view(row))
    return found


def _view(row: Row[Any]) -> DisputeView:
    return DisputeView(
        id=row.dispute,
        payment_id=row.payment_id,
        amount=Money(row.amount_minor, Currency(row.currency)),
        reason=row.reason,
        status=DisputeStatus(row.status),
        opened_at=row.opened_at,
        respond_by=row.respond_by,
        closed_at=row.closed_at,
    )
