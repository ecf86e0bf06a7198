"""Fetches and what they wait for, before they are put in an order: what the rewrite passes work on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from graphql import ArgumentNode, OperationType, TypeNode

from plait_gateway.planner.normalize import NormalOperation
from plait_gateway.query_plan.nodes import ContextVariable, PathElement, Representation
from plait_schema.query_graph import Conditions, Node, QueryGraph


@dataclass(frozen=True, slots=True)
class Ask:
    """A field that a fetch asks, under its key in the response tree, of objects of some types."""

    response_key: str
    field: str
    types: frozenset[str]
    arguments: tuple[ArgumentNode, ...]
    conditions: Conditions
    below: "Asks | None" = None  # None for a leaf


@dataclass(frozen=True, slots=True)
class Asks:
    """A selection set at a node. `wants_typename`: a later fetch, or the client, wants `__typename`."""

    node: Node
    fields: tuple[Ask, ...]
    wants_typename: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What a fetch asks of the objects that one representation stands for; a root fetch has one part."""

    asks: Asks
    representation: Representation | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A variable that contexts fill, and its type in the subgraph."""

    variable: ContextVariable
    type: TypeNode


@dataclass(frozen=True, slots=True)
class FetchNode:
    """One fetch. `after` are the numbers of the fetches that must have answered before it is sent."""

    number: int
    subgraph: str
    kind: OperationType
    path: tuple[PathElement, ...]
    parts: tuple[Part, ...]
    after: frozenset[int] = frozenset()
    contexts: tuple[Filled, ...] = ()

    @property
    def is_root(self) -> bool:
        """Whether it asks a root type rather than entities."""
        return self.parts[0].representation is None

    @property
    def conditions(self) -> Conditions:
        """What must hold for there to be anything to ask."""
        asked = [ask.conditions for part in self.parts for ask in part.asks.fields]
        if any(part.asks.wants_typename or not part.asks.fields for part in self.parts):
            return frozenset()
        return frozenset.intersection(*asked)


@dataclass(frozen=True)
class FetchGraph:
    """The fetches of a plan by number; none waits for itself in the end.

    `steps` are the numbers of a mutation's root fields in their order, each with all that follows from it.
    `batches` are fetches that are sent in one request; those of one batch wait for the same fetches.
    """

    graph: QueryGraph
    operation: NormalOperation
    fetches: Mapping[int, FetchNode]
    steps: tuple[tuple[int, ...], ...]
    batches: tuple[tuple[int, ...], ...] = ()

    @cached_property
    def depths(self) -> Mapping[int, int]:
        """How many fetches must run one after another until a fetch has answered."""
        return depths_of(self.fetches.values())


class Waiting(Protocol):
    """What is sent once others have been answered."""

    @property
    def number(self) -> int: ...

    @property
    def after(self) -> frozenset[int]: ...


def depths_of(fetches: Iterable[Waiting]) -> dict[int, int]:
    """The depth of each fetch in its order of dependencies."""
    by_number = {fetch.number: fetch for fetch in fetches}
    depths: dict[int, int] = {}
    for number in in_order(by_number):
        depths[number] = 1 + max((depths[before] for before in by_number[number].after), default=0)
    return depths


def in_order(fetches: Mapping[int, Waiting]) -> tuple[int, ...]:
    """Every fetch after those that it waits for; otherwise by number."""
    done: dict[int, None] = {}
    pending = sorted(fetches)
    while pending:
        ready = [number for number in pending if fetches[number].after <= done.keys()]
        assert ready, "fetches wait for one another in a circle"
        done.update(dict.fromkeys(ready))
        pending = [number for number in pending if number not in done]
    return tuple(done)
