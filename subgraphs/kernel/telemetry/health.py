"""Is this process alive, and is it any good to ask it something?"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from time import perf_counter
from typing import Final, TypeAlias

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.messaging.backlog import count_dead
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.projections import Projections, Status
from subgraphs.kernel.redis import REDIS, RedisDownError
from subgraphs.kernel.store.migrations import UnknownRevisionError, standings
from subgraphs.kernel.store.sequence import count_unnumbered
from subgraphs.kernel.store.tables import event, outbox

_PATIENCE_SECONDS: Final = 2.0
_LONGEST_PAUSE_SECONDS: Final = 1.0
_LARGEST_LAG: Final = timedelta(seconds=30)


class State(StrEnum):
    """DEGRADED: something is missing that everybody can do without for a while."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; `detail` says why it is not OK, or what was measured."""

    name: str
    state: State
    detail: str = ""


Check: TypeAlias = Callable[[Platform, Sequence[BoundedContext]], Awaitable[Finding]]


def overall(findings: Sequence[Finding]) -> State:
    """The worst of them."""
    states = {finding.state for finding in findings}
    return next((state for state in (State.FAILED, State.DEGRADED) if state in states), State.OK)


async def liveness() -> tuple[Finding, ...]:
    """Whether the event loop turns: how long it takes to come round."""
    began = perf_counter()
    await asyncio.sleep(0)
    pause = perf_counter() - began
    state = State.FAILED if pause > _LONGEST_PAUSE_SECONDS else State.OK
    return (Finding("event_loop", state, f"came round in {pause * 1000:.1f} ms"),)


class Readiness:
    """Every check, all at once; one that does not answer within two seconds has failed.

    It is not waited for any longer, as a server that hangs does not even answer a rollback, and not asked
    again before it has come to its end.
    """

    def __init__(self, platform: Platform, contexts: Sequence[BoundedContext]) -> None:
        self._platform = platform
        self._contexts = contexts
        self._under_way: dict[Check, asyncio.Task[Finding]] = {}

    async def look(self) -> tuple[Finding, ...]:
        return tuple(await asyncio.gather(*(self._checked(check) for check in CHECKS)))

    async def _checked(self, check: Check) -> Finding:
        if check not in self._under_way:
            self._under_way[check] = asyncio.create_task(_found_by(check, self._platform, self._contexts))
            self._under_way[check].add_done_callback(lambda _: self._under_way.pop(check))
        asked = self._under_way[check]
        await asyncio.wait({asked}, timeout=_PATIENCE_SECONDS)
        if asked.done() and not asked.cancelled():
            return asked.result()
        asked.cancel()
        return Finding(check.__name__, State.FAILED, f"no answer within {_PATIENCE_SECONDS:g} s")


async def process(platform: Platform, _: Sequence[BoundedContext]) -> Finding:
    """Whoever was told to stop gets no new work."""
    if platform.transactions.hints.is_stopping:
        return Finding("process", State.FAILED, "stopping")
    return Finding("process", State.OK, "running")


async def database(platform: Platform, _: Sequence[BoundedContext]) -> Finding:
    async with platform.database.read() as connection:
        await connection.execute(select(1))
    return Finding("database", State.OK, "answers")


async def migrations(platform: Platform, contexts: Sequence[BoundedContext]) -> Finding:
    """Whether this program's tables are there. Those of a newer one are, until all processes are that one's:
    whoever took them for a failure would have nobody left in the middle of a deployment."""
    try:
        behind = [one.name for one in await standings(platform.database, contexts) if one.is_behind]
    except UnknownRevisionError as error:
        return Finding("migrations", State.DEGRADED, str(error))
    if behind:
        return Finding("migrations", State.FAILED, f"behind: {', '.join(behind)}; run `plait migrate`")
    return Finding("migrations", State.OK, "at head")


async def sequencer(platform: Platform, _: Sequence[BoundedContext]) -> Finding:
    """Whether somebody numbers what is committed. Projections and other databases wait for it."""
    async with platform.database.read() as connection:
        waiting = [await count_unnumbered(connection, log) for log in (outbox, event)]
    since = min((one.oldest for one in waiting if one.oldest), default=None)
    lag = max(timedelta(), platform.clock.now() - since) if since else timedelta()
    detail = f"{sum(one.rows for one in waiting)} rows to number, the oldest for {lag.total_seconds():.1f} s"
    return Finding("sequencer", State.FAILED if lag > _LARGEST_LAG else State.OK, detail)


async def projections(platform: Platform, contexts: Sequence[BoundedContext]) -> Finding:
    """Whether every read model goes on. One that is stopped can be read, and becomes older."""
    known = [one for context in contexts for one in context.projections]
    standing = await Projections(platform.transactions, known).list()
    if stopped := [
        f"{one.name} at {one.stopped.source} {one.stopped.seq}" for one in standing if one.stopped
    ]:
        return Finding("projections", State.DEGRADED, f"stopped: {', '.join(stopped)}")
    behind = max((one.seconds_behind for one in standing if one.status is Status.LIVE), default=0.0)
    return Finding("projections", State.OK, f"at most {behind:.1f} s behind")


async def redis(platform: Platform, _: Sequence[BoundedContext]) -> Finding:
    """Caches are passed by and limits counted by each process for itself while it is away."""
    if platform.redis is None:
        return Finding("redis", State.OK, "not used")
    try:
        await platform.redis.use(platform.redis.client.ping)
    except RedisDownError as error:
        return Finding("redis", State.DEGRADED, f"caches and limits do without: {error}")
    return Finding("redis", State.OK, "answers")


async def transport(platform: Platform, _: Sequence[BoundedContext]) -> Finding:
    """Whether messages come and go, where some contexts are elsewhere: nothing else can stand in for that."""
    if platform.transport is None:
        return Finding("transport", State.OK, "not used")
    await platform.transport.newest(platform.hosted[0], "readiness")
    return Finding("transport", State.OK, "answers")


async def breakers(platform: Platform, _: Sequence[BoundedContext]) -> Finding:
    """Whether a provider is left alone because it fails: what is asked of it waits."""
    if opened := [name for name in platform.breakers.open() if name != REDIS]:
        return Finding("breakers", State.DEGRADED, f"open: {', '.join(opened)}")
    return Finding("breakers", State.OK, "closed")


async def dead_letters(platform: Platform, _: Sequence[BoundedContext]) -> Finding:
    """Whether anything was given up. It waits for somebody, and what follows it waits with it."""
    async with platform.database.read() as connection:
        dead = await count_dead(connection)
    if dead:
        return Finding("dead_letters", State.DEGRADED, f"{dead} given up: see `plait dlq list`")
    return Finding("dead_letters", State.OK, "none")


CHECKS: Final[tuple[Check, ...]] = (
    process,
    database,
    migrations,
    sequencer,
    projections,
    redis,
    transport,
    breakers,
    dead_letters,
)


async def _found_by(check: Check, platform: Platform, contexts: Sequence[BoundedContext]) -> Finding:
    try:
        return await check(platform, contexts)
    except SQLAlchemyError as error:
        return Finding(check.__name__, State.FAILED, str(getattr(error, "orig", error)))
    except OSError as error:
        return Finding(check.__name__, State.FAILED, str(error))
