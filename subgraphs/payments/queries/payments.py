"""Payments as they are, were, and came to be so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Select, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainEvent, Money, RecordedEvent, Slice, SliceRequest
from subgraphs.kernel.projections import live_tables
from subgraphs.kernel.store.slices import slice_of, slices_of
from subgraphs.payments.access import may_see
from subgraphs.payments.domain.identifiers import PaymentId
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.values import PaymentMethod, PaymentStatus, Purpose
from subgraphs.payments.event_log import PAYMENTS
from subgraphs.payments.projections import LIST
from subgraphs.payments.tables import listed


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment at some time."""

    id: str
    version: int
    student_id: str
    tutor_id: str | None
    amount: Money
    method: PaymentMethod
    purpose: Purpose
    status: PaymentStatus
    refunded_amount: Money
    is_refund_under_way: bool
    is_disputed: bool
    failure_reason: str | None
    refund_reason: str | None
    refund_failure_reason: str | None
    created_at: datetime
    completed_at: datetime | None
    failed_at: datetime | None
    refunded_at: datetime | None

    @property
    def is_paid(self) -> bool:
        return self.status is PaymentStatus.COMPLETED


@dataclass(frozen=True, slots=True)
class PaymentEventView:
    """Something that has happened to a payment, and on whose account."""

    id: str
    version: int
    name: str
    occurred_at: datetime
    actor: str | None
    correlation_id: str
    causation_id: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PaymentsById(Query[Mapping[str, PaymentView]]):
    """Many payments, by their ids; those that somebody may not see are missing."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaymentAsOf(Query[PaymentView | None]):
    """A payment as it was at an instant; None before its beginning."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentHistories(Query[Mapping[str, tuple[PaymentEventView, ...]]]):
    """All that ever happened to payments, by their ids: the audit trail. Those that are none are missing."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Payments(Query[Slice[PaymentView]]):
    """Everybody's payments, the newest first."""

    part: SliceRequest
    status: PaymentStatus | None = None


@dataclass(frozen=True, slots=True)
class PaymentsOfStudents(Query[Mapping[str, Slice[PaymentView]]]):
    """The same slice of the payments of many students, the newest first, without those whom somebody
    may not see."""

    student_ids: tuple[str, ...]
    part: SliceRequest
    status: PaymentStatus | None = None


async def payments_by_id(
    query: PaymentsById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, PaymentView]:
    found = await PAYMENTS.find_many(connection, [PaymentId(one) for one in query.ids])
    views = {id_: view for id_, payment in found.items() if (view := _view(payment))}
    return {id_: view for id_, view in views.items() if may_see(request.actor, view.student_id)}


async def payment_as_of(
    query: PaymentAsOf, connection: AsyncConnection, request: RequestContext
) -> PaymentView | None:
    payment = await PAYMENTS.find_as_of(connection, PaymentId(query.id), query.at)
    view = _view(payment) if payment else None
    return view if view is not None and may_see(request.actor, view.student_id) else None


async def payment_histories(
    query: PaymentHistories, connection: AsyncConnection, _request: RequestContext
) -> Mapping[str, tuple[PaymentEventView, ...]]:
    found = await PAYMENTS.histories(connection, [PaymentId(one) for one in query.ids])
    return {id_: tuple(map(_event_view, recorded)) for id_, recorded in found.items()}


async def list_payments(
    query: Payments, connection: AsyncConnection, request: RequestContext
) -> Slice[PaymentView]:
    table, ids = await _listed(query.status, connection)
    found = await slice_of(ids, _newest(table), query.part, connection, newest_first=True)
    views = await _views([found], connection, request)
    return found.map(lambda row: views[row.payment_id])


async def payments_of_students(
    query: PaymentsOfStudents, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, Slice[PaymentView]]:
    students = [one for one in query.student_ids if may_see(request.actor, one)]
    table, ids = await _listed(query.status, connection)
    found = await slices_of(
        ids,
        table.c.student_id,
        students,
        _newest(table),
        query.part,
        connection,
        newest_first=True,
    )
    views = await _views(found.values(), connection, request)
    return {student: part.map(lambda row: views[row.payment_id]) for student, part in found.items()}


async def _listed(status: PaymentStatus | None, connection: AsyncConnection) -> tuple[Table, Select[Any]]:
    """The read model, and the ids of the payments in it."""
    table = (await live_tables(connection, LIST))[listed]
    ids = select(table.c.payment_id)
    return table, ids if status is None else ids.where(table.c.status == status)


def _newest(table: Table) -> tuple[ColumnElement[Any], ...]:
    return table.c.created_at, table.c.payment_id


async def _views(
    parts: Iterable[Slice[Row[Any]]], connection: AsyncConnection, request: RequestContext
) -> Mapping[str, PaymentView]:
    """What the histories say of the payments that are listed, all at once."""
    ids = tuple(row.payment_id for part in parts for _, row in part.items)
    return await payments_by_id(PaymentsById(ids), connection, request)


def _event_view(recorded: RecordedEvent[DomainEvent]) -> PaymentEventView:
    return PaymentEventView(
        id=recorded.metadata.event_id,
        version=recorded.version,
        name=recorded.name,
        occurred_at=recorded.metadata.occurred_at,
        actor=recorded.metadata.actor,
        correlation_id=recorded.metadata.correlation_id,
        causation_id=recorded.metadata.causation_id,
        data=msgspec.to_builtins(recorded.event),
    )


def _view(payment: Payment) -> PaymentView | None:
    if payment.student_id is None or payment.created_at is None:
        return None
    return PaymentView(
        id=str(payment.id),
        version=payment.version,
        student_id=str(payment.student_id),
        tutor_id=None if payment.tutor_id is None else str(payment.tutor_id),
        amount=payment.amount,
        method=payment.method,
        purpose=payment.purpose,
        status=payment.status,
        refunded_amount=payment.returned + payment.charged_back,
        is_refund_under_way=payment.refund_under_way,
        is_disputed=payment.is_disputed,
        failure_reason=payment.failure_reason,
        refund_reason=payment.refund_reason,
        refund_failure_reason=payment.refund_failure_reason,
        created_at=payment.created_at,
        completed_at=payment.completed_at,
        failed_at=payment.failed_at,
        refunded_at=payment.refunded_at,
    )
