"""Carries the schedule out: real commands, given by those who would give them, at the times they would."""

import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Final, assert_never

from subgraphs.contexts import CONTEXTS
from subgraphs.contracts import CONTRACTS
from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import RandomIds
from subgraphs.kernel.messaging.backlog import queues
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.projections import Projector
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store import tables as kernel_tables
from subgraphs.kernel.store.migrations import migrate
from subgraphs.notification.senders.choosing import outbox_folder
from subgraphs.notification.senders.files import Outbox
from subgraphs.seed import marker
from subgraphs.seed.arriving import Happening
from subgraphs.seed.content import Academy, read_academy
from subgraphs.seed.courses import Teach
from subgraphs.seed.marker import Progress, SeedTables
from subgraphs.seed.people import Join
from subgraphs.seed.playing import TakeRewards
from subgraphs.seed.run import Run, SeedingError, Step
from subgraphs.seed.schedule import schedule
from subgraphs.seed.studying import Complete

_TELLS: Final = 4
"""How often it is told how far the seeding has come."""

_ROUNDS: Final = 4  # everybody knows these passwords

_AT_ONCE: Final = WorkerOptions(batch=500, errands=100)
"""Nobody else handles messages meanwhile: the fewer claims, the better."""

_IDS: Final = 1854  # any number: the same one makes the same ids

_TABLES: Final = (*(context.tables for context in CONTEXTS.values()), kernel_tables.metadata)


async def seed(
    settings: Settings, *, now: datetime, tell: Callable[[str], None], academy: Academy | None = None
) -> bool:
    """Migrate, and fill an empty database with an academy (that of the files) as it is on the day of `now`.

    A database that is seeded, or that somebody works with already, is left alone; what an interrupted seeding
    left is deleted, and the seeding begun anew. Nobody may use the database meanwhile. `tell` gets a line for
    every stage. Returns whether anything was seeded.
    """
    clock = _Timeline(now)
    ids = RandomIds(Random(_IDS))  # noqa: S311 -- not secret
    # People do in seconds what they did in weeks; nobody gets mails about that, or pays real money.
    settings = replace(
        settings,
        redis_url=None,
        smtp_url=None,
        twilio=None,
        fcm_credentials=None,
        payments_provider="fake",
        password_rounds=_ROUNDS,
        requests_per_minute=sys.maxsize,
    )
    platform = Platform.open(settings, clock=clock, ids=ids, threads=False, contracts=CONTRACTS)
    try:
        contexts = [context.build(platform) for context in CONTEXTS.values()]
        platform.add(*contexts)
        await migrate(platform.database, (*contexts, SeedTables()))
        if not await _is_wanted(platform, tell):
            return False
        await marker.begin(platform.database, _TABLES, at=now)
        steps = schedule(academy or read_academy(), now.date())
        tell(_summary(steps))
        run = Run(
            {context.name: context.commands for context in contexts},
            {context.name: context.queries for context in contexts},
            platform.ids,
            Outbox(outbox_folder(settings.data_dir)),
        )
        await _carry_out(steps, run, platform, clock, tell)
        await _project(platform, contexts)
        await marker.finish(platform.database, at=now)
        return True
    finally:
        await platform.close()


async def _is_wanted(platform: Platform, tell: Callable[[str], None]) -> bool:
    found = await marker.progress(platform.database)
    match found:
        case Progress.FINISHED:
            return False
        case Progress.IN_USE:
            tell("The database is in use without the demonstration academy, and stays as it is")
            return False
        case Progress.INTERRUPTED:
            tell("The last seeding was interrupted: beginning anew")
            return True
        case Progress.EMPTY:
            return True
        case _:
            assert_never(found)


async def _project(platform: Platform, contexts: Iterable[BoundedContext]) -> None:
    sequencer = Sequencer(platform.transactions)
    while await sequencer.step():
        pass
    projections = [one for context in contexts for one in context.projections]
    projector = Projector(platform.transactions, projections, name="seed")
    applied = 1
    while applied:
        applied = await projector.step()
        await asyncio.sleep(0)  # as between the steps


def _summary(steps: Sequence[Step]) -> str:
    people, courses, completed = (
        sum(isinstance(step, kind) for step in steps) for kind in (Join, Teach, Complete)
    )
    return f"Seeding the academy: {people} people, {courses} courses, {completed} completed exercises"


class _Timeline:
    """A clock that shows the time of the step that is carried out."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def move_to(self, instant: datetime) -> None:
        self._now = instant


async def _carry_out(
    steps: Sequence[Step],
    run: Run,
    platform: Platform,
    clock: _Timeline,
    tell: Callable[[str], None],
) -> None:
    """Do everything, and let the events of each day take effect before the next one begins, and before what
    depends on them."""
    worker = Worker(platform.transactions, options=_AT_ONCE)
    day = None
    for number, step in enumerate(steps):
        if number and number % (len(steps) // _TELLS + 1) == 0:
            tell(f"Seeding the academy: {100 * number // len(steps)} %, {step.at:%B %Y}")
        if day not in (None, step.at.date()) or isinstance(step, TakeRewards | Happening):
            await worker.drain()
        day = step.at.date()
        clock.move_to(step.at)
        await step.carry_out(run)
        await asyncio.sleep(0)  # the database waits for nothing: let those in who want to stop us
    await worker.drain()
    async with platform.database.read() as connection:
        for left in await queues(connection, now=clock.now()):
            is_here = left.consumer in platform.subscriptions.consumers()
            if is_here and (left.ready or left.leased or left.dead or left.blocked):
                raise SeedingError(f"not every event was handled: {left}")
