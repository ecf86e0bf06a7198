"""Tutors by what they offer, and those who fit what somebody looks for: from the search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final, assert_never

import msgspec
from sqlalchemy import ColumnElement, Select, and_, false, func, literal, nulls_last, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.buses import QueryBus, QueryError
from subgraphs.kernel.application.messages import Query
from subgraphs.kernel.application.policies import anyone
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.cache.cached import Cached
from subgraphs.kernel.domain import Clock, DomainError, Money, Page, PageRequest
from subgraphs.kernel.projections import Tables, live_tables
from subgraphs.kernel.projections.answers import AnswerOfReadModel
from subgraphs.kernel.store.database import Database
from subgraphs.tutoring.domain.availability import Availability, Moment
from subgraphs.tutoring.domain.matching import Candidate, Match, Wanted, matches
from subgraphs.tutoring.domain.values import Offer, subject_key
from subgraphs.tutoring.projections import SEARCH
from subgraphs.tutoring.search.full_text import index_of
from subgraphs.tutoring.search.words import asked
from subgraphs.tutoring.tables import (
    search_language,
    search_subject,
    search_text,
    search_window,
    tutor_search,
)

MOST_MATCHES: Final = 50
_MOST_CANDIDATES: Final = 500
_LONGEST_TEXT: Final = 200
_MOST_STARS: Final = 5

INVALID_RATING: Final = DomainError("INVALID_RATING", f"Tutors have 0 to {_MOST_STARS} stars", "lowestRating")
INVALID_SEARCH: Final = DomainError(
    "INVALID_SEARCH", f"A search has at most {_LONGEST_TEXT} characters", "text"
)
INVALID_LIMIT: Final = DomainError("INVALID_LIMIT", f"limit must be 1 to {MOST_MATCHES}", "limit")
MIXED_CURRENCIES: Final = DomainError(
    "MIXED_CURRENCIES", "The lowest and the highest rate are in one currency", "highestRate"
)


class TutorOrder(StrEnum):
    """Who comes first."""

    RELEVANCE = "RELEVANCE"
    RATING = "RATING"
    PRICE_ASCENDING = "PRICE_ASCENDING"
    PRICE_DESCENDING = "PRICE_DESCENDING"


@dataclass(frozen=True, slots=True)
class SearchTutors(Query[Page[str]]):
    """The ids of listed tutors who are all of this. A price is compared within its currency only.

    QueryError: INVALID_SEARCH, INVALID_RATING, MIXED_CURRENCIES.
    """

    page: PageRequest
    text: str = ""
    subjects: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    lowest_rate: Money | None = None
    highest_rate: Money | None = None
    lowest_rating: float = 0
    available_at: datetime | None = None
    only_verified: bool = False
    order: TutorOrder = TutorOrder.RELEVANCE


@dataclass(frozen=True, slots=True)
class Matches(Query[Sequence[Match]]):
    """Who fits what somebody looks for, the best first. QueryError unless limit is 1 to 50."""

    wanted: Wanted
    limit: int


@dataclass(frozen=True, slots=True)
class SubjectView:
    """A subject, as tutors write it, and how many teach it."""

    subject: str
    tutor_count: int


@dataclass(frozen=True, slots=True)
class Subjects(Query[Sequence[SubjectView]]):
    """What is taught, the most popular first."""

    limit: int


def register(bus: QueryBus, *, clock: Clock, searches: Cached[Page[str]], database: Database) -> None:
    async def found(query: Matches, connection: AsyncConnection, _: RequestContext) -> Sequence[Match]:
        return await _matches(query, connection, clock.now())

    popular: AnswerOfReadModel[SearchTutors, Page[str]] = AnswerOfReadModel(
        searches, database, SEARCH, key=_key
    )
    bus.register(SearchTutors, search_tutors, allow=anyone, reads=SEARCH, cached=popular)
    bus.register(Matches, found, allow=anyone, reads=SEARCH)
    bus.register(Subjects, subjects, allow=anyone, reads=SEARCH)


async def search_tutors(query: SearchTutors, connection: AsyncConnection, _: RequestContext) -> Page[str]:
    if len(query.text) > _LONGEST_TEXT:
        raise QueryError(INVALID_SEARCH)
    if not 0 <= query.lowest_rating <= _MOST_STARS:
        raise QueryError(INVALID_RATING)
    tables = await live_tables(connection, SEARCH)
    listed = tables[tutor_search]
    found: Select[Any] = select(listed.c.tutor_id).where(
        listed.c.is_listed, *_conditions(query, tables), *await _at_that_time(query, tables, connection)
    )
    relevance: ColumnElement[Any] = literal(0)
    if words := asked(query.text):
        texts = index_of(connection).matching(tables[search_text], words).subquery()
        found = found.join(texts, texts.c.tutor_id == listed.c.tutor_id)
        relevance = texts.c.relevance
    total = await connection.scalar(select(func.count()).select_from(found.subquery()))
    page = query.page
    rows = await connection.scalars(
        found.order_by(*_order(query.order, listed, relevance)).offset(page.offset).limit(page.limit)
    )
    return Page(tuple(rows), total or 0, page.offset, page.limit)


async def subjects(query: Subjects, connection: AsyncConnection, _: RequestContext) -> Sequence[SubjectView]:
    tables = await live_tables(connection, SEARCH)
    taught, listed = tables[search_subject], tables[tutor_search]
    number = func.count()
    rows = await connection.execute(
        select(func.min(taught.c.subject), number)
        .join(listed, listed.c.tutor_id == taught.c.tutor_id)
        .where(listed.c.is_listed)
        .group_by(taught.c.subject_key)
        .order_by(number.desc(), taught.c.subject_key)
        .limit(_checked(query.limit))
    )
    return [SubjectView(name, count) for name, count in rows]


async def _matches(query: Matches, connection: AsyncConnection, now: datetime) -> Sequence[Match]:
    limit = _checked(query.limit)
    tables = await live_tables(connection, SEARCH)
    listed, taught = tables[tutor_search], tables[search_subject]
    teach = select(taught.c.tutor_id).where(taught.c.subject_key.in_(sorted(query.wanted.subjects)))
    rows = await connection.execute(
        select(listed)
        .where(listed.c.is_listed, listed.c.tutor_id.in_(teach))
        .order_by(listed.c.rating.desc(), listed.c.is_verified.desc(), listed.c.tutor_id)
        .limit(_MOST_CANDIDATES)
    )
    candidates = [
        Candidate(
            row.tutor_id,
            msgspec.convert(row.offer, Offer),
            msgspec.convert(row.availability, Availability),
            row.is_verified,
            row.rating,
        )
        for row in rows
    ]
    return matches(candidates, query.wanted, now=now)[:limit]


def _conditions(query: SearchTutors, tables: Tables) -> list[ColumnElement[bool]]:
    listed, taught, spoken = tables[tutor_search], tables[search_subject], tables[search_language]
    conditions: list[ColumnElement[bool]] = []
    if keys := {subject_key(one) for one in query.subjects}:
        conditions.append(listed.c.tutor_id.in_(_having(taught.c.tutor_id, taught.c.subject_key, keys)))
    if query.languages:
        wanted = set(query.languages)
        conditions.append(listed.c.tutor_id.in_(_having(spoken.c.tutor_id, spoken.c.language, wanted)))
    rates = [rate for rate in (query.lowest_rate, query.highest_rate) if rate is not None]
    if len({rate.currency for rate in rates}) > 1:
        raise QueryError(MIXED_CURRENCIES)
    conditions += [listed.c.hourly_rate_currency == rate.currency.code for rate in rates[:1]]
    if query.lowest_rate is not None:
        conditions.append(listed.c.hourly_rate_minor >= query.lowest_rate.amount_minor)
    if query.highest_rate is not None:
        conditions.append(listed.c.hourly_rate_minor <= query.highest_rate.amount_minor)
    if query.lowest_rating:
        conditions.append(listed.c.rating >= round(query.lowest_rating * 100))
    if query.only_verified:
        conditions.append(listed.c.is_verified)
    return conditions


async def _at_that_time(
    query: SearchTutors, tables: Tables, connection: AsyncConnection
) -> list[ColumnElement[bool]]:
    """Those whose windows include the instant, by the clocks where each of them lives."""
    if query.available_at is None:
        return []
    windows = tables[search_window]
    clocks = []
    for time_zone in await connection.scalars(select(windows.c.time_zone).distinct()):
        moment = Moment.of(query.available_at, time_zone)
        clocks.append(
            and_(
                windows.c.time_zone == time_zone,
                windows.c.weekday == moment.weekday.number,
                windows.c.starts <= moment.minute,
                windows.c.ends > moment.minute,
            )
        )
    free = select(windows.c.tutor_id).where(or_(false(), *clocks))
    return [tables[tutor_search].c.tutor_id.in_(free)]


def _having(owner: ColumnElement[Any], value: ColumnElement[Any], wanted: set[str]) -> Select[Any]:
    """The owners of all of these values."""
    return (
        select(owner)
        .where(value.in_(sorted(wanted)))
        .group_by(owner)
        .having(func.count(value) == len(wanted))
    )


def _order(order: TutorOrder, listed: Any, relevance: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    standing = [listed.c.is_verified.desc(), listed.c.rating.desc(), listed.c.tutor_id]
    rate = listed.c.hourly_rate_minor
    match order:
        case TutorOrder.RELEVANCE:
            return [relevance.desc(), *standing]
        case TutorOrder.RATING:
            return [listed.c.rating.desc(), listed.c.review_count.desc(), relevance.desc(), *standing]
        case TutorOrder.PRICE_ASCENDING:
            return [nulls_last(rate.asc()), relevance.desc(), *standing]
        case TutorOrder.PRICE_DESCENDING:
            return [nulls_last(rate.desc()), relevance.desc(), *standing]
        case _:
            assert_never(order)


def _key(query: SearchTutors) -> str:
    return sha256(msgspec.json.encode(query)).hexdigest()


def _checked(limit: int) -> int:
    if not 1 <= limit <= MOST_MATCHES:
        raise QueryError(INVALID_LIMIT)
    return limit
