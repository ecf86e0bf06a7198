"""What a process tells about itself: is it alive, is it ready, and how much of what waits."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert, text

from subgraphs.kernel.domain import Success
from subgraphs.kernel.effects.outcome import NotDoneError
from subgraphs.kernel.messaging.integration import Envelope
from subgraphs.kernel.messaging.memory import MemoryTransport
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.subscriptions import Subscription
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.running.api import Api
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.tables import saga
from subgraphs.kernel.store.unit_of_work import UnitOfWork
from subgraphs.kernel.telemetry.endpoints import Endpoints
from subgraphs.kernel.testing.client import HttpResponse, request
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.redis import TemporaryRedis
from tests.subgraphs.kernel.farm import farm, pick
from tests.subgraphs.kernel.orchard import STORE, ApplePicked, Orchard, orchard, store_apple

Samples = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture
async def platform(planted: str, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Platform]:
    opened = Platform.open(Settings(tmp_path, database_url=planted), clock=clock)
    opened.subscriptions.add(STORE)
    yield opened
    await opened.close()


async def get(app: Endpoints | Api, path: str) -> HttpResponse:
    return await request(app, "GET", path)


async def metrics(platform: Platform) -> Samples:
    """By name and label values, those by their labels; with nothing remembered from an earlier question."""
    response = await get(Endpoints(platform, ()), "/metrics")
    assert response.status == 200
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(response.body.decode())
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


async def test_a_process_on_a_current_database_is_alive_and_ready(platform: Platform) -> None:
    app = Endpoints(platform, ())
    alive, ready = await get(app, "/livez"), await get(app, "/readyz")
    assert (alive.status, ready.status) == (200, 200)
    assert alive.json()["status"] == ready.json()["status"] == "ok"
    assert [check["name"] for check in ready.json()["checks"]] == [
        "process",
        "database",
        "migrations",
        "sequencer",
        "projections",
        "redis",
        "transport",
        "breakers",
        "dead_letters",
    ]


async def test_a_process_on_an_empty_database_is_alive_and_not_ready(store: str, tmp_path: Path) -> None:
    platform = Platform.open(Settings(tmp_path, database_url=store))
    app = Endpoints(platform, ())
    assert (await get(app, "/livez")).status == 200
    ready = await get(app, "/readyz")
    assert ready.status == 503
    details = {check["name"]: check for check in ready.json()["checks"]}
    assert details["database"]["state"] == "ok"
    assert details["migrations"] == {
        "name": "migrations",
        "state": "failed",
        "detail": "behind: kernel; run `plait migrate`",
    }
    assert (await get(app, "/metrics")).status == 200  # what the process has counted itself
    await platform.close()


async def test_a_database_that_is_away_is_said_to_be(tmp_path: Path) -> None:
    platform = Platform.open(Settings(tmp_path, database_url=f"postgresql://nobody@/none?host={tmp_path}"))
    ready = await get(Endpoints(platform, ()), "/readyz")
    assert ready.status == 503
    failed = {check["name"] for check in ready.json()["checks"] if check["state"] == "failed"}
    assert failed == {"database", "migrations", "sequencer", "projections", "dead_letters"}
    await platform.close()


@pytest.mark.parametrize("planted", ["postgres"], indirect=True)
async def test_a_database_that_hangs_is_said_to_be_in_time(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a machine does that is gone: not even a rollback is answered."""
    app = Endpoints(platform, ())
    assert (await get(app, "/readyz")).status == (await get(app, "/metrics")).status == 200
    ours = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    async with platform.database.read() as connection:
        hung = list(await connection.scalars(text(ours)))
    for patience in ("telemetry.health._PATIENCE", "telemetry.endpoints._STOCK", "store.database._ROLLBACK"):
        monkeypatch.setattr(f"subgraphs.kernel.{patience}_SECONDS", 0.1)
    try:
        for pid in hung:
            os.kill(pid, signal.SIGSTOP)
        async with asyncio.timeout(120):
            assert (await get(Endpoints(platform, ()), "/readyz")).status == 503
            assert (await get(Endpoints(platform, ()), "/metrics")).status == 200
    finally:
        for pid in hung:
            os.kill(pid, signal.SIGCONT)


