"""One run: start the system, hurt it for a while, let it come to rest, and see what holds."""

import asyncio
import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from subgraphs.kernel.testing.redis import temporary_redis
from tests.subgraphs.chaos import full_disk, gazette
from tests.subgraphs.chaos.control import Control, Phase
from tests.subgraphs.chaos.databases import Databases, Injury
from tests.subgraphs.chaos.faults import Injector
from tests.subgraphs.chaos.fleet import Fleet
from tests.subgraphs.chaos.invariants.finding import Finding
from tests.subgraphs.chaos.lossy_redis import LossyRedis
from tests.subgraphs.chaos.market import UNITS, build
from tests.subgraphs.chaos.observer import Sample, findings, look, rebuild
from tests.subgraphs.chaos.roles import (
    Role,
    answered,
    carry,
    number,
    operate,
    produce,
    project,
    publish,
    work,
)
from tests.subgraphs.chaos.world import Place, World
from tests.subgraphs.kernel.house import House, open_house

_ROLES: Final[tuple[tuple[str, Role, int], ...]] = (
    ("producer", produce, 2),
    ("worker", work, 3),
    ("sequencer", number, 2),
    ("projector", project, 2),
    ("courier", carry, 2),
    ("press", publish, 2),
    ("operator", operate, 1),
)
_STANDSTILL_SECONDS: Final = 120.0
"""How long nothing may change before the system has come to rest, on the slowest of machines."""

_MOST_WAITING: Final = 300
"""Beyond that the producers pause."""

_TELL_EVERY_SECONDS: Final = 1.0
_STEP_SECONDS: Final = 0.02
_LOOK_EVERY_SECONDS: Final = 0.1
_LONGEST_LEAP: Final = timedelta(minutes=10)
_BEYOND: Final = timedelta(seconds=30)
"""So far behind the next timer, so that those that are due soon after it do not take a leap each."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done to the system, what went wrong by itself, and what holds all the same."""

    faults: Mapping[str, int]
    mishaps: Mapping[str, int]
    handled: int
    commands: int
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        return all(finding.holds for finding in self.findings)


Open = Callable[[Path], AbstractContextManager[Databases]]
Tell = Callable[[str], None]


def run(folder: Path, open_databases: Open, *, redis: str, seed: int, seconds: float, tell: Tell) -> Outcome:
    """Everything is written into the folder, which exists and is empty. `redis` is the server's program.
    `tell` hears how it goes."""
    with (
        open_house(folder / "house") as house,
        open_databases(folder) as databases,
        temporary_redis(redis) as server,
    ):
        units = max(UNITS, round(seconds))
        asyncio.run(build(databases.url, units=units))
        asyncio.run(gazette.build(databases.gazette))
        world = World(
            folder,
            databases.url,
            databases.gazette,
            server.url,
            house.port,
            seed,
            watcher=os.getpid(),
            units=units,
        )
        control = Control.create(folder / "control")
        fleet = Fleet(_places(world))
        injuries = {**databases.injuries, **LossyRedis(server).injuries}
        if databases.url.startswith("sqlite"):
            injuries["disk full"] = partial(full_disk.fill, control)
        try:
            return Run(world, fleet, control, house, injuries, tell).outcome(seconds)
        finally:
            fleet.end()


def _places(world: World) -> list[tuple[Role, Place]]:
    members: list[tuple[Role, Place]] = []
    for kind, role, count in _ROLES:
        for n in range(1, count + 1):
            if role is number and world.url.startswith("sqlite"):
                continue  # rows have their numbers when they are written
            slot = len(members) + 1
            members.append((role, Place(world, f"{kind}-{n}", slot, life=0)))
    return members


