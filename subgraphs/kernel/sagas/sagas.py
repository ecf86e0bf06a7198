"""What people do about sagas: look, find those that are late, cancel. Cancelling is on record."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Row, Select, case, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.middleware.retry import Retry
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Page, PageRequest, Result, Success
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.sagas import machine
from subgraphs.kernel.sagas.definition import Saga
from subgraphs.kernel.sagas.record import AnySaga, Status
from subgraphs.kernel.sagas.runner import store
from subgraphs.kernel.sagas.storage import find, record_of
from subgraphs.kernel.store.tables import audit
from subgraphs.kernel.store.tables import saga as table
from subgraphs.kernel.store.unit_of_work import Transactions

SAGA_NOT_FOUND: Final = DomainError("SAGA_NOT_FOUND", "There is no saga with this id", "id")
SAGA_NOT_RUNNING: Final = DomainError("SAGA_NOT_RUNNING", "It has ended, or is being undone already", "id")
SAGA_UNKNOWN: Final = DomainError("SAGA_UNKNOWN", "This program cannot read sagas of its type", "id")
REASON_MISSING: Final = DomainError("REASON_MISSING", "Say why it is cancelled", "reason")


@dataclass(frozen=True, slots=True)
class SagaCount:
    """How many sagas of a type run or are being undone, and how many of those wait for what is late."""

    type: str
    active: int
    timed_out: int


async def count_sagas(connection: AsyncConnection, *, now: datetime) -> tuple[SagaCount, ...]:
    """Of every type that has any, sorted by name."""
    late = func.sum(case((table.c.timeout_at <= now, 1), else_=0))
    active = table.c.status.in_((Status.RUNNING, Status.COMPENSATING))
    rows = await connection.execute(
        select(table.c.type, func.count(), late).where(active).group_by(table.c.type).order_by(table.c.type)
    )
    return tuple(SagaCount(type_, int(count), int(timed_out)) for type_, count, timed_out in rows)


class Sagas:
    """The sagas of a database. `known` are the kinds that can be cancelled here.

    The state of a saga of another kind, or of another program's idea of it, is shown as its JSON.
    """

    def __init__(self, transactions: Transactions, known: Iterable[Saga[Any]]) -> None:
        self._transactions = transactions
        self._known = {one.type: one for one in known}
        self._retry = Retry(transactions.database)

    async def find(self, id_: str) -> AnySaga | None:
        """One saga with all that is known of it."""
        async with self._transactions.database.read() as connection:
            row = (await connection.execute(select(table).where(table.c.id == id_))).one_or_none()
        return self._record_of(row) if row else None

    async def find_timed_out(self, page: PageRequest) -> Page[AnySaga]:
        """Those whose steps or compensations are late, the longest first.

        A worker that runs soon sees to most of them; what stays here needs somebody.
        """
        late = table.c.timeout_at <= self._transactions.clock.now()
        return await self._page(select(table).where(late), page, table.c.timeout_at)

    async def list(
        self, page: PageRequest, *, status: Status | None = None, type_: str | None = None
    ) -> Page[AnySaga]:
        """Sagas of a status, of a type, or all, the oldest first."""
        query = select(table)
        if status is not None:
            query = query.where(table.c.status == status)
        if type_ is not None:
            query = query.where(table.c.type == type_)
        return await self._page(query, page, table.c.created_at)

    async def cancel(self, id_: str, request: RequestContext, *, reason: str) -> Result[None, DomainError]:
        """Have a running saga undone: what was done is compensated, what is done later as well.

        SAGA_NOT_FOUND, SAGA_UNKNOWN, SAGA_NOT_RUNNING, REASON_MISSING; CONFLICT when it went on three times
        meanwhile.
        """
        if not reason.strip():
            return Failure(REASON_MISSING)
        record = await self.find(id_)
        if record is None:
            return Failure(SAGA_NOT_FOUND)
        saga = self._known.get(record.type)
        if saga is None or not isinstance(record.state, saga.state):
            return Failure(SAGA_UNKNOWN)
        return await self._retry.run(
            lambda: self._cancel(saga, id_, request, reason), deadline=request.deadline
        )

    async def _cancel(
        self, saga: Saga[Any], id_: str, request: RequestContext, reason: str
    ) -> Result[None, DomainError]:
        async with self._transactions.begin(saga.context, request) as work:
            record = await find(work.connection, id_, saga.state)
            move = machine.cancel(saga, record, reason, work.now) if record else None
            if move is None:
                return Failure(SAGA_NOT_RUNNING)
            await store(saga, move, work)
            await work.connection.execute(
                insert(audit).values(
                    at=work.now,
                    actor=request.actor_id,
                    correlation_id=request.correlation_id,
                    action="saga.cancel",
                    subject=f"saga {id_}: {saga.type} {move.record.key}",
                    detail=json.dumps({"reason": reason}),
                )
            )
            fault_point("saga.cancelled")
        return Success(None)

    async def _page(self, query: Select[Any], page: PageRequest, order: ColumnElement[Any]) -> Page[AnySaga]:
        part = query.order_by(order, table.c.id).offset(page.offset).limit(page.limit)
        async with self._transactions.database.read() as connection:
            total = await connection.scalar(select(func.count()).select_from(query.subquery()))
            rows = (await connection.execute(part)).all()
        items = tuple(map(self._record_of, rows))
        return Page(items, total or 0, page.offset, page.limit)

    def _record_of(self, row: Row[Any]) -> AnySaga:
        known = self._known.get(row.type)
        try:
            return record_of(row, known.state if known else Any)
        except msgspec.ValidationError:
            return record_of(row, Any)
