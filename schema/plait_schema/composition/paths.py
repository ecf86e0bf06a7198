"""Where the check of satisfiability stands, and how it came there."""

from dataclasses import dataclass

from plait_schema.composition.witness import Step
from plait_schema.query_graph import Node


@dataclass(frozen=True, slots=True)
class Position:
    """Objects of a type (as the API schema has it), the nodes that they can be had at, the way to them."""

    type: str
    nodes: frozenset[Node]
    path: "Path | None"  # None at a root
    contexts: frozenset[str] = frozenset()  # set by objects on the way, so that fields can take from them

    def is_no_worse_than(self, other: "Position") -> bool:
        """Whether whatever can be asked there can be asked here, too."""
        return other.nodes <= self.nodes and other.contexts <= self.contexts


@dataclass(frozen=True, slots=True)
class Path:
    """The last step of a way through the graph, and the way to it: paths share their beginnings."""

    step: Step
    length: int
    before: "Path | None"

    def last(self, number: int) -> tuple[Step, ...]:
        """The last steps, in order."""
        found: list[Step] = []
        path: Path | None = self
        while path and len(found) < number:
            found.append(path.step)
            path = path.before
        return tuple(reversed(found))
