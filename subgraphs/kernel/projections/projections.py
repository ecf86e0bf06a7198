"""What people do about read models: look, build anew, go back, get past what stops them. All is on record."""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias, TypeVar

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.projections import generations
from subgraphs.kernel.projections.definition import Projection
from subgraphs.kernel.projections.generation import Generation, Status, Stop
from subgraphs.kernel.projections.sources import Position, head, waiting_since
from subgraphs.kernel.store.locks import lock
from subgraphs.kernel.store.tables import audit
from subgraphs.kernel.store.unit_of_work import Transactions

PROJECTION_UNKNOWN: Final = DomainError("PROJECTION_UNKNOWN", "There is no read model of this name", "name")
NOT_STOPPED: Final = DomainError("NOT_STOPPED", "It is not stopped", "name")
NOT_BUILDING: Final = DomainError("NOT_BUILDING", "No new generation is being built", "name")
NOTHING_KEPT: Final = DomainError("NOTHING_KEPT", "No earlier generation is kept", "name")
REASON_MISSING: Final = DomainError("REASON_MISSING", "Say why", "reason")

T = TypeVar("T")

_Act: TypeAlias = Callable[
    [AsyncConnection, tuple[Generation, ...], datetime], Awaitable[Result[T, DomainError]]
]


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a generation is behind one of its logs: `entries` of it, the first since `seconds`."""

    position: Position
    head: Position
    seconds: float

    @property
    def entries(self) -> int:
        return self.head - self.position


@dataclass(frozen=True, slots=True)
class ProjectionStatus:
    """How one generation of a read model stands. `lag` is by the labels of its sources."""

    name: str
    generation: int
    version: int
    status: Status
    since: datetime
    lag: Mapping[str, Lag]
    stopped: Stop | None

    @property
    def entries_behind(self) -> int:
        return sum(lag.entries for lag in self.lag.values())

    @property
    def seconds_behind(self) -> float:
        return max((lag.seconds for lag in self.lag.values()), default=0.0)


class Projections:
    """The read models of a database, as far as this program knows them."""

    def __init__(self, transactions: Transactions, projections: Iterable[Projection]) -> None:
        self._transactions = transactions
        self._projections = {one.name: one for one in projections}

    async def list(self) -> tuple[ProjectionStatus, ...]:
        """Every generation that has tables, by name and age. One that is `stopped` needs somebody."""
        now = self._transactions.clock.now()
        async with self._transactions.database.read() as connection:
            return tuple(
                [
                    await _status(connection, projection, generation, now)
                    for _, projection in sorted(self._projections.items())
                    for generation in await generations.load(connection, projection.name)
                    if generation.status is not Status.DROPPED
                ]
            )

    async def rebuild(self, name: str, request: RequestContext) -> Result[int, DomainError]:
        """Have a new generation built beside the one that is read, which it replaces when it has caught up.

        Returns its number. PROJECTION_UNKNOWN, REBUILD_RUNNING, NEWER_IS_LIVE or LOG_INCOMPLETE.
        """

        async def act(
            connection: AsyncConnection, _: tuple[Generation, ...], now: datetime
        ) -> Result[int, DomainError]:
            return await generations.begin(connection, self._projections[name], now=now)

        return await self._change("rebuild", name, request, act)

    async def cancel(self, name: str, request: RequestContext) -> Result[int, DomainError]:
        """Give up the generation that is being built; returns its number.

        NOT_BUILDING or PROJECTION_UNKNOWN.
        """

        async def act(
            connection: AsyncConnection, known: tuple[Generation, ...], now: datetime
        ) -> Result[int, DomainError]:
            building = [one for one in known if one.status is Status.BUILDING]
            if not building:
                return Failure(NOT_BUILDING)
            await generations.drop(connection, building[0], now=now)
            return Success(building[0].number)

        return await self._change("cancel", name, request, act)

    async def rollback(self, name: str, request: RequestContext, *, reason: str) -> Result[int, DomainError]:
        """Have the newest generation that is kept read again; returns its number.

        It goes on from where it was left. NOTHING_KEPT, PROJECTION_UNKNOWN or REASON_MISSING.
        """

        async def act(
            connection: AsyncConnection, known: tuple[Generation, ...], now: datetime
        ) -> Result[int, DomainError]:
            retired = [one for one in known if one.status is Status.RETIRED]
            if not retired:
                return Failure(NOTHING_KEPT)
            await generations.switch(connection, retired[-1], now=now)
            return Success(retired[-1].number)

        return await self._change("rollback", name, request, act, reason=reason)

    async def skip(self, name: str, request: RequestContext, *, reason: str) -> Result[Stop, DomainError]:
        """Go on behind the entry at which a read model is stopped, as if it had changed nothing.

        The generation that is read comes first, then the one that is built. Returns what was skipped.
        NOT_STOPPED, PROJECTION_UNKNOWN or REASON_MISSING.
        """

        return await self._go_on("skip", name, request, reason=reason)

    async def resume(self, name: str, request: RequestContext) -> Result[Stop, DomainError]:
        """Try the entry again at which a read model is stopped. NOT_STOPPED, PROJECTION_UNKNOWN."""
        return await self._go_on("resume", name, request)

    async def drop_old(
        self, name: str, request: RequestContext, *, older_than: timedelta = timedelta()
    ) -> Result[tuple[int, ...], DomainError]:
        """Drop the generations that have not been read for so long; returns their numbers.

        PROJECTION_UNKNOWN.
        """

        async def act(
            connection: AsyncConnection, known: tuple[Generation, ...], now: datetime
        ) -> Result[tuple[int, ...], DomainError]:
            old = [one for one in known if one.status is Status.RETIRED and one.since <= now - older_than]
            for one in old:
                await generations.drop(connection, one, now=now)
            return Success(tuple(one.number for one in old))

        return await self._change("drop_old", name, request, act)

    async def _go_on(
        self, action: str, name: str, request: RequestContext, *, reason: str | None = None
    ) -> Result[Stop, DomainError]:
        async def act(
            connection: AsyncConnection, known: tuple[Generation, ...], _: datetime
        ) -> Result[Stop, DomainError]:
            generation, why = _stopped(known)
            if generation is None or why is None:
                return Failure(NOT_STOPPED)
            if action == "skip":
                await generations.move(connection, name, generation.number, {why.source: why.seq})
            await generations.go_on(connection, generation)
            return Success(why)

        return await self._change(action, name, request, act, reason=reason)

    async def _change(
        self, action: str, name: str, request: RequestContext, act: _Act[T], *, reason: str | None = None
    ) -> Result[T, DomainError]:
        """Do something while nobody else does anything about the read model, and record who did it."""
        if reason is not None and not reason.strip():
            return Failure(REASON_MISSING)
        if name not in self._projections:
            return Failure(PROJECTION_UNKNOWN)
        transactions = self._transactions
        async with transactions.database.transaction() as connection:
            await lock(connection, [generations.lock_name(name)])
            now = transactions.clock.now()
            result = await act(connection, await generations.load(connection, name), now)
            if isinstance(result, Failure):
                return result
            await connection.execute(
                insert(audit).values(
                    at=now,
                    actor=request.actor_id,
                    correlation_id=request.correlation_id,
                    action=f"projection.{action}",
                    subject=f"projection {name}",
                    detail=json.dumps(_detail(result.value, reason)),
                )
            )
            fault_point("projection.changed")
        transactions.hints.give()
        await transactions.database.notify()
        return result


def _stopped(known: tuple[Generation, ...]) -> tuple[Generation | None, Stop | None]:
    stopped = [one for one in known if one.stopped is not None and one.status is not Status.DROPPED]
    first = min(stopped, key=lambda one: (one.status is not Status.LIVE, -one.number), default=None)
    return first, first.stopped if first else None


async def _status(
    connection: AsyncConnection, projection: Projection, generation: Generation, now: datetime
) -> ProjectionStatus:
    lag = {}
    for source in projection.sources:
        position = generation.positions.get(source.label, 0)
        since = await waiting_since(connection, source, position=position)
        seconds = max(0.0, (now - since).total_seconds()) if since else 0.0
        lag[source.label] = Lag(position, await head(connection, source), seconds)
    return ProjectionStatus(
        generation.name,
        generation.number,
        generation.version,
        generation.status,
        generation.since,
        lag,
        generation.stopped,
    )


def _detail(value: object, reason: str | None) -> dict[str, Any]:
    match value:
        case Stop(source=source, seq=seq, error=error):
            done: dict[str, Any] = {"source": source, "seq": seq, "error": error}
        case _:
            done = {"generation": value}
    return done | ({"reason": reason} if reason is not None else {})
