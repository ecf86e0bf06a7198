"""Gamification in a place of its own: it hears of what happens in learning as if it were next door."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from uuid import UUID

import click
import pytest
from sqlalchemy import func, select

from subgraphs.contracts.learning import ExerciseCompleted, ExerciseType
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.store.tables import delivery
from subgraphs.kernel.testing.redis import TemporaryRedis
from subgraphs.platform import EdTechPlatform, build

ADA, COURSE, LESSON, EXERCISE = (str(UUID(int=number, version=4)) for number in range(1, 5))
COMPLETED = ExerciseCompleted(
    ADA, COURSE, LESSON, EXERCISE, ExerciseType.QUIZ, 100, datetime(2025, 9, 1, tzinfo=UTC)
)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("PLAIT_CONTEXTS", "PLAIT_REDIS_URL", "PLAIT_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def open_place(environment: pytest.MonkeyPatch, folder: Path, variables: Mapping[str, str]) -> EdTechPlatform:
    folder.mkdir()
    for name, value in variables.items():
        environment.setenv(name, value)
    return build(folder, lambda _: None)


async def test_what_learning_tells_reaches_gamification_elsewhere(
    environment: pytest.MonkeyPatch, tmp_path: Path, redis: TemporaryRedis
) -> None:
    there = {"PLAIT_REDIS_URL": redis.url}
    school = open_place(environment, tmp_path / "1", {"PLAIT_CONTEXTS": "identity, learning", **there})
    arcade = open_place(environment, tmp_path / "2", {"PLAIT_CONTEXTS": "gamification", **there})
    assert (set(school.subgraphs), set(arcade.subgraphs)) == ({"identity", "learning"}, {"gamification"})
    async with school.running(), arcade.running():
        request = RequestContext(None, "correlation")
        async with school.platform.transactions.begin("learning", request) as work:
            work.publish(COMPLETED, key=COMPLETED.user_id)
        deadline = monotonic() + 120
        while not await _handled(arcade):
            assert monotonic() < deadline, "nothing has arrived"
            await asyncio.sleep(0.02)
        assert await _handled(school) == 0


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"PLAIT_CONTEXTS": "learning"}, "PLAIT_REDIS_URL says how messages get there"),
        (
            {"PLAIT_CONTEXTS": "learning,lerning"},
            "there is no context 'lerning', only assessment",
        ),
    ],
)
def test_what_cannot_work_is_said_at_once(
    environment: pytest.MonkeyPatch, tmp_path: Path, variables: Mapping[str, str], complaint: str
) -> None:
    with pytest.raises(click.ClickException, match=complaint):
        open_place(environment, tmp_path / "1", variables)


async def _handled(place: EdTechPlatform) -> int:
    handled = select(func.count()).where(
        delivery.c.type == COMPLETED.type, delivery.c.source == "learning", delivery.c.status == "done"
    )
    async with place.platform.database.read() as connection:
        return await connection.scalar(handled) or 0
