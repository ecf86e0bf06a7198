"""Subscriptions, and the cards that are registered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.request import RequestContext
from subgraphs.payments.domain.plans import Plan
from subgraphs.payments.domain.subscription import SubscriptionStatus
from subgraphs.payments.queries.seeing import may_be_seen
from subgraphs.payments.tables import card, subscription


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    id: str
    student_id: str
    plan: Plan
    status: SubscriptionStatus
    started_at: datetime
    paid_until: datetime | None
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True)
class SubscriptionsById(Query[Mapping[str, SubscriptionView]]):
    """Many subscriptions, by their ids; those that somebody may not see are missing."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubscriptionsOfStudents(Query[Mapping[str, SubscriptionView]]):
    """The latest subscription of each student, as far as somebody may see it."""

    student_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardsOfStudents(Query[Mapping[str, datetime]]):
    """Since when each student has a card registered, as far as somebody may know."""

    student_ids: tuple[str, ...]


async def subscriptions_by_id(
    query: SubscriptionsById, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, SubscriptionView]:
    rows = await connection.execute(
        select(subscription).where(
            subscription.c.id.in_(query.ids), may_be_seen(subscription.c.student_id, request)
        )
    )
    return {row.id: _view(row) for row in rows}


async def subscriptions_of_students(
    query: SubscriptionsOfStudents, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, SubscriptionView]:
    student_id = subscription.c.student_id
    rows = await connection.execute(
        select(subscription)
        .where(student_id.in_(query.student_ids), may_be_seen(student_id, request))
        .order_by(subscription.c.started_at, subscription.c.id)
    )
    return {row.student_id: _view(row) for row in rows}  # the latest one comes last


async def cards_of_students(
    query: CardsOfStudents, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, datetime]:
    rows = await connection.execute(
        select(card.c.student_id, card.c.registered_at).where(
            card.c.student_id.in_(query.student_ids), may_be_seen(card.c.student_id, request)
        )
    )
    return {row.student_id: row.registered_at for row in rows}


def _view(row: Row[Any]) -> SubscriptionView:
    return SubscriptionView(
        id=row.id,
        student_id=row.student_id,
        plan=Plan(row.plan),
        status=SubscriptionStatus(row.status),
        started_at=row.started_at,
        paid_until=row.paid_until,
        cancelled_at=row.cancelled_at,
    )
