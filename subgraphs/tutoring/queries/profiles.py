"""Tutors by their ids and their users."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.buses import QueryBus
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.policies import anyone, authenticated
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.cache.answers import AnswerByKeys
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.projections import live_tables
from subgraphs.tutoring.access import sees_private
from subgraphs.tutoring.domain.availability import Availability
from subgraphs.tutoring.domain.values import Offer
from subgraphs.tutoring.projections import SEARCH
from subgraphs.tutoring.repository import availability_of, offer_of
from subgraphs.tutoring.tables import tutor, tutor_search


@dataclass(frozen=True, slots=True)
class TutorView:
    """What everybody may know of a tutor. `rating` is in hundredths of a star."""

    id: str
    user_id: str
    offer: Offer
    availability: Availability
    is_verified: bool
    rating: int
    review_count: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DashboardView:
    """What a tutor sees of how far they have come."""

    since: datetime | None
    is_listed: bool
    is_verified: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TutorProfiles(Query[Mapping[str, TutorView]]):
    """Tutors by id. Those who are not listed are missing."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TutorDashboards(Query[Mapping[str, DashboardView]]):
    """Dashboards by the tutors' ids: one's own, and all for the staff. Others are missing."""

    ids: tuple[str, ...]


def register(bus: QueryBus, *, cached_tutors: Cached[TutorView]) -> None:
    by_ids: AnswerByKeys[TutorProfiles, Mapping[str, TutorView], TutorView] = AnswerByKeys(
        cached_tutors,
        keys=lambda query: query.ids,
        only=lambda _, ids: TutorProfiles(tuple(ids)),
        split=lambda _, views: views,
        join=lambda _, found: found,
    )
    bus.register(TutorProfiles, tutor_profiles, allow=anyone, cached=by_ids)
    bus.register(TutorDashboards, tutor_dashboards, allow=authenticated)


async def tutor_profiles(
    query: TutorProfiles, connection: AsyncConnection, _: RequestContext
) -> Mapping[str, TutorView]:
    found = (await live_tables(connection, SEARCH))[tutor_search]
    rows = await connection.execute(
        select(tutor, found.c.rating, found.c.review_count)
        .outerjoin(found, found.c.tutor_id == tutor.c.id)
        .where(tutor.c.id.in_(sorted(set(query.ids))), tutor.c.is_listed)
    )
    return {row.id: _view(row) for row in rows}


async def tutor_dashboards(
    query: TutorDashboards, connection: AsyncConnection, request: RequestContext
) -> Mapping[str, DashboardView]:
    rows = await connection.execute(select(tutor).where(tutor.c.id.in_(sorted(set(query.ids)))))
    return {row.id: _dashboard(row) for row in rows if sees_private(request, user_id=row.user_id)}


def _view(row: Row[Any]) -> TutorView:
    return TutorView(
        id=row.id,
        user_id=row.user_id,
        offer=offer_of(row),
        availability=availability_of(row),
        is_verified=row.is_verified,
        rating=row.rating or 0,  # who is new may not have come to the search yet
        review_count=row.review_count or 0,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _dashboard(row: Row[Any]) -> DashboardView:
    said = {
        "headline": row.headline,
        "bio": row.bio,
        "subjects": row.subjects,
        "languages": row.languages,
        "hourlyRate": row.hourly_rate_minor,
        "availability": row.windows,
    }
    missing = tuple(name for name, value in said.items() if not value)
    return DashboardView(row.dashboard_since, row.is_listed, row.is_verified, missing)
