"""Usage: counts by the hour, operation and client, which add up; of long ago, by the day."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, or_, select, text
from sqlalchemy.dialects.postgresql import insert  # SQLite speaks the same ON CONFLICT
from sqlalchemy.ext.asyncio import AsyncConnection

from plait_schema.registry.model import VariantId
from plait_schema.registry.store.database import Database
from plait_schema.registry.store.tables import Row, operations, reports, usage
from plait_schema.registry.store.usage_rollup import HOURS_OF_A_DAY, roll_up_a_day
from plait_schema.usage import UsageRecord

_KEY: Final = ("graph", "variant", "hour", "operation", "client", "client_version")
_REPORTS_KEPT: Final = timedelta(days=2)  # gateways try again for minutes
_LOCK: Final = 7_062_911_035  # any number that no other program takes


@dataclass(frozen=True, slots=True)
class Used:
    """How often one client sent one operation since some time; `durations` are counts by bucket."""

    operation: str
    name: str | None
    document: str
    client: str
    client_version: str
    requests: int
    errors: int
    first: datetime
    last: datetime
    durations: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Hour:
    """All that was sent in an hour."""

    hour: datetime
    requests: int
    errors: int
    durations: Mapping[int, int]

    def plus(self, requests: int, errors: int, durations: Mapping[int, int]) -> "Hour":
        counted = Counter(self.durations)
        counted.update(durations)
        return Hour(self.hour, self.requests + requests, self.errors + errors, counted)


class UsageStore:
    """Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, variant_id: VariantId, report: str, records: Sequence[UsageRecord], *, now: datetime
    ) -> bool:
        """Add a report to the counts. False, and nothing is added, when it was added before."""
        async with self._database.write() as connection:
            await self._alone(connection)
            taken = insert(reports).values(id=report, at=now).on_conflict_do_nothing()
            if (await connection.execute(taken)).rowcount == 0:
                return False
            for digest, record in {record.operation_id: record for record in records}.items():
                row = {"digest": digest, "name": record.name, "document": record.document}
                await connection.execute(insert(operations).values(row).on_conflict_do_nothing())
            for key, added in _by_key(variant_id, records).items():
                await _add_up(connection, key, added)
        return True

    async def since(self, variant_ids: Iterable[VariantId], since: datetime) -> tuple[Used, ...]:
        """What was sent to these variants since then, with all of the hour or day that this is in."""
        results = []
        async with self._database.read() as connection:
            for variant_id in variant_ids:
                result = await connection.execute(
                    select(usage, operations.c.name, operations.c.document)
                    .join(operations, operations.c.digest == usage.c.operation)
                    .where(
                        usage.c.graph == variant_id.graph,
                        usage.c.variant == variant_id.variant,
                        or_(
                            usage.c.hour >= _hour(since),
                            (usage.c.hours == HOURS_OF_A_DAY) & (usage.c.hour > since - timedelta(days=1)),
                        ),
                    )
                    .order_by(usage.c.hour)
                )
                results.append(result)
        # Hundreds of thousands of rows take seconds, in which others are to be answered.
        return await asyncio.to_thread(
            lambda: _summed(_used(row) for result in results for row in result.mappings())
        )

    async def by_hour(
        self, variant_id: VariantId, since: datetime, *, operation: str | None = None
    ) -> tuple["Hour", ...]:
        """What was sent in each hour since then, of one operation or of all; idle hours are left out.

        Of hours that are rolled up, the first of the day has all.
        """
        query = select(usage.c.hour, usage.c.requests, usage.c.errors, usage.c.durations).where(
            usage.c.graph == variant_id.graph,
            usage.c.variant == variant_id.variant,
            usage.c.hour >= _hour(since),
        )
        if operation is not None:
            query = query.where(usage.c.operation == operation)
        hours: dict[datetime, Hour] = {}
        async with self._database.read() as connection:
            for hour, requests, errors, durations in await connection.execute(query):
                counted = {int(bucket): count for bucket, count in durations.items()}
                hours[hour] = hours.get(hour, Hour(hour, 0, 0, {})).plus(requests, errors, counted)
        return tuple(hours[hour] for hour in sorted(hours))

    async def roll_up(self, *, before: datetime) -> int:
        """Keep what was sent before then by the day. Returns how many days of variants were rolled up."""
        count = 0
        while True:
            async with self._database.write() as connection:
                await self._alone(connection)
                if not await roll_up_a_day(connection, before=before):
                    return count
            count += 1

    async def _alone(self, connection: AsyncConnection) -> None:
        """Counts are read and written back: one after the other, also where several write at a time."""
        if self._database.is_shared:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})

    async def prune(self, *, before: datetime, now: datetime) -> None:
        """Forget usage from before then, operations that nobody sends, and reports that come no more."""
        async with self._database.write() as connection:
            await connection.execute(delete(usage).where(usage.c.hour < _hour(before)))
            used = select(usage.c.operation)
            await connection.execute(delete(operations).where(operations.c.digest.not_in(used)))
            await connection.execute(delete(reports).where(reports.c.at < now - _REPORTS_KEPT))


def _by_key(
    variant_id: VariantId, records: Iterable[UsageRecord]
) -> Mapping[tuple[Any, ...], list[UsageRecord]]:
    found: dict[tuple[Any, ...], list[UsageRecord]] = {}
    for record in records:
        place = (variant_id.graph, variant_id.variant, _hour(record.end), record.operation_id)
        found.setdefault((*place, record.client, record.client_version), []).append(record)
    return found


async def _add_up(connection: AsyncConnection, key: tuple[Any, ...], records: list[UsageRecord]) -> None:
    place = [usage.c[name] == value for name, value in zip(_KEY, key, strict=True)]
    row = (await connection.execute(select(usage).where(*place))).mappings().first()
    counts = Counter[str](row["durations"] if row else {})
    for record in records:
        counts.update({str(bucket): count for bucket, count in record.durations.items()})
    values = {
        "requests": (row["requests"] if row else 0) + sum(record.requests for record in records),
        "errors": (row["errors"] if row else 0) + sum(record.errors for record in records),
        "durations": dict(counts),
    }
    await connection.execute(
        insert(usage)
        .values(**dict(zip(_KEY, key, strict=True)), **values)
        .on_conflict_do_update(index_elements=_KEY, set_=values)
    )


def _used(row: Row) -> Used:
    return Used(
        operation=row["operation"],
        name=row["name"],
        document=row["document"],
        client=row["client"],
        client_version=row["client_version"],
        requests=row["requests"],
        errors=row["errors"],
        first=row["hour"],
        last=row["hour"] + timedelta(hours=row["hours"]),
        durations={int(bucket): count for bucket, count in row["durations"].items()},
    )


def _summed(hours: Iterable[Used]) -> tuple[Used, ...]:
    """One for each operation and client."""
    found: dict[tuple[str, str, str], Used] = {}
    for one in hours:
        key = (one.operation, one.client, one.client_version)
        before = found.get(key)
        if before is None:
            found[key] = one
            continue
        found[key] = Used(
            *key[:1],
            before.name,
            before.document,
            *key[1:],
            requests=before.requests + one.requests,
            errors=before.errors + one.errors,
            first=min(before.first, one.first),
            last=max(before.last, one.last),
            durations=Counter(before.durations) + Counter(one.durations),
        )
    return tuple(found[key] for key in sorted(found))


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
