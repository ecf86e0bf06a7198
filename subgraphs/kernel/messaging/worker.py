"""The loop that brings messages to their handlers.

Each message is handled in one transaction which also marks it as done: it takes effect exactly once in this
database, however often it is delivered and whenever the process dies.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.attempts import Attempts, UnrecordedLossError
from subgraphs.kernel.messaging.backlog import Backlog, count_backlog
from subgraphs.kernel.messaging.claims import (
    Readable,
    claim_due,
    claim_suspect,
    claim_unknown,
    expire,
    has_suspect,
)
from subgraphs.kernel.messaging.delivery import Delivery, extend, release
from subgraphs.kernel.messaging.looping import keep_doing
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.subscriptions import context_of
from subgraphs.kernel.store.index_order import read_in_index_order
from subgraphs.kernel.store.unit_of_work import Transactions

_log = structlog.stdlib.get_logger("subgraphs.worker")


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """`lease` is how long a silent worker is believed to be alive; `patience` how long a handler may take.

    A worker makes itself heard every `heartbeat`. `patience` and `heartbeat` together are less than `lease`.
    `batch` is how many messages are claimed at once, `errands` how many of one consumer may be under way.
    """

    retry: RetryPolicy = field(default_factory=RetryPolicy)
    lease: timedelta = timedelta(seconds=30)
    patience: timedelta = timedelta(seconds=10)
    heartbeat: timedelta = timedelta(seconds=10)
    batch: int = 20
    errands: int = 8


class Worker:
    """Handles the deliveries of this process's subscriptions, one after the other, and runs errands beside:
    all, or those of some contexts.

    An errand holds up no handler, and its lease is extended as long as it is under way. Suspect errands run
    one at a time with no other beside; handlers go on meanwhile, except for suspects of theirs: those wait
    until no errand is under way, and come before any that is suspect. So what kills its process is in hand
    alone when it does so again, or a handler's message that was not suspected yet killed it, which is then.
    """

    def __init__(
        self,
        transactions: Transactions,
        *,
        options: WorkerOptions | None = None,
        random: Random | None = None,
        contexts: Collection[str] | None = None,
    ) -> None:
        self._transactions = transactions
        self._contexts = contexts
        self._options = options = options or WorkerOptions()
        self._attempts = Attempts(
            transactions,
            options.retry,
            options.patience,
            random or Random(),  # noqa: S311 -- jitter, not a secret
        )
        self._errands: dict[asyncio.Task[int], Delivery] = {}
        self._left_over: list[Delivery] = []  # what a failing database did not let it give back

    async def run(self) -> None:
        """Handle messages until told to stop. A database that fails is asked again after a second."""
        try:
            await keep_doing(self.step, self._transactions)
            while await self._has_waited_for_an_errand():
                pass
        finally:
            await self._call_back()

    async def take_over(self) -> None:
        """Go on at once with what a worker that died had in hand, rather than when its leases run out.

        For whoever knows that no other worker runs on this database. Should one run all the same, it finds
        itself fenced off, and does its work in vain.
        """
        transactions = self._transactions
        async with transactions.database.transaction() as connection:
            await expire(connection, self._consumers(), now=transactions.clock.now())

    async def drain(self) -> Backlog:
        """Handle everything that is due now and what comes of it. Returns the rest: failures wait."""
        try:
            is_busy = True
            while is_busy:
                is_busy = bool(self._errands)  # the end of one can make room for what was not claimed before
                is_busy |= bool(await self.step() or await self._has_waited_for_an_errand())
        finally:
            await self._call_back()
        return await self.backlog()

    async def step(self) -> int:
        """Claim some messages, begin what is an errand, handle the others. Returns how many were handled or
        begun.

        Told to stop, it finishes what it has in hand and gives back the rest.
        """
        if self._transactions.hints.is_stopping:
            return 0
        to_handle, errands = await self._claim()
        if to_handle or errands:
            fault_point("worker.claimed")
        for errand in errands:
            self._begin(errand)
        return len(errands) + await self._take_care_of(to_handle)

    async def backlog(self) -> Backlog:
        """What is left to do, and what was given up."""
        async with self._transactions.database.read() as connection:
            return await count_backlog(connection)

    async def _claim(self) -> tuple[Sequence[Delivery], Sequence[Delivery]]:
        """What is to be handled, and what are errands."""
        if self._left_over:
            await self._give_back(tuple(self._left_over))
        async with self._transactions.database.transaction() as connection:
            to_handle, errands = await self._lease(connection)
            claimed = [*to_handle, *errands]
            self._left_over += claimed  # should nobody answer whether this is committed
        self._let_go(claimed)
        return to_handle, errands

    async def _lease(self, connection: AsyncConnection) -> tuple[Sequence[Delivery], Sequence[Delivery]]:
        transactions, lease = self._transactions, self._options.lease
        consumers, with_errands = self._consumers(), transactions.subscriptions.errand_consumers()
        errands = [one for one in consumers if one in with_errands]
        handlers = [one for one in consumers if one not in with_errands]
        now = transactions.clock.now()
        await read_in_index_order(connection)
        if not self._errands:
            if suspect := await claim_suspect(connection, handlers, now=now, lease=lease):
                return suspect, ()
            if errands and (suspect := await claim_suspect(connection, errands, now=now, lease=lease)):
                return (), suspect
        to_handle = await claim_due(
            connection, handlers, now=now, lease=lease, limit=self._options.batch
        ) or await claim_unknown(connection, self._readable(handlers), now=now, lease=lease)
        room = self._room(errands)
        if not room or (self._errands and await has_suspect(connection, (*handlers, *errands), now=now)):
            return to_handle, ()
        return to_handle, await claim_due(
            connection, tuple(room), now=now, lease=lease, limit=min(room.values())
        ) or await claim_unknown(connection, self._readable(tuple(room)), now=now, lease=lease)

    def _room(self, consumers: Sequence[str]) -> dict[str, int]:
        """The consumers that may have more errands under way, and how many."""
        if any(errand.crashes for errand in self._errands.values()):
            return {}
        under_way = Counter(errand.consumer for errand in self._errands.values())
        room = {one: self._options.errands - under_way[one] for one in consumers}
        return {one: number for one, number in room.items() if number > 0}

    def _begin(self, errand: Delivery) -> None:
        task = asyncio.create_task(self._take_care_of([errand], is_errand=True))
        self._errands[task] = errand
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[int]) -> None:
        errand = self._errands.pop(task)
        self._transactions.hints.give()  # there may be another for its place
        if not task.cancelled() and (error := task.exception()):
            _log.error("lost hold of an errand", consumer=errand.consumer, key=errand.key, exc_info=error)

    async def _has_waited_for_an_errand(self) -> bool:
        """Whether one was under way; it has ended by now."""
        if not self._errands:
            return False
        await asyncio.wait(self._errands, return_when=asyncio.FIRST_COMPLETED)
        return True

    async def _call_back(self) -> None:
        """Cancel what is under way, and wait for its end: others go on with it at once."""
        under_way = list(self._errands)
        for task in under_way:
            task.cancel()
        if under_way:
            await asyncio.wait(under_way)

    async def _take_care_of(self, claimed: Sequence[Delivery], *, is_errand: bool = False) -> int:
        """Handle these one after the other; returns how many. What is not handled is given back."""
        if not claimed:
            return 0
        transactions, remaining = self._transactions, list(claimed)
        heartbeat = asyncio.create_task(self._keep_hold_of(remaining, beyond=0 if is_errand else 1))
        try:
            while remaining and not transactions.hints.is_stopping:
                await self._attempts.make(remaining[0])
                del remaining[0]
        except UnrecordedLossError as error:
            remaining[0] = error.lost
            raise
        finally:
            heartbeat.cancel()
            await asyncio.wait({heartbeat})
            if remaining:
                await self._give_back(remaining)
        return len(claimed) - len(remaining)

    async def _give_back(self, claimed: Sequence[Delivery]) -> None:
        self._left_over += claimed
        async with self._transactions.database.transaction() as connection:
            await release(connection, claimed)
        self._let_go(claimed)

    def _let_go(self, claimed: Sequence[Delivery]) -> None:
        self._left_over = [one for one in self._left_over if one not in claimed]

    async def _keep_hold_of(self, remaining: list[Delivery], *, beyond: int) -> None:
        """Extend the leases of what is still to be handled `beyond` the first ones, until cancelled.

        A message that is being handled needs none: its handler's transaction holds the row, or the whole
        file. An errand does: it is in no transaction until it is done.
        """
        transactions, options = self._transactions, self._options
        while True:
            await asyncio.sleep(options.heartbeat.total_seconds())
            with suppress(SQLAlchemyError, OSError):  # the leases run out, and others see to it
                async with transactions.database.transaction() as connection:
                    lease_until = transactions.clock.now() + options.lease
                    await extend(connection, remaining[beyond:], lease_until=lease_until)
                    fault_point("worker.extended")

    def _readable(self, consumers: Sequence[str]) -> tuple[Readable, ...]:
        subscriptions = self._transactions.subscriptions
        return tuple(
            Readable(consumer, type_, subscriptions.registry.newest(type_))
            for consumer in consumers
            for type_ in subscriptions.types_of(consumer)
        )

    def _consumers(self) -> tuple[str, ...]:
        consumers = self._transactions.subscriptions.consumers()
        if self._contexts is None:
            return consumers
        return tuple(one for one in consumers if context_of(one) in self._contexts)
