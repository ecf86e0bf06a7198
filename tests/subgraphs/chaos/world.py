"""Where a run takes place: what all of its processes are told."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class World:
    """`url` is the market's database, `gazette` the gazette's; `redis` is between them, `house` is the port
    of the payment house. There are so many `units` to be sold. Nobody lives longer than the process of the
    `watcher`."""

    folder: Path
    url: str
    gazette: str
    redis: str
    house: int
    seed: int
    watcher: int
    units: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process lives: `slot` is its own clock's, `life` counts how often it was started."""

    world: World
    name: str
    slot: int
    life: int

    @property
    def control_file(self) -> Path:
        return self.world.folder / "control"

    @property
    def answers_file(self) -> Path:
        """The numbers of a producer's commands that were answered, one a line."""
        return self.world.folder / f"{self.name}.answers"

    @property
    def log_file(self) -> Path:
        return self.world.folder / f"{self.name}.log"
