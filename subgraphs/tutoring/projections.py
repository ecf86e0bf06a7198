"""The search: what tutors offer, when they have time, and the words by which they are found.

It follows tutoring's own events, and can be built anew from them.
"""

from typing import Any, Final

import msgspec
from sqlalchemy import Table, delete, insert
from sqlalchemy.dialects.postgresql import insert as upsert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.projections import Entry, EventLog, Projection, Tables
from subgraphs.tutoring.domain.availability import Availability
from subgraphs.tutoring.domain.events import (
    AvailabilityChanged,
    TutorListed,
    TutorProfileCreated,
    TutorProfileUpdated,
    TutorUnlisted,
    TutorVerified,
)
from subgraphs.tutoring.domain.values import Offer, TutorId, subject_key
from subgraphs.tutoring.event_log import EVENTS
from subgraphs.tutoring.search.full_text import index_of
from subgraphs.tutoring.subscriptions import PEOPLE
from subgraphs.tutoring.tables import (
    search_language,
    search_subject,
    search_text,
    search_window,
    tutor_search,
)

SEARCH: Final = Projection(
    "tutoring.search",
    version=2,
    sources=[EventLog(EVENTS)],
    tables=[tutor_search, search_subject, search_language, search_window, search_text],
    through=[PEOPLE],
)


@SEARCH.on(TutorProfileCreated)
async def profile_created(
    entry: Entry[TutorProfileCreated], tables: Tables, connection: AsyncConnection
) -> None:
    event = entry.event
    row = upsert(tables[tutor_search]).values(
        tutor_id=str(event.tutor_id),
        user_id=str(event.user_id),
        rating=0,
        review_count=0,
        is_verified=False,
        is_listed=True,
        offer=msgspec.to_builtins(Offer()),
        availability=msgspec.to_builtins(Availability()),
    )
    await connection.execute(row.on_conflict_do_nothing())


@SEARCH.on(TutorProfileUpdated)
async def profile_updated(
    entry: Entry[TutorProfileUpdated], tables: Tables, connection: AsyncConnection
) -> None:
    tutor_id, offer = str(entry.event.tutor_id), entry.event.offer
    rate = offer.hourly_rate
    await _change(
        tables,
        entry.event.tutor_id,
        connection,
        offer=msgspec.to_builtins(offer),
        hourly_rate_minor=rate.amount_minor if rate else None,
        hourly_rate_currency=rate.currency.code if rate else None,
    )
    subjects = [
        {"tutor_id": tutor_id, "subject_key": subject_key(one), "subject": one} for one in offer.subjects
    ]
    await _replace(tables[search_subject], tutor_id, subjects, connection)
    languages = [{"tutor_id": tutor_id, "language": one} for one in offer.languages]
    await _replace(tables[search_language], tutor_id, languages, connection)
    texts = {"subjects": " ".join(offer.subjects), "headline": offer.headline, "bio": offer.bio}
    await index_of(connection).put(tables[search_text], tutor_id, texts, connection)


@SEARCH.on(AvailabilityChanged)
async def availability_changed(
    entry: Entry[AvailabilityChanged], tables: Tables, connection: AsyncConnection
) -> None:
    tutor_id, availability = str(entry.event.tutor_id), entry.event.availability
    await _change(tables, entry.event.tutor_id, connection, availability=msgspec.to_builtins(availability))
    windows = [
        {
            "tutor_id": tutor_id,
            "weekday": one.weekday.number,
            "starts": one.starts,
            "ends": one.ends,
            "time_zone": availability.time_zone,
        }
        for one in availability.windows
    ]
    await _replace(tables[search_window], tutor_id, windows, connection)


@SEARCH.on(TutorVerified)
async def verified(entry: Entry[TutorVerified], tables: Tables, connection: AsyncConnection) -> None:
    await _change(tables, entry.event.tutor_id, connection, is_verified=True)


@SEARCH.on(TutorListed)
async def listed(entry: Entry[TutorListed], tables: Tables, connection: AsyncConnection) -> None:
    await _change(tables, entry.event.tutor_id, connection, is_listed=True)


@SEARCH.on(TutorUnlisted)
async def unlisted(entry: Entry[TutorUnlisted], tables: Tables, connection: AsyncConnection) -> None:
    await _change(tables, entry.event.tutor_id, connection, is_listed=False)


async def _change(tables: Tables, id_: TutorId, connection: AsyncConnection, **values: Any) -> None:
    table = tables[tutor_search]
    await connection.execute(table.update().where(table.c.tutor_id == str(id_)).values(values))


async def _replace(
    table: Table, tutor_id: str, rows: list[dict[str, Any]], connection: AsyncConnection
) -> None:
    await connection.execute(delete(table).where(table.c.tutor_id == tutor_id))
    if rows:
        await connection.execute(insert(table), rows)
