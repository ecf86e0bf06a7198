"""What a mutation of learning leads to, seen by whoever asks gamification for it at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from subgraphs.kernel.messaging.worker import Worker
from subgraphs.kernel.projections import Projector
from subgraphs.learning.commands.studying import CompleteExercise
from tests.subgraphs.learning.school import STUDENT, School, open_school
from tests.subgraphs.people import done

COMPLETE = """
    mutation ($id: ID!) { completeExercise(input: {exerciseId: $id}) { version errors { code } } }
"""
STATS = """
    query ($id: ID!, $version: String) {
        playerStats(userId: $id, minVersion: $version) { totalXp stale rank recentXp(limit: 100) { amount } }
    }
"""
LONG = timedelta(minutes=5)


@asynccontextmanager
async def at_work(school: School) -> AsyncIterator[None]:
    """Worker and projector, as in a process that serves."""
    transactions = school.platform.transactions
    loops = {
        asyncio.create_task(Worker(transactions).run()),
        asyncio.create_task(Projector(transactions, school.gamification.projections).run()),
    }
    try:
        yield
    finally:
        for loop in loops:
            loop.cancel()
        await asyncio.wait(loops)


async def _complete(school: School, exercise_id: str) -> str | None:
    answer = await school.ask_learning(STUDENT).data(COMPLETE, id=exercise_id)
    assert answer["completeExercise"]["errors"] == []
    version: str | None = answer["completeExercise"]["version"]
    return version


async def _stats(school: School, version: str | None = None) -> dict[str, Any]:
    answer = await school.ask_gamification().data(STATS, id=STUDENT.id, version=version)
    stats: dict[str, Any] = answer["playerStats"]
    return stats


async def test_who_asks_with_the_version_of_a_mutation_sees_its_xp(tmp_path: Path) -> None:
    async with open_school(tmp_path, patience=LONG) as school, at_work(school):
        course = await school.course()
        for exercise_id, xp in zip(course.exercise_ids[:2], (10, 50), strict=True):
            version = await _complete(school, exercise_id)
            stats = await _stats(school, version)
            assert (stats["totalXp"], stats["stale"]) == (xp, False)
        assert (await _complete(school, course.exercise_ids[0])) is None  # a second time changes nothing


async def test_what_takes_too_long_is_answered_as_it_is(tmp_path: Path) -> None:
    async with open_school(tmp_path) as school:
        course = await school.course()
        version = await _complete(school, course.exercise_ids[0])
        stats = await _stats(school, version)
        assert (stats["totalXp"], stats["stale"]) == (0, True)
        assert not (await _stats(school))["stale"]
        await school.deliver()
        stats = await _stats(school, version)
        assert (stats["totalXp"], stats["stale"]) == (10, False)
        assert (await _stats(school, f"m-{uuid4()}"))["stale"]


async def test_a_version_that_is_none_is_refused(school: School) -> None:
    answer = await school.ask_gamification().execute(STATS, id=STUDENT.id, version="yesterday")
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_VERSION"


async def test_stats_are_all_as_of_one_moment(school: School) -> None:
    """While XP comes in, the sum of the entries is the total in every answer."""
    courses = [await school.course(f"Course {number}") for number in range(4)]
    async with at_work(school), asyncio.TaskGroup() as tasks:

        async def study() -> None:
            for course in courses:
                for exercise_id in course.exercise_ids:
                    done(await school.by(STUDENT, CompleteExercise(exercise_id, 100)))

        studying, totals = tasks.create_task(study()), set()
        while not studying.done():
            stats = await _stats(school)
            assert sum(one["amount"] for one in stats["recentXp"]) == stats["totalXp"]
            assert (stats["rank"] is None) == (stats["totalXp"] == 0)
            totals.add(stats["totalXp"])
        assert len(totals) > 1  # some of it was seen to come in
