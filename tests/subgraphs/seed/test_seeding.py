"""The schedule carried out: once, whole, the same every time, through every rule of the contexts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, inspect, select

from subgraphs.contracts.notification import Template
from subgraphs.gamification import app as gamification
from subgraphs.identity import app as identity
from subgraphs.identity.commands import Login
from subgraphs.identity.domain import UserStatus
from subgraphs.identity.tables import settings as settings_of
from subgraphs.identity.tables import users
from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.domain import Success
from subgraphs.kernel.faults import watch_fault_points
from subgraphs.kernel.platform import Platform
from subgraphs.kernel.settings import Settings
from subgraphs.kernel.store.migrations import migrate
from subgraphs.kernel.testing.client import GraphQLClient
from subgraphs.kernel.testing.clock import FakeClock
from subgraphs.kernel.testing.postgres import TemporaryPostgres
from subgraphs.learning import app as learning
from subgraphs.notification.tables import notification
from subgraphs.seed.content import Academy, read_academy
from subgraphs.seed.demo import DEMO_LOGINS
from subgraphs.seed.seeding import seed
from subgraphs.tutoring.tables import tutor

pytestmark = pytest.mark.long

NOW = datetime(2026, 11, 23, 0, 5, tzinfo=UTC)  # a Monday, five minutes old


_UNUSED = {
    *("audit", "epoch", "idempotency", "intake", "snapshot"),
    *("assessment_feedback", "assessment_submission", "payments_asker", "payments_provider_event"),
    *("learning_coding_submission", "learning_enrollment_request"),
    *("identity_external_identity", "identity_login_attempts"),
    *("identity_refresh_token", "identity_session"),
}
"""Nobody asks under a key or to be enrolled, or logs in, and no message dies."""


class Killed(BaseException):
    """The process ends here, as far as the seeding can tell."""


@pytest.fixture
def small_academy() -> Academy:
    """A few students and short courses: as much to go wrong, in less time."""
    academy = read_academy()
    courses = [replace(course, sections=course.sections[:1]) for course in academy.courses[-4:]]
    return replace(academy, students=academy.students[:5], courses=tuple(courses))


async def test_the_whole_academy_is_seeded_once_and_shows_something(tmp_path: Path) -> None:
    told: list[str] = []
    settings = Settings(tmp_path)
    assert await seed(settings, now=NOW, tell=told.append)
    assert [line.split(":")[0] for line in told] == ["Seeding the academy"] * 4
    assert told[2].startswith("Seeding the academy: 50 %")
    assert not await seed(settings, now=NOW, tell=told.append)
    assert len(told) == 4
    async with _opened(settings) as platform:
        catalog = await GraphQLClient(learning.build(platform).asgi).data(
            "{ courseCatalog { nodes { title tutor { id } lessonCount exerciseCount } } }"
        )
        assert len(catalog["courseCatalog"]["nodes"]) == 14
        for leaderboard in ("WEEKLY", "MONTHLY", "ALL_TIME"):
            board = await GraphQLClient(gamification.build(platform).asgi).data(
                "query ($t: LeaderboardType!) { leaderboard(type: $t) { xp level } }", t=leaderboard
            )
            assert len(board["leaderboard"]) >= 10
        await _find_everybody(platform)
        commands = identity.build(platform).commands
        for login in DEMO_LOGINS[:1]:  # all share one hash
            token = await commands.execute(Login(login.email, login.password), RequestContext(None, "login"))
            assert isinstance(token, Success)


async def _find_everybody(platform: Platform) -> None:
    """People in every state, and a mail of every template."""
    async with platform.database.read() as connection:
        statuses = set(await connection.scalars(select(users.c.status)))
        zones = set(await connection.scalars(select(settings_of.c.time_zone)))
        told = set(await connection.scalars(select(notification.c.template)))
        rows = await connection.execute(select(tutor))
        tutors = {(row.is_listed, row.is_verified, row.dashboard_since is not None) for row in rows}
    assert statuses == set(UserStatus)
    assert len(zones) >= 10
    assert told == set(Template)
    assert tutors == {(False, False, True), (True, False, False), (True, False, True), (True, True, True)}


async def test_two_runs_are_equal_to_the_last_row_even_if_one_was_interrupted(
    tmp_path: Path, small_academy: Academy
) -> None:
    at_once, interrupted = _settings(tmp_path / "at once"), _settings(tmp_path / "interrupted")
    assert await seed(at_once, now=NOW, tell=lambda _: None, academy=small_academy)
    told: list[str] = []
    for commits in (0, 60):
        with pytest.raises(Killed):
            await _seed_and_die(interrupted, small_academy, commits, told)
    assert await seed(interrupted, now=NOW, tell=told.append, academy=small_academy)
    anew = "The last seeding was interrupted: beginning anew"
    assert [line for line in told if "%" not in line] == [told[0], anew, told[0], anew, told[0]]
    expected, rows = await _rows(at_once), await _rows(interrupted)
    assert set(expected) >= {"identity_user", "learning_course", "gamification_player", "kernel_outbox"}
    for table in expected:
        assert expected[table] == rows[table], table
        if table.startswith("kernel_"):
            assert bool(rows[table]) == (table.removeprefix("kernel_") not in _UNUSED), table


async def test_the_academy_lives_on_postgresql_as_well(
    tmp_path: Path, postgres: TemporaryPostgres, small_academy: Academy
) -> None:
    database = postgres.url(await asyncio.to_thread(postgres.create))
    settings = replace(_settings(tmp_path), database_url=database)
    assert await seed(settings, now=NOW, tell=lambda _: None, academy=small_academy)
    assert not await seed(settings, now=NOW, tell=lambda _: None, academy=small_academy)
    async with _opened(settings) as platform:
        board = await GraphQLClient(gamification.build(platform).asgi).data(
            "{ leaderboard(type: ALL_TIME) { xp user { playerStats { totalXp rank badges { type } } } } }"
        )
        assert len(board["leaderboard"]) >= 3
        for number, line in enumerate(board["leaderboard"], start=1):
            assert line["xp"] == line["user"]["playerStats"]["totalXp"]
            assert line["user"]["playerStats"]["rank"] == number


async def test_a_database_that_somebody_works_with_is_left_alone(
    tmp_path: Path, small_academy: Academy
) -> None:
    settings = _settings(tmp_path)
    async with _opened(settings) as platform:
        users = identity.build(platform)
        await migrate(platform.database, [users])
        client = GraphQLClient(users.asgi)
        registered = await client.data(
            "mutation ($i: RegisterUserInput!) { registerUser(input: $i) { user { name } } }",
            i={"email": "a@b.org", "password": "long enough", "firstName": "A", "lastName": "B"},
        )
        assert registered["registerUser"]["user"] == {"name": "A B"}
    told: list[str] = []
    assert not await seed(settings, now=NOW, tell=told.append, academy=small_academy)
    assert len(told) == 1
    assert len((await _rows(settings))["identity_user"]) == 1


def _settings(folder: Path) -> Settings:
    folder.mkdir(exist_ok=True)
    return Settings(folder, password_rounds=4)


async def _seed_and_die(settings: Settings, academy: Academy, commits: int, told: list[str]) -> None:
    """Begin to seed, and die in the transaction after this many commands and deliveries."""
    left = commits

    def reached(point: str) -> None:
        nonlocal left
        if point == "transaction.published":
            if left == 0:
                raise Killed
            left -= 1

    watch_fault_points(reached)
    try:
        await seed(settings, now=NOW, tell=told.append, academy=academy)
    finally:
        watch_fault_points(None)


async def _rows(settings: Settings) -> dict[str, list[Any]]:
    """Every row of every table, by the tables' names."""
    async with _opened(settings) as platform, platform.database.read() as connection:
        metadata = MetaData()
        await connection.run_sync(metadata.reflect)
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        return {
            name: [tuple(row) for row in await connection.execute(select(*_columns(metadata.tables[name])))]
            for name in sorted(names)
        }


_BY_CHANCE = {
    ("kernel_delivery", "id"),
    ("kernel_delivery", "data"),
    ("identity_user", "password_hash"),
    ("identity_user", "verification_hash"),
    ("identity_user", "password_reset_hash"),
    ("notification_notification", "once_key"),
}
"""Tokens of mails and the salt of passwords differ, and what is made of them: those who use them must not."""


def _columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if (table.name, column.name) not in _BY_CHANCE]


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Platform]:
    platform = Platform.open(settings, clock=FakeClock(NOW))
    try:
        yield platform
    finally:
        await platform.close()
