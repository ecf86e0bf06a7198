"""What a run says of its processes, and of a system that never comes to rest: seen to be broken."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from time import monotonic, sleep

import pytest

from subgraphs.kernel.application.request import RequestContext
from subgraphs.kernel.store.database import Database
from tests.subgraphs.chaos import gazette
from tests.subgraphs.chaos.control import Control, Phase
from tests.subgraphs.chaos.databases import sqlite_files
from tests.subgraphs.chaos.faults import Order
from tests.subgraphs.chaos.fleet import Fleet
from tests.subgraphs.chaos.invariants.finding import Finding
from tests.subgraphs.chaos.market import UNITS, build, market
from tests.subgraphs.chaos.notes import Say
from tests.subgraphs.chaos.report import as_text
from tests.subgraphs.chaos.roles import Role
from tests.subgraphs.chaos.run import Outcome, Run
from tests.subgraphs.chaos.world import Place, World
from tests.subgraphs.kernel.house import open_house


def test_faults_are_of_every_kind_before_any_comes_again() -> None:
    order, seen = Order(Random(1), {"often": 1_000, "hard": 1, "rare": 1}), []
    for number in range(50):
        seen.append(order.next())
        order.tried(seen[-1], has_happened=seen[-1] != "hard" or number > 2)
    first = seen.index("hard")
    assert {*seen[:3]} == {"often", "hard", "rare"}
    assert "hard" in seen[first + 1 : 5]
    assert seen.count("often") > 40


def test_what_holds_of_nothing_says_so() -> None:
    silent, quiet, loud = (
        Finding.of("silence", []),
        Finding.of("quiet", [], notes=0),
        Finding.of("loud", [], notes=1, bells=0),
    )
    assert [one.is_vacuous for one in (silent, quiet, loud)] == [False, True, False]
    said = as_text(Outcome({}, {"a mishap": 0}, 0, 0, (quiet, loud))).splitlines()
    assert [line.split() for line in said[-2:]] == [
        ["quiet", "holds,", "of", "nothing:", "notes", "0"],
        ["loud", "holds", "notes", "1,", "bells", "0"],
    ]


async def fails(place: Place, control: Control) -> None:
    raise ValueError("a bug")


async def lives_on(place: Place, control: Control) -> None:
    place.answers_file.touch()
    while True:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()


async def obeys(place: Place, control: Control) -> None:
    place.answers_file.touch()
    await asyncio.Event().wait()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A market where nothing has happened yet."""
    with sqlite_files(tmp_path) as databases, open_house(tmp_path / "house") as house:
        asyncio.run(build(databases.url))
        asyncio.run(gazette.build(databases.gazette))
        Control.create(tmp_path / "control")
        yield World(
            tmp_path,
            databases.url,
            databases.gazette,
            "redis://127.0.0.1:1",
            house.port,
            1,
            watcher=1,
            units=UNITS,
        )


@contextmanager
def fleet_of(role: Role, world: World) -> Iterator[tuple[Fleet, Place]]:
    place = Place(world, "one", 1, 0)
    fleet = Fleet([(role, place)])
    try:
        yield fleet, place
    finally:
        fleet.end()


def until_it_has_begun(fleet: Fleet, place: Place) -> None:
    deadline = monotonic() + 60
    while not place.answers_file.exists() and monotonic() < deadline:
        fleet.watch()
        sleep(0.01)
    assert place.answers_file.exists()


def test_a_process_that_ends_by_itself_is_seen(world: World) -> None:
    with fleet_of(fails, world) as (fleet, place):
        deadline = monotonic() + 60
        while not fleet.ended_by_themselves and monotonic() < deadline:
            fleet.watch()
            sleep(0.01)
        assert fleet.ended_by_themselves[0] == f"one ended with 1: see {place.log_file}"
        assert "ValueError: a bug" in place.log_file.read_text()


def test_a_process_that_outlives_its_end_is_seen(world: World) -> None:
    with fleet_of(lives_on, world) as (fleet, place):
        until_it_has_begun(fleet, place)
        Control(place.control_file).phase = Phase.ENDING
        assert not fleet.wait(None, 0.5)
        assert fleet.end() == [f"one did not: see {place.log_file}"]


def test_a_process_that_ends_when_it_is_told_to_is_well(world: World) -> None:
    with fleet_of(obeys, world) as (fleet, place):
        until_it_has_begun(fleet, place)
        Control(place.control_file).phase = Phase.ENDING
        assert fleet.wait(None, 60)
        assert fleet.end() == fleet.ended_by_themselves == []


def test_work_that_nobody_does_is_seen(world: World) -> None:
    async def say() -> None:
        async with market(world.url, Control(world.folder / "control")) as context:
            request = RequestContext(None, "one", idempotency_key="one-1")
            await context.commands.execute(Say("tea", 1), request)

    asyncio.run(say())
    assert of_a_run_without_processes(world) == {"it comes to rest"}


def test_a_state_that_may_not_be_is_seen(world: World) -> None:
    async def spoil() -> None:
        database = Database(world.url)
        async with database.transaction() as connection:
            await connection.exec_driver_sql("UPDATE shop_goods SET free = free + 1")
            await connection.exec_driver_sql("INSERT INTO market_carried_out (command) VALUES ('one-1')")
        await database.close()

    asyncio.run(spoil())
    assert of_a_run_without_processes(world) == {"every state on the way"}


def of_a_run_without_processes(world: World) -> set[str]:
    """What it says of the system on its way."""
    with open_house(world.folder / "another house") as house:
        control = Control(world.folder / "control")
        run = Run(world, Fleet([]), control, house, {}, lambda _: None, standstill=2)
        broken = {finding.invariant for finding in run.outcome(0).findings if not finding.holds}
    return broken & {"it comes to rest", "every state on the way"}
