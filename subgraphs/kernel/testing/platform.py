"""A platform of one's own for each test."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

from subgraphs.kernel.context import BoundedContext
from subgraphs.kernel.domain import Clock, RandomIds
from subgraphs.kernel.messaging.integration import IntegrationEvent
from subgraphs.kernel.messaging.registry import Registry
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.testing.clock import FakeClock

Build = Callable[[Platform], BoundedContext]

_FAST_PASSWORD_ROUNDS = 4


@asynccontextmanager
async def running(
    folder: Path,
    *builds: Build,
    clock: Clock | None = None,
    patience: timedelta = timedelta(0),
    contracts: Registry[IntegrationEvent] | None = None,
    database_url: str | None = None,
) -> AsyncIterator[tuple[Platform, Sequence[BoundedContext]]]:
    """These contexts, built and migrated on a SQLite file in `folder`, or on the database of a URL; ids are
    the same in every run.

    Queries wait for nothing, unless they are given `patience`. Where messages have had older versions, the
    `contracts` say how they are read.
    """
    settings = Settings(
        folder,
        database_url=database_url,
        password_rounds=_FAST_PASSWORD_ROUNDS,
        patience=patience,
        payments_provider="fake",
    )
    ids = RandomIds(Random(1))  # noqa: S311 -- ids, not secrets
    platform = Platform.open(settings, clock=clock or FakeClock(), ids=ids, contracts=contracts)
    try:
        contexts = [build(platform) for build in builds]
        platform.add(*contexts)
        await migrate(platform.database, contexts)
        yield platform, contexts
    finally:
        await platform.close()
