"""When each fetch of a program starts: a plan's Sequences and Parallels as barriers to be counted down."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never

from plait_gateway.executor.program.answers import AnswerReader


@dataclass(frozen=True, slots=True)
class EntitiesStep:
    """One `_entities` field. Without representations it is not taken."""

    key: str  # of the answer
    variable: bytes  # its name as JSON, and a colon
    represent: Callable[..., Any]
    take: Callable[..., None]


@dataclass(frozen=True, slots=True)
class FetchStep:
    """One request, for entities or for root fields, which `take` takes unless they are the response."""

    subgraph: str
    query: str
    is_mutation: bool
    variables: tuple[str, ...]
    reader: AnswerReader
    take: Callable[..., None] | None
    is_response: bool  # what it answers is the response, which is not looked into any more
    entities: tuple[EntitiesStep, ...]
    only: EntitiesStep | None  # the only one of these
    ahead: tuple[list[Callable[..., Any]], ...]  # see Representations.ahead, for each fetch of the request
    head: bytes  # the body as far as it is the same for every request


@dataclass(frozen=True, slots=True)
class SequenceStep:
    """Steps one after another."""

    steps: "tuple[Step, ...]"


@dataclass(frozen=True, slots=True)
class ParallelStep:
    """Steps at the same time."""

    steps: "tuple[Step, ...]"


Step: TypeAlias = FetchStep | SequenceStep | ParallelStep


@dataclass(frozen=True, slots=True)
class Start:
    """A fetch to start, and the number of the barrier at which it arrives when it is done."""

    fetch: FetchStep
    arrives_at: int


@dataclass(frozen=True, slots=True)
class Barrier:
    """After so many arrivals, these start."""

    arrivals: int
    starts: tuple[Start, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """What starts first, and the barriers. At the first of them, at which nothing starts, all is done."""

    starts: tuple[Start, ...]
    barriers: tuple[Barrier, ...]
    arrivals: tuple[int, ...]  # of each barrier

    @classmethod
    def of(cls, step: Step | None) -> "Schedule":
        """The schedule of a step; none has nothing to fetch."""
        if step is None:
            return cls((), (Barrier(0, ()),), (0,))
        barriers = [Barrier(_exits(step), ())]
        starts = _starts(step, 0, barriers)
        return cls(starts, tuple(barriers), tuple(barrier.arrivals for barrier in barriers))


def _starts(step: Step, then: int, barriers: list[Barrier]) -> tuple[Start, ...]:
    """What starts a step that ends at the barrier with this number."""
    match step:
        case FetchStep():
            return (Start(step, then),)
        case ParallelStep(steps):
            return tuple(start for child in steps for start in _starts(child, then, barriers))
        case SequenceStep((*before, last)):
            starts = _starts(last, then, barriers)
            for child in reversed(before):
                barriers.append(Barrier(_exits(child), starts))
                starts = _starts(child, len(barriers) - 1, barriers)
            return starts
        case _:
            assert_never(step)  # type: ignore[arg-type] # mypy thinks of empty sequences


def _exits(step: Step) -> int:
    """How many fetches a step ends with."""
    match step:
        case FetchStep():
            return 1
        case ParallelStep(steps):
            return sum(map(_exits, steps))
        case SequenceStep(steps):
            return _exits(steps[-1])
