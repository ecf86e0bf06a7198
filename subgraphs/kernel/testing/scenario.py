"""Given a history, when a wish, then these events or this refusal.

given(a_draft()).when(lambda course: course.publish()).then(CoursePublished(...))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from subgraphs.kernel.domain import AggregateRoot, DomainError, DomainEvent, Failure, Result

A = TypeVar("A", bound=AggregateRoot[Any])


@dataclass(frozen=True, slots=True)
class Outcome(Generic[A]):
    """What came of it."""

    aggregate: A
    result: Result[Any, DomainError]

    def then(self, *events: DomainEvent) -> A:
        """It was done, and exactly these events were raised. Returns the aggregate, to look at its state."""
        assert not isinstance(self.result, Failure), self.result
        assert self.aggregate.pull_events() == events
        return self.aggregate

    def then_refused(self, error: DomainError | str) -> A:
        """It was refused with this error, or with an error of this code, and nothing was raised."""
        assert isinstance(self.result, Failure), self.result
        assert error in (self.result.error, self.result.error.code)
        assert self.aggregate.pull_events() == ()
        return self.aggregate


@dataclass(frozen=True, slots=True)
class Given(Generic[A]):
    """An aggregate whose past events are forgotten."""

    aggregate: A

    def when(self, act: Callable[[A], Result[Any, DomainError]]) -> Outcome[A]:
        return Outcome(self.aggregate, act(self.aggregate))


def given(aggregate: A) -> Given[A]:
    """Start from this aggregate as it is."""
    aggregate.pull_events()
    return Given(aggregate)