async def test_a_process_that_is_told_to_stop_gets_no_more_work(platform: Platform) -> None:
    platform.transactions.hints.stop()
    ready = await get(Endpoints(platform, ()), "/readyz")
    assert ready.status == 503
    assert ready.json()["checks"][0] == {"name": "process", "state": "failed", "detail": "stopping"}


async def test_a_process_that_is_to_be_replaced_by_a_newer_one_is_ready_until_then(
    platform: Platform,
) -> None:
    async with platform.database.transaction() as connection:
        await connection.execute(text("UPDATE kernel_alembic_version SET version_num = '9999_future'"))
    newer = "the kernel tables are at '9999_future', which this version does not know"
    assert await state_of(platform, "migrations") == (200, "degraded", newer)


@pytest.mark.parametrize("planted", ["postgres"], indirect=True)  # SQLite numbers rows as they are written
async def test_rows_that_nobody_numbers_make_a_process_not_ready(
    platform: Platform, garden: Orchard, clock: FakeClock
) -> None:
    await garden.pick("a")
    assert (await get(Endpoints(platform, ()), "/readyz")).status == 200
    clock.advance(timedelta(seconds=31))
    ready = await get(Endpoints(platform, ()), "/readyz")
    assert ready.status == 503
    assert ready.json()["checks"][3]["detail"] == "1 rows to number, the oldest for 31.0 s"
    assert (await metrics(platform))["plait_outbox_unsequenced", ("outbox",)] == 1
    await garden.sequence()
    assert (await get(Endpoints(platform, ()), "/readyz")).status == 200


async def test_what_waits_is_counted_for_each_consumer(
    platform: Platform, planted: str, clock: FakeClock, quiet: None
) -> None:
    async def refuse_rotten(message: Envelope[ApplePicked], work: UnitOfWork) -> None:
        if message.body.name == "rotten":
            raise ValueError("nobody can store this")
        await store_apple(message, work)

    async with orchard(planted, clock, Subscription("cellar.store", ApplePicked, refuse_rotten)) as garden:
        for name, tree in (("rotten", "1"), ("b", "1"), ("c", "1"), ("d", "2")):
            await garden.pick(name, tree=tree)
        clock.advance(timedelta(seconds=5))
        before = await metrics(platform)
        assert before["plait_delivery_ready", ("cellar.store",)] == 4
        assert before["plait_delivery_oldest_age_seconds", ("cellar.store",)] == 5
        options = WorkerOptions(retry=RetryPolicy(attempts=1))
        await Worker(garden.transactions, options=options).drain()
        after = await metrics(platform)
    assert after["plait_delivery_ready", ("cellar.store",)] == 0
    assert after["plait_delivery_oldest_age_seconds", ("cellar.store",)] == 0
    assert after["plait_delivery_dead", ("cellar.store",)] == 1
    assert after["plait_delivery_blocked", ("cellar.store",)] == 2
    handled = "plait_handler_seconds_count"
    for outcome in ("done", "dead"):
        grown = after[handled, ("cellar.store", outcome)] - before.get(
            (handled, ("cellar.store", outcome)), 0
        )
        assert grown == 1
    dead = ("plait_dead_total", ("cellar.store",))
    assert after[dead] - before.get(dead, 0) == 1
    given_up = (200, "degraded", "1 given up: see `plait dlq list`")
    assert await state_of(platform, "dead_letters") == given_up


async def test_commands_are_measured_by_what_came_of_them(platform: Platform, garden: Orchard) -> None:
    before = await metrics(platform)
    assert isinstance(await garden.pick("a"), Success)
    await garden.pick("a")
    after = await metrics(platform)
    for outcome in ("done", "ALREADY_PICKED"):
        sample = ("plait_command_seconds_count", ("PickApple", "orchard", outcome))
        assert after[sample] - before.get(sample, 0) == 1


