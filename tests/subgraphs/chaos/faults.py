"""What happens to the system. A seed decides what and when; what it meets is chance."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random
from time import monotonic
from typing import Final

from tests.subgraphs.chaos.control import Control
from tests.subgraphs.chaos.databases import Injury
from tests.subgraphs.chaos.fleet import Fleet, Member
from tests.subgraphs.chaos.roles import LEASE_SECONDS

_WEIGHTS: Final = {"kill -9": 10, "SIGSTOP": 3, "clock jump": 3, "kill -9 of all": 1, "rebuild": 1}
_INJURY_WEIGHT: Final = 2
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 0.9
_LONGEST_GRAVE: Final = 0.5
_LARGEST_JUMP_MINUTES: Final = 20


class Order:
    """In which order kinds of faults happen: each once, and then by weight."""

    def __init__(self, chance: Random, weights: Mapping[str, int]) -> None:
        self._chance, self._weights = chance, weights
        self._missing = chance.sample(list(weights), len(weights))

    def next(self) -> str:
        if self._missing:
            return self._missing[0]
        (kind,) = self._chance.choices(tuple(self._weights), tuple(self._weights.values()))
        return kind

    def tried(self, kind: str, *, has_happened: bool) -> None:
        """One that could not happen now has its turn after the others."""
        if kind in self._missing:
            self._missing.remove(kind)
            if not has_happened:
                self._missing.append(kind)


class Injector:
    """`step` does what is due now. `counts` says how often what was done.

    `injuries` are those of the servers; `rebuild` has the read model built anew, if it can.
    """

    def __init__(
        self,
        seed: int,
        fleet: Fleet,
        control: Control,
        injuries: Mapping[str, Injury],
        rebuild: Callable[[], bool],
    ) -> None:
        self._chance = Random(seed)
        self._fleet, self._control, self._injuries, self._rebuild = fleet, control, injuries, rebuild
        self._recoveries: list[tuple[float, Callable[[], None]]] = []
        self._next_at = 0.0  # at once
        weights = _WEIGHTS | dict.fromkeys(injuries, _INJURY_WEIGHT)
        self._order = Order(self._chance, weights)
        self.counts: Counter[str] = Counter(dict.fromkeys(weights, 0))

    def step(self) -> None:
        now = monotonic()
        self._recover(now)
        if now < self._next_at:
            return
        self._next_at = now + self._chance.uniform(_SHORTEST_PAUSE, _LONGEST_PAUSE)
        kind = self._order.next()
        has_happened = self._happens(kind)
        self._order.tried(kind, has_happened=has_happened)
        self.counts[kind] += has_happened

    def end(self) -> None:
        """Have whoever stands still go on, the servers answer, and set the clocks right."""
        self._recover(float("inf"))
        self._fleet.release()
        for member in self._fleet.members:
            self._control.put_wrong(member.place.slot, timedelta())

    def _recover(self, now: float) -> None:
        for recovery in tuple(self._recoveries):
            until, recover = recovery
            if now >= until:
                self._recoveries.remove(recovery)
                recover()

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
                until = monotonic() + self._chance.uniform(0.5, 2) * LEASE_SECONDS
                self._recoveries.append((until, lambda: self._fleet.go_on(victim)))
            case "clock jump":
                minutes = self._chance.uniform(-_LARGEST_JUMP_MINUTES, _LARGEST_JUMP_MINUTES)
                self._control.put_wrong(victim.place.slot, timedelta(minutes=minutes))
            case "rebuild":
                return self._rebuild()
            case _:
                if recovery := self._injuries[kind](self._chance):
                    seconds, recover = recovery
                    self._recoveries.append((monotonic() + seconds, recover))
        return True

    def _kill(self, member: Member) -> None:
        self._fleet.kill(member, buried_for=self._chance.uniform(0, _LONGEST_GRAVE))
