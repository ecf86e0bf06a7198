"""Which of several descriptions an element gets."""

from collections import Counter
from collections.abc import Iterable

from graphql import Node

from plait_schema.composition.merged import Declared


def merge_descriptions(declared: Iterable[Declared[Node]]) -> str | None:
    """The most common description; among equals that of the first subgraph by name."""
    counted = Counter(descriptions(declared))
    return max(counted, key=counted.__getitem__, default=None)  # max takes the first of equals


def descriptions(declared: Iterable[Declared[Node]]) -> list[str]:
    """The descriptions that there are, in the order of the subgraphs."""
    nodes = [getattr(each.node, "description", None) for each in declared]
    return [node.value for node in nodes if node is not None and node.value]