class Run:
    """On servers that are there. `standstill` is how long nothing may change before it is over."""

    def __init__(
        self,
        world: World,
        fleet: Fleet,
        control: Control,
        house: House,
        injuries: Mapping[str, Injury],
        tell: Tell,
        *,
        standstill: float = _STANDSTILL_SECONDS,
    ) -> None:
        self._standstill = standstill
        self._world, self._fleet, self._control, self._house = world, fleet, control, house
        self._injector = Injector(world.seed, fleet, control, injuries, partial(rebuild, world, control))
        self._tell = tell
        self._told_at = 0.0
        self._begun = monotonic()
        self._last: Sample | None = None
        self._wrong: list[str] = []
        self._looks = 0

    def outcome(self, seconds: float) -> Outcome:
        begins = self._begin()
        self._hurt(seconds)
        self._injector.end()
        comes_to_rest = begins and self._come_to_rest()
        self._control.phase = Phase.ENDING
        self._fleet.wait(None, self._standstill)
        outlived = self._fleet.end()
        producers = [one.place for one in self._fleet.members if one.role is produce]
        answers = {place.name: answered(place.answers_file) for place in producers}
        found = (
            *findings(self._world, self._control, self._house, answers),
            Finding.of("every state on the way", self._wrong, looks=self._looks),
            Finding.of("no process ends by itself", self._fleet.ended_by_themselves),
            Finding.of("every process ends when it is told to", outlived),
            Finding.of("it comes to rest", [] if comes_to_rest else [f"nothing changes: {self._last}"]),
        )
        return Outcome(
            faults={**self._injector.counts, "killed by a message": self._fleet.killed_themselves},
            mishaps=self._control.mishaps(),
            handled=self._last.handled if self._last else 0,
            commands=self._last.commands if self._last else 0,
            findings=found,
        )

    def _begin(self) -> bool:
        """Wait until the first command is carried out: there is nothing to be hurt before."""
        deadline = monotonic() + self._standstill
        while monotonic() < deadline:
            self._fleet.watch()
            sample = self._look("starting")
            if sample is not None and sample.commands:
                return True
            sleep(_LOOK_EVERY_SECONDS)
        return False

    def _hurt(self, seconds: float) -> None:
        until = monotonic() + seconds
        while monotonic() < until:
            self._fleet.watch()
            self._injector.step()
            self._look_now_and_then("hurt")
            sleep(_STEP_SECONDS)

    def _come_to_rest(self) -> bool:
        """Nothing new is asked for; time leaps to where the next timer is due, until there is none."""
        self._control.phase = Phase.DRAINING
        if not self._fleet.wait(produce, self._standstill):
            return False
        before, changed_at = self._last, monotonic()
        while monotonic() < changed_at + self._standstill:
            self._fleet.watch(ending=frozenset([produce]))
            sample = self._look("resting")
            if sample is None:
                sleep(_LOOK_EVERY_SECONDS)
                continue
            if sample.is_at_rest:
                return True
            if before is None or sample.progress != before.progress:
                before, changed_at = sample, monotonic()
            if not sample.at_once and sample.next_due is not None:
                self._control.advance(min(_LONGEST_LEAP, sample.next_due - self._control.now() + _BEYOND))
            sleep(_LOOK_EVERY_SECONDS)
        return False

    def _look_now_and_then(self, doing: str) -> None:
        if monotonic() >= self._told_at + _TELL_EVERY_SECONDS:
            self._look(doing)

    def _look(self, doing: str) -> Sample | None:
        sample = look(self._world, self._control.now())
        if sample is not None:
            self._last = sample
            self._looks += 1
            self._control.is_crowded = sample.waiting > _MOST_WAITING
            self._wrong += sample.wrong
        if monotonic() >= self._told_at + _TELL_EVERY_SECONDS and self._last is not None:
            self._told_at = monotonic()
            self._tell(
                f"{doing} {self._told_at - self._begun:5.0f} s: {self._last.commands:,} commands, "
                f"{self._last.handled:,} messages, {self._last.waiting:,} waiting, "
                f"{self._injector.counts.total():,} faults"
            )
        return sample
