"""An element as one subgraph declares it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from graphql import Node

from plait_schema.diagnostics import Location
from plait_schema.subgraph import Subgraph

NodeT = TypeVar("NodeT", bound=Node, covariant=True)


@dataclass(frozen=True, slots=True)
class Declared(Generic[NodeT]):
    """What one subgraph says about an element."""

    subgraph: Subgraph
    node: NodeT

    @property
    def name(self) -> str:
        """The subgraph's name."""
        return self.subgraph.name

    @property
    def places(self) -> tuple[Location, ...]:
        """Where it stands; empty for what federation adds by itself."""
        return self.subgraph.locate(self.node)


def places(declared: "Iterator[Declared[Node]] | tuple[Declared[Node], ...]") -> tuple[Location, ...]:
    """The locations of several declarations."""
    return tuple(place for each in declared for place in each.places)
