"""Which labels of progressive `@override` an operation can meet: no other ones matter to its plan."""

from collections.abc import Iterator

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from plait_gateway.planner.operation import Operation
from plait_schema.query_graph import QueryGraph
from plait_schema.query_graph.selection import field_type
from plait_schema.supergraph import FieldInSubgraph


def labels_of(operation: Operation, graph: QueryGraph) -> frozenset[str]:
    """The labels of the fields that a plan of the operation may ask, its own ones for the gateway included.

    The operation must be valid against the API schema.
    """
    root = graph.root_type(operation.definition.operation)
    if not graph.labels or root is None:
        return frozenset()
    walk = _Walk(operation, graph)
    walk.select(root, operation.definition.selection_set)
    return frozenset(walk.labels)


class _Walk:
    """Goes through selection sets: the client's, keys, and what fields require or take from contexts."""

    def __init__(self, operation: Operation, graph: QueryGraph) -> None:
        self.labels: set[str] = set()
        self._fragments = operation.fragments
        self._graph = graph
        self._seen: set[object] = set()

    def select(self, parent: str, selection_set: SelectionSetNode) -> None:
        """Note the labels of all that is selected of a type, on any level."""
        for selection in selection_set.selections:
            match selection:
                case FieldNode():
                    self._field(parent, selection)
                case InlineFragmentNode(type_condition=condition, selection_set=inner):
                    self.select(condition.name.value if condition else parent, inner)
                case FragmentSpreadNode(name=name) if self._is_new(name.value):
                    fragment = self._fragments[name.value]
                    self.select(fragment.type_condition.name.value, fragment.selection_set)

    def _field(self, parent: str, node: FieldNode) -> None:
        name = node.name.value
        if name.startswith("__"):
            return
        for owner in self._alike(parent):
            if self._is_new((owner, name)):
                for join in self._graph.supergraph.fields.get(owner, {}).get(name, {}).values():
                    self._join(owner, join)
        inner = field_type(self._graph.schema, parent, name)
        if inner is not None and node.selection_set is not None:
            self._keys(inner)
            self.select(inner, node.selection_set)

    def _join(self, owner: str, join: FieldInSubgraph) -> None:
        if join.override_label is not None:
            self.labels.add(join.override_label)
        if join.requires is not None:
            self.select(owner, join.requires)
        for argument in join.context_arguments:
            for setter in self._graph.supergraph.contexts.get(argument.context, ()):
                self.select(setter, argument.selection)

    def _keys(self, name: str) -> None:
        """Whatever is asked of an entity may have to be asked by any of its keys."""
        for one in self._alike(name):
            if self._is_new(one):
                for join in self._graph.supergraph.types.get(one, {}).values():
                    for key in join.keys:
                        self.select(one, key.fields)

    def _alike(self, name: str) -> Iterator[str]:
        """A type, the types of its objects, and the interfaces that may be `@interfaceObject` somewhere."""
        objects = self._graph.runtime_types(name)
        found = {name, *objects}
        for one in (name, *objects):
            found.update(self._graph.interfaces(one))
        yield from sorted(found)

    def _is_new(self, question: object) -> bool:
        if question in self._seen:
            return False
        self._seen.add(question)
        return True
