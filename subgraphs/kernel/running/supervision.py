"""Loops that die are started again; in the end all finish what they have in hand."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from time import monotonic
from typing import Final

import structlog

from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.outliving import outliving
from subgraphs.kernel.running.loops import Loop
from subgraphs.kernel.store.hints import Hints
from subgraphs.kernel.telemetry.instruments import LOOP_RESTARTS

_log = structlog.stdlib.get_logger("subgraphs.loops")

_STEADY_SECONDS: Final = 60.0  # who ran for so long fails for the first time again
_ROLLBACK_SECONDS: Final = 2.0
_RESTARTS: Final = RetryPolicy(base=timedelta(seconds=1), cap=timedelta(seconds=30))


@dataclass(frozen=True, slots=True)
class Supervision:
    """`patience` is how long the loops may take to finish what they have in hand once they are to stop."""

    patience: timedelta = timedelta(seconds=15)
    restarts: RetryPolicy = _RESTARTS
    random: Random = field(default_factory=Random)


@asynccontextmanager
async def supervised(
    loops: Sequence[Loop],
    hints: Hints,
    supervision: Supervision | None = None,
    *,
    abandon: Callable[[], None],
) -> AsyncIterator[None]:
    """Run these loops until the block ends; then begin nothing new, and wait for what is in hand.

    Who is not finished in time is cancelled: its transaction is rolled back, and what it had claimed is given
    back. A database that does not answer to that either is left with `abandon`.
    """
    supervision = supervision or Supervision()
    tasks = {asyncio.create_task(_keep_alive(loop, hints, supervision), name=loop.name) for loop in loops}
    try:
        yield
    finally:
        hints.stop()
        try:
            if tasks:
                await asyncio.wait(tasks, timeout=supervision.patience.total_seconds())
        finally:
            late = {task for task in tasks if task.cancel()}
            if late:
                _log.warning("not finished in time", loops=sorted(task.get_name() for task in late))
                _, late = await asyncio.wait(late, timeout=_ROLLBACK_SECONDS)
            if late:
                _log.error("the database does not answer", loops=sorted(task.get_name() for task in late))
                abandon()
                await asyncio.wait(late, timeout=_ROLLBACK_SECONDS)


async def _keep_alive(loop: Loop, hints: Hints, supervision: Supervision) -> None:
    failures = 0
    while not hints.is_stopping:
        began = monotonic()
        try:
            with outliving():
                await loop.run()
        except Exception as error:  # noqa: BLE001 -- whatever it is, the other loops go on, and this one soon
            failures = 1 if monotonic() - began > _STEADY_SECONDS else failures + 1
            delay = supervision.restarts.delay(failures, supervision.random).total_seconds()
            LOOP_RESTARTS.labels(loop.name).inc()
            _log.error("loop died", loop=loop.name, again_in_seconds=round(delay, 3), exc_info=error)
            await hints.pause(delay)
        else:
            return
