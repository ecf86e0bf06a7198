"""What a stage of the schedule knows, and how it finds times."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from subgraphs.seed.content import Academy
from subgraphs.seed.run import Step

S = TypeVar("S", bound=Step)


@dataclass(frozen=True, slots=True)
class Plot:
    """The academy, the day it is to end on, chance, and what the stages before have decided on."""

    academy: Academy
    today: date
    random: Random
    so_far: tuple[Step, ...]

    def steps(self, kind: type[S]) -> tuple[S, ...]:
        """The earlier stages' steps of one kind, in order."""
        return tuple(step for step in self.so_far if isinstance(step, kind))

    def day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)


def at_minute(day: date, minute: int) -> datetime:
    """An instant by its day and the minute of the day."""
    return datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=minute)
