"""What happens to the system. A seed decides what and when; what it meets is chance."""

from collections import Counter
from datetime import timedelta
from random import Random
from time import monotonic
from typing import Final

from tests.subgraphs.chaos.control import Control
from tests.subgraphs.chaos.databases import Patient
from tests.subgraphs.chaos.fleet import Fleet, Member
from tests.subgraphs.chaos.observer import rebuild
from tests.subgraphs.chaos.roles import LEASE_SECONDS

_WEIGHTS: Final = {"kill -9": 10, "SIGSTOP": 3, "clock jump": 3, "kill -9 of all": 1, "rebuild": 1}
_INJURY_WEIGHT: Final = 2
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 0.9
_LONGEST_GRAVE: Final = 0.5
_LARGEST_JUMP_MINUTES: Final = 20


class Injector:
    """`step` does what is due now. `counts` says how often what was done."""

    def __init__(self, seed: int, fleet: Fleet, database: Patient, control: Control) -> None:
        self._chance = Random(seed)
        self._fleet, self._database, self._control = fleet, database, control
        self._stopped: list[tuple[float, Member]] = []
        self._next_at = 0.0  # at once
        self.counts: Counter[str] = Counter()

    def step(self) -> None:
        now = monotonic()
        for until, member in tuple(self._stopped):
            if now >= until:
                self._stopped.remove((until, member))
                self._fleet.go_on(member)
        if now < self._next_at:
            return
        self._next_at = now + self._chance.uniform(_SHORTEST_PAUSE, _LONGEST_PAUSE)
        weights = _WEIGHTS | dict.fromkeys(self._database.injuries, _INJURY_WEIGHT)
        (kind,) = self._chance.choices(tuple(weights), tuple(weights.values()))
        if self._happens(kind):
            self.counts[kind] += 1

    def end(self) -> None:
        """Have whoever stands still go on, and set the clocks right."""
        self._fleet.release()
        for member in self._fleet.members:
            self._control.put_wrong(member.place.slot, timedelta())

    def _happens(self, kind: str) -> bool:
        alive = self._fleet.alive()
        if not alive:
            return False
        victim = self._chance.choice(alive)
        match kind:
            case "kill -9":
                self._kill(victim)
            case "kill -9 of all":
                for member in alive:
                    self._kill(member)
            case "SIGSTOP":
                self._fleet.stop(victim)
                self._stopped.append((monotonic() + self._chance.uniform(0.5, 2) * LEASE_SECONDS, victim))
            case "clock jump":
                minutes = self._chance.uniform(-_LARGEST_JUMP_MINUTES, _LARGEST_JUMP_MINUTES)
                self._control.put_wrong(victim.place.slot, timedelta(minutes=minutes))
            case "rebuild":
                return rebuild(self._database.url, self._control)
            case _:
                self._database.injuries[kind](self._chance)
        return True

    def _kill(self, member: Member) -> None:
        self._fleet.kill(member, buried_for=self._chance.uniform(0, _LONGEST_GRAVE))
