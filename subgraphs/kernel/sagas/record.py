"""One saga as it is stored."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

S = TypeVar("S")


class Status(StrEnum):
    """Where a saga stands. It ends in one of the last three.

    A compensated step that is done after all takes an ended saga back to COMPENSATING, until it is undone.
    """

    RUNNING = "RUNNING"
    COMPENSATING = "COMPENSATING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def has_ended(self) -> bool:
        return self not in (Status.RUNNING, Status.COMPENSATING)


class StepStatus(StrEnum):
    """Where a step stands. ABANDONED: the saga no longer waits for it, and undoes it should it be done."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    ABANDONED = "ABANDONED"
    COMPENSATING = "COMPENSATING"
    COMPENSATED = "COMPENSATED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. It is late after `deadline`; `timer_at` is when the saga looks at it next, if ever.

    The two differ when a compensation has to be asked for again. `attempts` counts how often it was.
    """

    name: str
    status: StepStatus
    begun_at: datetime
    deadline: datetime | None = None
    timer_at: datetime | None = None
    completed_at: datetime | None = None
    compensated_at: datetime | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SagaRecord(Generic[S]):
    """One saga. `key` is what its messages have in common; `version` 0 is not stored yet.

    `steps` are in the order in which they were completed, those that were not in between. `outcome` is how
    a saga ends that is being undone. `ended_at` is when it ended first; `error` why it did not succeed.
    """

    id: str
    type: str
    key: str
    status: Status
    state: S
    steps: tuple[Step, ...]
    version: int
    created_at: datetime
    updated_at: datetime
    outcome: Status | None = None
    ended_at: datetime | None = None
    error: str | None = None

    @property
    def timeout_at(self) -> datetime | None:
        """When the saga is late: the earliest deadline of what it waits for."""
        waiting = (StepStatus.RUNNING, StepStatus.COMPENSATING)
        deadlines = [one.deadline for one in self.steps if one.deadline and one.status in waiting]
        return min(deadlines, default=None)

    def is_timed_out(self, now: datetime) -> bool:
        return self.timeout_at is not None and self.timeout_at <= now

    def step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.name == name), None)

    def steps_in(self, status: StepStatus) -> Iterator[Step]:
        return (step for step in self.steps if step.status is status)

    def with_step(self, step: Step) -> "SagaRecord[S]":
        """With this step in place of the one of its name, or as a new one, the last."""
        names = [one.name for one in self.steps]
        if step.name not in names:
            return replace(self, steps=(*self.steps, step))
        return replace(self, steps=tuple(step if one.name == step.name else one for one in self.steps))

    def with_last_step(self, step: Step) -> "SagaRecord[S]":
        """With this step, which has just been completed, after all others."""
        others = tuple(one for one in self.steps if one.name != step.name)
        return replace(self, steps=(*others, step))


AnySaga = SagaRecord[Any]
