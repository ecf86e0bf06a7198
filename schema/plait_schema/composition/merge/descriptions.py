"""Which of several descriptions an element gets."""

from collections import Counter
from collections.abc import Iterable

from graphql import Node

from plait_schema.composition.declared import Declared


def merge_descriptions(declared: Iterable[Declared[Node]]) -> str | None:
    """The most common description, of equals that of the first subgraph by name; an empty one counts last."""
    texts = _texts(declared)
    counted = Counter(filter(None, texts))
    return max(counted, key=counted.__getitem__, default="" if texts else None)  # the first of equals


def descriptions(declared: Iterable[Declared[Node]]) -> list[str]:
    """What the subgraphs say about the element, in their order."""
    return list(filter(None, _texts(declared)))


def _texts(declared: Iterable[Declared[Node]]) -> list[str]:
    nodes = [getattr(each.node, "description", None) for each in declared]
    return [node.value for node in nodes if node is not None]
