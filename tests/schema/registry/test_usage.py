"""Usage adds up, by operation and client, on SQLite and on PostgreSQL."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from plait_schema.registry.model import VariantId
from plait_schema.registry.opening import OpenRegistry
from plait_schema.registry.usage import as_jsonl, by_operation
from plait_schema.usage import UsageRecord

PROD = VariantId("shop", "prod")
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
RECORD = UsageRecord("{ me { name } }", "Me", "web", "1.0", 10, 2, NOON, NOON, {0: 9, 12: 1})


async def test_reports_add_up_and_are_taken_once(held: OpenRegistry) -> None:
    usage = held.usage
    other_client = replace(RECORD, client="ios")
    assert await usage.add(PROD, "report-1", [RECORD, RECORD, other_client], now=NOON)
    assert not await usage.add(PROD, "report-1", [RECORD], now=NOON)
    an_hour_later = replace(RECORD, end=NOON + timedelta(hours=1), durations={12: 10})
    assert await usage.add(PROD, "report-2", [an_hour_later], now=NOON)
    assert await usage.add(PROD, "report-3", [replace(RECORD, document="{ other }", requests=1)], now=NOON)

    busiest, least = by_operation(await usage.since([PROD], NOON))
    assert (busiest.requests, busiest.errors, least.requests) == (40, 8, 1)
    assert busiest.clients == {"web 1.0": 30, "ios 1.0": 10}
    assert busiest.durations == {0: 27, 12: 13}
    assert (busiest.quantile(0.5), busiest.quantile(0.95)) == (0.001, 0.008)
    assert await usage.since([VariantId("shop", "dev")], NOON) == ()
    (late,) = await usage.since([PROD], NOON + timedelta(hours=1))
    assert late.requests == 10


async def test_usage_can_be_exported_for_checks(held: OpenRegistry) -> None:
    await held.usage.add(PROD, "report-1", [RECORD], now=NOON)
    (line,) = as_jsonl(await held.usage.since([PROD], NOON)).splitlines()
    record = json.loads(line)
    assert record["operation"] == {"id": RECORD.operation_id, "name": "Me", "document": "{ me { name } }"}
    assert (record["client"], record["requests"]) == ({"name": "web", "version": "1.0"}, 10)
    assert (record["from"], record["to"]) == ("2026-11-29T12:00:00+00:00", "2026-11-29T13:00:00+00:00")


async def test_old_usage_is_forgotten(held: OpenRegistry) -> None:
    await held.usage.add(PROD, "report-1", [RECORD], now=NOON)
    later = NOON + timedelta(days=3)
    await held.usage.prune(before=NOON + timedelta(hours=1), now=later)
    assert await held.usage.since([PROD], NOON - timedelta(days=1)) == ()
    assert await held.usage.add(PROD, "report-1", [RECORD], now=later)  # its number is forgotten, too


async def test_what_is_old_is_kept_by_the_day(held: OpenRegistry) -> None:
    usage, midnight = held.usage, NOON.replace(hour=0)
    for hour in (0, 5, 23, 24, 30):
        records = [
            replace(RECORD, end=midnight + timedelta(hours=hour), client=name) for name in ("web", "ios")
        ]
        await usage.add(PROD, f"report-{hour}", records, now=NOON)
        await usage.add(VariantId("shop", "dev"), f"report-dev-{hour}", records, now=NOON)
    before = await usage.since([PROD], midnight)
    assert await usage.roll_up(before=midnight + timedelta(hours=40)) == 2
    assert await usage.roll_up(before=midnight + timedelta(hours=40)) == 0
    after = await usage.since([PROD], midnight)
    assert [replace(one, first=NOON, last=NOON) for one in after] == [
        replace(one, first=NOON, last=NOON) for one in before
    ]
    assert [one.requests for one in await usage.by_hour(PROD, midnight)] == [60, 20, 20]
    (late, _) = await usage.since([PROD], midnight + timedelta(hours=13))  # the day counts as a whole
    assert (late.requests, late.first) == (50, midnight)
    assert [one.requests for one in await usage.since([PROD], midnight + timedelta(hours=24))] == [20, 20]

    assert await usage.add(
        PROD, "report-late", [replace(RECORD, end=midnight + timedelta(hours=7))], now=NOON
    )
    assert await usage.add(PROD, "report-first", [replace(RECORD, end=midnight)], now=NOON)
    assert await usage.roll_up(before=midnight + timedelta(hours=40)) == 1
    assert [one.requests for one in await usage.by_hour(PROD, midnight)] == [80, 20, 20]
