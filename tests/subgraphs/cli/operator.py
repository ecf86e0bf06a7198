"""Somebody at a command line, and what happens in the database besides."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from unittest.mock import patch

import pytest
import structlog
from click.testing import CliRunner

from plait_schema.cli import USAGE_ERROR, plait
from subgraphs.contracts.learning import ExerciseCompleted, ExerciseType
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.messaging.retry import RetryPolicy
from subgraphs.kernel.messaging.sequencer import Sequencer
from subgraphs.kernel.messaging.worker import Worker, WorkerOptions
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.store.migrations import migrate
from subgraphs.platform import build

REPOSITORY = Path(__file__).resolve().parents[3]

STUDENT = "2f1c8f5e-6c1b-4a3e-9d44-0c8e5f1b7a10"
NOBODY = "nobody"  # no id of a player: gamification refuses to award anything

ONE_KIND = pytest.mark.parametrize("operator", ["sqlite"], indirect=True)
"""For what has nothing to do with the kind of the database."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a command."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        content = json.loads(self.out)
        assert content.pop("schema_version") == 1
        return content


@dataclass(frozen=True, slots=True)
class Operator:
    data_dir: Path
    url: str

    def runs(self, *arguments: str, said: str | None = None) -> Ran:
        """`plait ...` on this data; what is said to it comes from no terminal."""
        command = [*arguments, "--data-dir", str(self.data_dir)]
        ran = CliRunner().invoke(plait, command, input=said, catch_exceptions=False)
        usage_error = ran.exit_code == 2 or "Error: " in ran.stderr  # what `main` makes 3 of
        return Ran(USAGE_ERROR if usage_error else ran.exit_code, ran.stdout, ran.stderr)

    def with_platform(self, act: Callable[[Platform], Awaitable[T]]) -> T:
        """Do something on the same database, as the platform does."""

        async def acted() -> T:
            academy = build(self.data_dir, lambda line: None)
            try:
                return await act(academy.platform)
            finally:
                await academy.platform.close()

        with structlog.testing.capture_logs():
            return asyncio.run(acted())

    def students_complete_exercises(self, *users: str) -> None:
        """They are told of, and handled as far as they can be; what fails once is given up."""

        async def act(platform: Platform) -> None:
            request = RequestContext(None, "correlation")
            for number, user in enumerate(users):
                async with platform.transactions.begin("learning", request) as work:
                    work.publish(completed(user, number), key=user)
            await _work(platform)

        self.with_platform(act)

    def work_goes_on(self) -> None:
        """All that is due is handled."""
        self.with_platform(_work)


async def _work(platform: Platform) -> None:
    while await Sequencer(platform.transactions).step():
        pass
    await Worker(platform.transactions, options=WorkerOptions(retry=RetryPolicy(attempts=1))).drain()


def completed(user: str, number: int) -> ExerciseCompleted:
    return ExerciseCompleted(
        user_id=user,
        course_id="c",
        lesson_id="l",
        exercise_id=f"e{number}",
        exercise_type=ExerciseType.QUIZ,
        score=100,
        completed_at=datetime(2025, 9, 1, 8, tzinfo=UTC),
    )


async def found(url: str) -> None:
    """Make the tables of the platform."""
    with (
        TemporaryDirectory() as folder,
        patch.dict(os.environ, PLAIT_DATABASE_URL=url, PLAIT_PAYMENTS_PROVIDER="fake"),
    ):
        academy = build(Path(folder), lambda line: None)
        await migrate(academy.platform.database, academy.contexts)
        await academy.platform.close()
