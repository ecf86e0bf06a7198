"""What contexts do from time to time."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.contracts import CONTRACTS
from subgraphs.gamification.app import build
from subgraphs.gamification.tables import player
from subgraphs.kernel.running.jobs import Job
from subgraphs.kernel.running.loops import Role, loops_of
from subgraphs.kernel.running.process import at_work
from subgraphs.kernel.testing.platform import running

_PLAYERS = (3, 3, 1)


def seating(seated: asyncio.Event, *, breaks: bool = False) -> Job:
    """Seats players, three at a time, until there is nobody left."""
    groups = iter(_PLAYERS)

    async def seat(connection: AsyncConnection, _: datetime) -> int:
        group = next(groups, 0)
        if not group:
            seated.set()
        before = await connection.scalar(select(func.count()).select_from(player)) or 0
        for number in range(before, before + group):
            empty = {"total_xp": 0, "level": 1, "streak_days": 0, "longest_streak": 0}
            await connection.execute(player.insert().values(id=str(number), version=1, **empty))
        if breaks:
            raise RuntimeError
        return group

    return Job("gamification.seating", timedelta(hours=1), seat)


async def test_a_job_is_done_until_nothing_is_left_of_it(tmp_path: Path) -> None:
    seated = asyncio.Event()
    async with running(tmp_path, build, contracts=CONTRACTS) as (platform, [context]):
        busy = replace(context, jobs=(seating(seated),))
        async with at_work(platform, [busy], roles=[Role.WORKER]), asyncio.timeout(60):
            await seated.wait()
        async with platform.database.read() as connection:
            assert await connection.scalar(select(func.count()).select_from(player)) == sum(_PLAYERS)


async def test_a_step_that_fails_leaves_nothing_half_done(tmp_path: Path) -> None:
    async with running(tmp_path, build, contracts=CONTRACTS) as (platform, _):
        with pytest.raises(RuntimeError):
            await seating(asyncio.Event(), breaks=True).do(platform.transactions)
        async with platform.database.read() as connection:
            assert await connection.scalar(select(func.count()).select_from(player)) == 0


async def test_jobs_are_done_by_whoever_handles_the_context(tmp_path: Path) -> None:
    async with running(tmp_path, build, contracts=CONTRACTS) as (platform, [context]):
        busy = [replace(context, jobs=(seating(asyncio.Event()),))]
        for handling, expected in ((None, True), (["gamification"], True), (["learning"], False)):
            names = {loop.name for loop in loops_of(platform, busy, handling=handling)}
            assert ("gamification.seating" in names) is expected