async def test_sagas_that_run_and_those_that_are_late_are_counted(
    platform: Platform, clock: FakeClock
) -> None:
    row = {"type": "shop.order", "data": "{}", "steps": "[]", "version": 1, "status": "RUNNING"}
    row |= {"created_at": clock.now(), "updated_at": clock.now()}
    late = {"timeout_at": clock.now() - timedelta(seconds=1)}
    rows = [
        {**row, "id": "1", "corr_key": "1", "timeout_at": clock.now() + timedelta(days=1)},
        {**row, "id": "2", "corr_key": "2", **late},
        {**row, "id": "3", "corr_key": "3", **late, "status": "COMPLETED"},
    ]
    async with platform.database.transaction() as connection:
        await connection.execute(insert(saga), rows)
    counted = await metrics(platform)
    assert counted["plait_saga_active", ("shop.order",)] == 2
    assert counted["plait_saga_timed_out", ("shop.order",)] == 1


async def test_without_redis_a_process_is_ready_and_says_that_something_is_missing(
    planted: str, clock: FakeClock, tmp_path: Path, redis: TemporaryRedis
) -> None:
    """Caches are passed by, and limits counted here."""
    platform = Platform.open(Settings(tmp_path, database_url=planted, redis_url=redis.url), clock=clock)
    assert await state_of(platform, "redis") == (200, "ok", "answers")
    redis.kill()
    status, state, detail = await state_of(platform, "redis")
    assert (status, state, detail.partition(":")[0]) == (200, "degraded", "caches and limits do without")
    await platform.close()


async def test_without_the_transport_to_other_contexts_a_process_is_not_ready(
    planted: str, clock: FakeClock, tmp_path: Path, redis: TemporaryRedis
) -> None:
    settings = Settings(tmp_path, database_url=planted, redis_url=redis.url, contexts=("orchard",))
    platform = Platform.open(settings, clock=clock, contexts=("orchard", "cellar"))
    assert await state_of(platform, "transport") == (200, "ok", "answers")
    redis.kill()
    status, state, detail = await state_of(platform, "transport")
    assert (status, state, detail.partition(":")[0]) == (503, "failed", "Redis")
    await platform.close()


async def test_a_provider_that_is_left_alone_is_said_to_be(platform: Platform) -> None:
    for _ in range(5):
        with suppress(NotDoneError):
            async with platform.breakers.guarding("house", against=NotDoneError):
                raise NotDoneError("closed on Sundays")
    assert await state_of(platform, "breakers") == (200, "degraded", "open: house")


async def state_of(platform: Platform, check: str) -> tuple[int, str, str]:
    """The status of the whole answer, and what one check has found."""
    ready = await get(Endpoints(platform, ()), "/readyz")
    [found] = [one for one in ready.json()["checks"] if one["name"] == check]
    return ready.status, found["state"], found["detail"]


async def test_what_was_not_taken_in_from_elsewhere_is_counted(
    platform: Platform, planted: str, clock: FakeClock
) -> None:
    async with farm(planted, planted, clock, MemoryTransport(batch=2)) as both:
        lag = ("plait_intake_lag_messages", ("cellar", "orchard"))
        await pick(both.orchard, "a", "b", "c")
        await both.relay.step()
        await both.relay.step()
        assert await both.intake.step() == 2
        assert (await metrics(platform))[lag] == 1
        await both.settle()
        assert (await metrics(platform))[lag] == 0


async def test_the_database_is_not_asked_by_every_question(platform: Platform, garden: Orchard) -> None:
    app = Endpoints(platform, ())
    first = (await get(app, "/metrics")).body
    await garden.pick("a")
    ready = b'plait_delivery_ready{consumer="cellar.store"} '
    assert ready + b"0.0" in first
    assert ready + b"0.0" in (await get(app, "/metrics")).body
    assert ready + b"1.0" in (await get(Endpoints(platform, ()), "/metrics")).body
