"""Usage of long ago, by the day instead of by the hour: the same counts in a fraction of the rows."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from plait_schema.registry.store.tables import Row, usage

HOURS_OF_A_DAY: Final = 24
_DAY: Final = timedelta(hours=HOURS_OF_A_DAY)
_SUMMED: Final = ("operation", "client", "client_version")


async def roll_up_a_day(connection: AsyncConnection, *, before: datetime) -> bool:
    """Sum up what one variant was sent on one day (UTC) that ended before then; False if none is left.

    Nobody else may be adding counts meanwhile.
    """
    end = before.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    oldest = (
        select(usage.c.graph, usage.c.variant, usage.c.hour)
        .where(usage.c.hours < HOURS_OF_A_DAY, usage.c.hour < end)
        .limit(1)
    )
    found = (await connection.execute(oldest)).first()
    if found is None:
        return False
    day = found.hour.replace(hour=0)
    place = (
        usage.c.graph == found.graph,
        usage.c.variant == found.variant,
        usage.c.hour >= day,
        usage.c.hour < day + _DAY,
    )
    rows = (await connection.execute(select(usage).where(*place))).mappings().all()
    await connection.execute(delete(usage).where(*place))
    await connection.execute(insert(usage), _days(rows, day))
    return True


def _days(rows: Iterable[Row], day: datetime) -> list[dict[str, Any]]:
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in _SUMMED), []).append(row)
    return [_day(parts, day) for parts in found.values()]


def _day(parts: list[Row], day: datetime) -> dict[str, Any]:
    durations = Counter[str]()
    for part in parts:
        durations.update(part["durations"])
    return {
        **parts[0],
        "hour": day,
        "hours": HOURS_OF_A_DAY,
        "requests": sum(part["requests"] for part in parts),
        "errors": sum(part["errors"] for part in parts),
        "durations": dict(durations),
    }
