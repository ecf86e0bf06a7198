"""A node of the query graph."""

from dataclasses import dataclass

from plait_schema.query_graph.selection import Selection


@dataclass(frozen=True, slots=True)
class Node:
    """A type as one subgraph has it: a place to stand while a selection is resolved.

    `provided` are the external fields that the path to here provides, so that they can be asked here only.
    """

    subgraph: str
    type: str
    provided: tuple[Selection, ...] = ()

    def __str__(self) -> str:
        return f"{self.type} in {self.subgraph}"
