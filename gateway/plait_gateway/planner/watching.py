"""What planning tells to whoever explains a plan; nobody is told otherwise."""

from dataclasses import dataclass
from typing import Protocol

from plait_gateway.planner.cost import Cost
from plait_gateway.planner.fetch_graph import FetchGraph
from plait_schema.query_graph import Selection


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subgraph that a field may be asked in: what its position would cost, and how much it would lack.

    `key` is the one by which it is entered; empty at a root, and where one is there already.
    """

    subgraph: str
    key: str
    cost: Cost
    missing: int  # fields below it that must be fetched elsewhere then


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a field is asked: the candidates that were looked at, the chosen one first, of so many ways.

    A field that is asked in several at once has these as its candidates, all of them chosen together.
    """

    coordinate: str
    candidates: tuple[Candidate, ...]
    ways: int
    together: bool = False


def key_text(key: tuple[Selection, ...]) -> str:
    """A key as a schema writes it."""
    return " ".join(
        one.field + (f" {{ {key_text(one.selections)} }}" if one.selections else "") for one in key
    )


class Watcher(Protocol):
    """Is told each decision of the search, and the fetches after each step by the step's name."""

    def decided(self, decision: Decision) -> None: ...

    def made(self, step: str, fetches: FetchGraph) -> None: ...
