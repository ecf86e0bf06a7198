"""One filling of a read model's tables, and the rules of which one is read and which is to be built. No I/O.

A generation is filled by the code of its own version only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from subgraphs.kernel.projections.sources import Position


class Status(StrEnum):
    """What a generation is to its read model."""

    BUILDING = "building"  # it is being filled, and not read yet
    LIVE = "live"  # it is read
    RETIRED = "retired"  # it was read, and may be again
    DROPPED = "dropped"  # its tables are gone


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a generation came to a stop: the entry that could not be applied, and why."""

    source: str
    seq: Position
    error: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What is known of the processes that applied entries, lest one entry kill them for ever.

    `runner` was the last of them; it `is_under_way` when it has begun and not ended. The next `suspects`
    entries are applied alone, since somebody has died among them; `crashes` died with the next one in hand.
    """

    runner: str | None = None
    is_under_way: bool = False
    suspects: int = 0
    crashes: int = 0

    def is_known_to_run(self, runner: str) -> bool:
        """Whether it may go on without a word: it was the last and no entry is suspect, or has said so."""
        return self.runner == runner and (self.is_under_way or not self.suspects)

    def is_in_hand_of_another(self, runner: str) -> bool:
        return self.is_under_way and self.runner != runner

    def begun_by(self, runner: str, *, batch: int) -> "Suspicion":
        """As `runner` begins. Who has begun and not ended is dead, or will find that somebody went on."""
        if not self.is_in_hand_of_another(runner):
            return Suspicion(runner, True, self.suspects, self.crashes or int(self.suspects > 0))
        if not self.suspects:
            return Suspicion(runner, True, batch, 1)
        return Suspicion(runner, True, self.suspects, self.crashes + 1)

    def acquitted(self) -> "Suspicion":
        """As somebody wants the next entry tried again."""
        return Suspicion(None, False, self.suspects, 0)

    def ended(self) -> "Suspicion":
        """As the runner has applied what it had in hand."""
        return Suspicion(self.runner, False, max(self.suspects - 1, 0), 0)


@dataclass(frozen=True, slots=True)
class Generation:
    """One filling of a read model's tables. `positions` are by the labels of its sources."""

    name: str
    number: int
    version: int
    status: Status
    since: datetime
    tables: tuple[str, ...]
    stopped: Stop | None = None
    positions: Mapping[str, Position] = field(default_factory=dict)
    suspicion: Suspicion = Suspicion()


def to_read(generations: Iterable[Generation], version: int) -> Generation | None:
    """The generation that code of a version reads: the live one.

    Unless a newer version made that: while both run, the older one goes on with its own, if it is kept.
    """
    live = next((one for one in generations if one.status is Status.LIVE), None)
    if live is None or live.version <= version:
        return live
    own = [one for one in generations if one.status is Status.RETIRED and one.version == version]
    return max(own, key=lambda one: one.number, default=live)


def to_advance(generations: Sequence[Generation], version: int) -> tuple[Generation, ...]:
    """The generations that code of a version keeps up to date: what it reads, and what it builds."""
    read = to_read(generations, version)
    return tuple(
        one
        for one in generations
        if one.version == version and one.stopped is None and (one.status is Status.BUILDING or one is read)
    )


def needs_build(generations: Sequence[Generation], version: int) -> bool:
    """Whether code of a version has to begin with a new generation.

    Not when it was built before: somebody went back from it.
    """
    kept = [one for one in generations if one.status is not Status.DROPPED]
    newest = max((one.version for one in kept), default=None)
    return newest is not None and version > newest
