"""The loop that brings read models up to date.

A batch of entries is read, then applied and counted in one transaction: each takes effect once, whenever the
process dies. Any number of projectors may run; each read model is changed by one at a time.

An entry may kill the process that reads or applies it. So whoever takes over from another one says so before
it begins. Where somebody has begun and is not heard of any more, the entries of a batch are suspects, and
applied alone; who dies with one alone in hand is counted, and the read model is stopped there in the end.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from time import monotonic
from typing import Final
from uuid import uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.domain import Failure
from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.looping import keep_doing
from subgraphs.kernel.messaging.registry import NewerVersionError
from subgraphs.kernel.projections import generations
from subgraphs.kernel.projections.applying import Applying, Following, PoisonousEntryError
from subgraphs.kernel.projections.definition import Projection
from subgraphs.kernel.projections.generation import Generation, Status, Stop, needs_build, to_advance
from subgraphs.kernel.projections.sources import Position, head
from subgraphs.kernel.store.locks import lock, try_lock
from subgraphs.kernel.store.unit_of_work import Transactions

_log = structlog.stdlib.get_logger("subgraphs.projections")

BATCH: Final = 100
"""Entries that are applied in one transaction, and as many as a new generation may lack to take over."""

_MOST_CRASHES: Final = 3
"""How many processes may die with one entry alone in hand."""

_PATIENCE: Final = timedelta(seconds=5)
"""Between two transactions; within one it holds the lock."""


class Projector:
    """Keeps these read models up to date, under a name of its own among all that ever ran.

    Whoever has begun, and is not heard of for as long as the `patience`, is believed to be dead.
    ValueError when two of them have a name or a table in common; RegistryError when an event could not be
    read in all its versions.
    """

    def __init__(
        self,
        transactions: Transactions,
        projections: Iterable[Projection],
        *,
        batch: int = BATCH,
        name: str | None = None,
        patience: timedelta = _PATIENCE,
    ) -> None:
        self._transactions = transactions
        self._projections = tuple(projections)
        self._applying = Applying(transactions.database, transactions.subscriptions.registry)
        self._batch = batch
        self._id = name or str(uuid4())
        self._patience = patience.total_seconds()
        self._begun_by_others: dict[tuple[str, int], tuple[Generation, float]] = {}
        self._told: set[tuple[str, int, str]] = set()
        _check_distinct(self._projections)
        for projection in self._projections:
            for event in projection.events:
                if issubclass(event, IntegrationEvent):
                    transactions.subscriptions.registry.add(event)

    async def run(self) -> None:
        """Project until told to stop. A database that fails is asked again after a second."""
        await keep_doing(self.step, self._transactions)

    async def drain(self) -> None:
        """Apply all that is numbered by now, and finish what is being built."""
        while await self.step():
            pass

    async def step(self) -> int:
        """Bring each read model a batch further. Returns how many entries that were; 0 when all is done."""
        return sum([await self._advance(projection) for projection in self._projections])

    async def _advance(self, projection: Projection) -> int:
        async with self._transactions.database.read() as connection:
            known = await generations.load(connection, projection.name)
        if not known or needs_build(known, projection.version):
            return await self._begin(projection)
        found = to_advance(known, projection.version)
        return sum([await self._run(projection, one.number) for one in found])

    async def _begin(self, projection: Projection) -> int:
        """Make the first generation, or begin to build that of a new version."""
        now = self._transactions.clock.now()
        async with self._transactions.database.transaction() as connection:
            await lock(connection, [generations.lock_name(projection.name)])
            if await generations.create_missing(connection, [projection], now=now):
                return 1
            for one in await generations.load(connection, projection.name):
                if one.status is Status.BUILDING and one.version < projection.version:
                    await generations.drop(connection, one, now=now)  # nobody would read it
            begun = await generations.begin(connection, projection, now=now)
        if isinstance(begun, Failure):
            self._tell("cannot build", projection, 0, reason=begun.error.message)
            return 0
        _log.info("building", projection=projection.name, generation=begun.value, version=projection.version)
        return 1

    async def _run(self, projection: Projection, number: int) -> int:
        """Apply a batch. When that fails, its entries alone, up to the one to blame: there it stops."""
        try:
            return await self._apply_next(projection, number, self._batch)
        except PoisonousEntryError:
            fault_point("projection.failed")
        applied = 0
        while applied < self._batch:
            try:
                one = await self._apply_next(projection, number, 1)
            except PoisonousEntryError as poison:
                await self._stop(projection, number, poison)
                break
            if not one:
                break
            applied += one
        return applied

    async def _apply_next(self, projection: Projection, number: int, limit: int) -> int:
        transactions = self._transactions
        async with transactions.database.read() as connection:
            before = await generations.find(connection, projection.name, number)
            if not before.suspicion.is_known_to_run(self._id):
                waiting = await _first_waiting(connection, projection, before)
                following = None
            else:
                limit = 1 if before.suspicion.suspects else limit
                following = await self._applying.read(connection, projection, before.positions, limit)
        if following is None:
            begins = waiting is not None and await self._tell_that_it_begins(before, waiting)
            return await self._apply_next(projection, number, limit) if begins else 0
        is_ready = before.status is Status.BUILDING and following.is_last
        if not (following.size or is_ready):
            return 0
        async with transactions.database.transaction() as connection:
            if not await try_lock(connection, generations.lock_name(projection.name)):
                return 0
            if await generations.find(connection, projection.name, number) != before:
                return 0  # somebody else went on with it, or changed it, meanwhile
            await self._applying.apply(connection, projection, number, following)
            if before.suspicion.is_under_way:
                await generations.suspect(connection, before, before.suspicion.ended())
            if is_ready:
                await self._switch(connection, projection, before, following, limit)
        transactions.projected.give()
        return following.size

    async def _tell_that_it_begins(self, before: Generation, waiting: tuple[str, Position]) -> bool:
        """Note who applies what is waiting. False when somebody else is at it, or many have died of it."""
        if before.suspicion.is_in_hand_of_another(self._id) and not self._is_silent(before):
            return False
        transactions = self._transactions
        suspicion = before.suspicion.begun_by(self._id, batch=self._batch)
        source, seq = waiting
        reason = f"its process died {_MOST_CRASHES} times while applying it alone"
        async with transactions.database.transaction() as connection:
            if not await try_lock(connection, generations.lock_name(before.name)):
                return False
            if await generations.find(connection, before.name, before.number) != before:
                return False
            if suspicion.crashes <= _MOST_CRASHES or not seq:
                await generations.suspect(connection, before, suspicion)
                fault_point("projection.told")
                return True
            await generations.stop(connection, before, Stop(source, seq, reason, transactions.clock.now()))
            fault_point("projection.stopped")
        self._say_that_it_stopped(before, source, seq, reason=reason)
        return False

    def _is_silent(self, begun: Generation) -> bool:
        """Whether whoever has begun with it has done nothing since for too long; measured here, since clocks
        differ."""
        key, now = (begun.name, begun.number), monotonic()
        seen, since = self._begun_by_others.get(key, (None, now))
        if seen != begun:
            self._begun_by_others[key] = (begun, since := now)
        return now - since >= self._patience

    async def _switch(
        self,
        connection: AsyncConnection,
        projection: Projection,
        built: Generation,
        applied: Following,
        limit: int,
    ) -> None:
        """Have a new generation read instead of the old one, once it has caught up with all that is there.

        The old one cannot be ahead: nobody else changes the read model now.
        """
        positions = {**built.positions, **applied.positions}
        rest = await self._applying.read(connection, projection, positions, limit)
        await self._applying.apply(connection, projection, built.number, rest)
        if rest.is_last:
            await generations.switch(connection, built, now=self._transactions.clock.now())
            fault_point("projection.switched")
            _log.info("switched", projection=projection.name, generation=built.number)

    async def _stop(self, projection: Projection, number: int, poison: PoisonousEntryError) -> None:
        """Stay where it is. What a newer program wrote is left to that, and waited for."""
        why = Stop(poison.source, poison.seq, str(poison), self._transactions.clock.now())
        is_readable = not isinstance(poison.error, NewerVersionError)
        if not is_readable:
            place = {"source": poison.source, "seq": poison.seq}
            self._tell("cannot read yet", projection, number, **place, reason=str(poison))
        async with self._transactions.database.transaction() as connection:
            await lock(connection, [generations.lock_name(projection.name)])
            generation = await generations.find(connection, projection.name, number)
            if generation.stopped or generation.positions.get(why.source, 0) != why.seq - 1:
                return
            if generation.suspicion.is_under_way:  # nobody has died of it
                await generations.suspect(connection, generation, generation.suspicion.acquitted())
            if not is_readable:
                return
            await generations.stop(connection, generation, why)
            fault_point("projection.stopped")
        self._say_that_it_stopped(generation, poison.source, poison.seq, exc_info=poison.error)

    @staticmethod
    def _say_that_it_stopped(generation: Generation, source: str, seq: Position, **why: object) -> None:
        place = {"generation": generation.number, "source": source, "seq": seq}
        _log.error("projection stopped", projection=generation.name, **place, **why)

    def _tell(self, event: str, projection: Projection, number: int, **why: object) -> None:
        """Say once what would be so at every look."""
        if (key := (projection.name, number, repr(why))) not in self._told:
            self._told.add(key)
            _log.error(event, projection=projection.name, generation=number, **why)


async def _first_waiting(
    connection: AsyncConnection, projection: Projection, generation: Generation
) -> tuple[str, Position] | None:
    """The source and the number of what is applied next; nothing is 0, where a generation may be finished."""
    for source in projection.sources:
        position = generation.positions.get(source.label, 0)
        if await head(connection, source) > position:
            return source.label, position + 1
    return (projection.sources[0].label, 0) if generation.status is Status.BUILDING else None


def _check_distinct(projections: Iterable[Projection]) -> None:
    names = [name for one in projections for name in (one.name, *one.tables(1).names)]
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise ValueError(f"two read models are called, or have a table that is called {twice[0]}")
