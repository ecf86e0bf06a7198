"""One try at a message that was claimed, and what becomes of it: done, put off, to be tried again, dead."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from time import perf_counter
from typing import Any

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError

from subgraphs.kernel.faults import fault_point
from subgraphs.kernel.messaging.backlog import count_dead
from subgraphs.kernel.messaging.delivery import Delivery, acquit, bury, finish, postpone, retry_at, set_aside
from subgraphs.kernel.messaging.integration import Envelope, metadata_from_json, parts_of
from subgraphs.kernel.messaging.registry import NewerVersionError, Stored
from subgraphs.kernel.messaging.retry import PUT_OFF, PoisonError, PostponedError, RetryPolicy
from subgraphs.kernel.messaging.subscriptions import Conclusion, Errand, Interest, Subscription
from subgraphs.kernel.outliving import outliving
from subgraphs.kernel.store.lost import CommitUnknownError, ConnectionLostError, DatabaseUnavailableError
from subgraphs.kernel.store.unit_of_work import Transactions, UnitOfWork
from subgraphs.kernel.telemetry.instruments import DEAD, DELIVERY_RETRIES, HANDLER_SECONDS
from subgraphs.kernel.telemetry.tracing import linked_span, record_failure

_log = structlog.stdlib.get_logger("subgraphs.worker")


class _RolledBackError(Exception):
    """A handler rolled its transaction back instead of raising."""


class UnrecordedLossError(DatabaseUnavailableError):
    """The connection was lost while a message was handled, and there is none by which to say so: `lost` is
    what has to be stored as soon as there is."""

    def __init__(self, lost: Delivery) -> None:
        super().__init__(f"the connection was lost while {lost.type} {lost.message_id} was handled")
        self.lost = lost


@dataclass(frozen=True, slots=True)
class Attempts:
    """Tries messages. `patience` is how long a handler's transaction may take."""

    transactions: Transactions
    retry: RetryPolicy
    patience: timedelta
    random: Random = field(default_factory=Random)

    async def make(self, claimed: Delivery) -> None:
        """Try once. What goes wrong is recorded; raises only when that fails, too: UnrecordedLossError or
        whatever the database raises."""
        started, (correlation_id, cause) = perf_counter(), _circumstances(claimed)
        with (
            structlog.contextvars.bound_contextvars(correlation_id=correlation_id),
            linked_span(f"handle {claimed.type}", _named(claimed), cause=cause) as current,
        ):
            outcome = await self._outcome_of(claimed)
            current.set_attribute("plait.outcome", outcome)
        HANDLER_SECONDS.labels(claimed.consumer, outcome).observe(perf_counter() - started)

    async def _outcome_of(self, claimed: Delivery) -> str:
        interest = self.transactions.subscriptions.find(claimed.consumer, claimed.type)
        if interest is None:
            reason = f"unknown_type: {claimed.consumer} has no handler for {claimed.type}"
            return await self._set_aside(claimed, reason)
        if claimed.crashes > self.retry.crashes:
            reason = f"its worker died {claimed.crashes - 1} times while handling it alone"
            return await self._bury(claimed, reason)
        if claimed.losses >= self.retry.losses:
            reason = f"its connection to the database was lost {claimed.losses} times in a row"
            return await self._bury(claimed, reason)
        try:
            return await self._run(interest, claimed)
        except NewerVersionError as error:
            return await self._set_aside(claimed, f"unknown_version: {error}")
        except PoisonError as error:
            return await self._bury(claimed, str(error))
        except PostponedError as error:
            return await self._postpone(claimed, error)
        except (ConnectionLostError, CommitUnknownError) as error:
            return await self._lost(claimed, error)
        except DatabaseUnavailableError as error:
            return await self._postpone(claimed, PostponedError(_said(error)))
        except Exception as error:  # noqa: BLE001 -- here a message becomes its outcome, as a request its response
            fault_point("worker.failed")
            record_failure(error)
            return await self._failed(claimed, error)

    async def _run(self, interest: Interest[Any], claimed: Delivery) -> str:
        """Handle what has become of the message by now, as far as it is still wanted."""
        stored = Stored(claimed.type, claimed.schema_version, claimed.data)
        bodies = self.transactions.subscriptions.registry.decode_parts(stored)
        meta = metadata_from_json(claimed.meta)
        parts = parts_of(claimed.source, claimed.key, bodies, meta)
        wanted = [part for part in parts if interest.key_of(part) is not None]
        conclusions = [await _prepared(interest, part) for part in wanted]
        async with self.transactions.begin(interest.context, meta.request()) as work:
            if not await finish(work.connection, claimed, forget=interest.forgets):
                await acquit(work.connection, claimed)
                _log.warning("lost its lease", **_named(claimed))
                return "lost"
            fault_point("worker.fenced")
            async with asyncio.timeout(self.patience.total_seconds()):
                with outliving():
                    for conclude in conclusions:
                        await conclude(work)
            if work.rolled_back:
                raise _RolledBackError("the handler rolled back")
        return "done"

    async def _failed(self, claimed: Delivery, error: Exception) -> str:
        failures, reason = claimed.attempts + 1, _said(error)
        if failures >= self.retry.attempts:
            return await self._bury(claimed, reason)
        delay = self.retry.delay(failures, self.random)
        async with self.transactions.database.transaction() as connection:
            await retry_at(connection, claimed, self.transactions.clock.now() + delay, reason)
        _log.warning(
            "will retry", **_named(claimed), failures=failures, seconds=_seconds(delay), exc_info=error
        )
        DELIVERY_RETRIES.labels(claimed.consumer).inc()
        return "retried"

    async def _lost(self, claimed: Delivery, error: Exception) -> str:
        """Its server may be at fault, or others; or the message, which ends whatever connection it gets.

        The pause is a matter of chance: what was in hand beside the message that is to blame must not be so
        again each time.
        """
        lost = replace(claimed, losses=claimed.losses + 1)
        delay = self.retry.delay(lost.losses, self.random)
        try:
            return await self._postpone(lost, PostponedError(_said(error), delay=delay))
        except (SQLAlchemyError, OSError) as failure:
            raise UnrecordedLossError(lost) from failure

    async def _postpone(self, claimed: Delivery, error: PostponedError) -> str:
        now, (shortest, longest) = self.transactions.clock.now(), PUT_OFF
        age = now - metadata_from_json(claimed.meta).occurred_at
        delay = error.delay if error.delay is not None else min(max(age, shortest), longest)
        async with self.transactions.database.transaction() as connection:
            await postpone(connection, claimed, now + delay, str(error))
            fault_point("worker.postponed")
        _log.warning("put off", **_named(claimed), reason=str(error), seconds=_seconds(delay))
        return "put off"

    async def _set_aside(self, claimed: Delivery, reason: str) -> str:
        async with self.transactions.database.transaction() as connection:
            await set_aside(connection, claimed, reason)
            fault_point("unknown.set_aside")
        _log.warning("needs a newer program", **_named(claimed), reason=reason)
        return "unknown"

    async def _bury(self, claimed: Delivery, reason: str) -> str:
        interest = self.transactions.subscriptions.find(claimed.consumer, claimed.type)
        skip = interest is not None and interest.skips_dead
        async with self.transactions.database.transaction() as connection:
            await bury(connection, claimed, reason, skip=skip)
        async with self.transactions.database.read() as connection:
            dead = await count_dead(connection)
        _log.error("dead letter", **_named(claimed), reason=reason, dead=dead)
        DEAD.labels(claimed.consumer).inc()
        return "dead"


async def _prepared(interest: Interest[Any], envelope: Envelope[Any]) -> Conclusion:
    """What is left to be done in the transaction; an errand is run here, before that opens."""
    match interest:
        case Errand(act=act, patience=patience):
            async with asyncio.timeout(None if patience is None else patience.total_seconds()):
                with outliving():
                    conclusion: Conclusion = await act(envelope)
            fault_point("errand.done")
            return conclusion
        case Subscription(handler=handler):

            async def handle(work: UnitOfWork) -> None:
                await handler(envelope, work)

            return handle
        case other:
            raise TypeError(f"{other.consumer} does nothing about {other.event.type}")


def _circumstances(claimed: Delivery) -> tuple[str | None, str | None]:
    """The correlation id and the traceparent. What cannot be read, its handling will complain of."""
    with suppress(msgspec.DecodeError):
        meta = metadata_from_json(claimed.meta)
        return meta.correlation_id, meta.traceparent
    return None, None


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _seconds(delay: timedelta) -> float:
    return round(delay.total_seconds(), 3)


def _named(claimed: Delivery) -> dict[str, str]:
    return {
        "consumer": claimed.consumer,
        "message": claimed.type,
        "message_id": claimed.message_id,
        "key": claimed.key,
    }
