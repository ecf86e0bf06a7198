"""The query graph: nodes and edges over a supergraph, made when they are first asked for."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Any, TypeVar

from graphql import (
    GraphQLInterfaceType,
    GraphQLSchema,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    OperationType,
    SelectionSetNode,
    TypeNode,
    is_abstract_type,
    is_composite_type,
)

from plait_schema.federation.field_set import print_field_set
from plait_schema.query_graph.contexts import contexts_of
from plait_schema.query_graph.edges import Edge, edges_of
from plait_schema.query_graph.exploration import Exploration
from plait_schema.query_graph.node import Node
from plait_schema.query_graph.selection import TYPENAME, Selection, parse_selections, runtime_types
from plait_schema.query_graph.standing import Standing
from plait_schema.supergraph import ContextArgument, FieldInSubgraph, Supergraph

_Value = TypeVar("_Value")

_LABEL_SETS = 16  # whose graphs are kept: clients may be allowed to choose among all combinations


@dataclass(frozen=True, eq=False)
class QueryGraph:
    """Pure questions about a supergraph; the answers are kept, so that each is worked out once.

    Threads may share a graph, and the `exploration` of its positions.

    `active_labels` are the labels of `@override` that are on: the new owner has those fields, the old one
    has the others. A request that decides labels asks `with_labels` for its own graph.
    """

    supergraph: Supergraph
    active_labels: frozenset[str] = frozenset()
    exploration: Exploration = field(default_factory=Exploration, repr=False)
    _kept: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every label of `@override` in the supergraph."""
        return frozenset(
            join.override_label
            for fields in self.supergraph.fields.values()
            for joins in fields.values()
            for join in joins.values()
            if join.override_label is not None
        )

    @property
    def schema(self) -> GraphQLSchema:
        """Everything, inaccessible elements included."""
        return self.supergraph.schema

    @property
    def api_schema(self) -> GraphQLSchema:
        """What clients see."""
        return self.supergraph.api_schema

    def with_labels(self, labels: frozenset[str]) -> "QueryGraph":
        """The same graph for requests with these labels of `@override`; those used last are kept."""
        return self if labels == self.active_labels else self._labelled(labels)

    @cached_property
    def _labelled(self) -> Callable[[frozenset[str]], "QueryGraph"]:
        return lru_cache(_LABEL_SETS)(partial(QueryGraph, self.supergraph))

    def root_type(self, operation: OperationType) -> str | None:
        """The name of the type of a kind of operation."""
        root = self.schema.get_root_type(operation)
        return root.name if root else None

    def root_nodes(self, operation: OperationType) -> tuple[Node, ...]:
        """The root of every subgraph that takes part."""
        name = self.root_type(operation)
        return tuple(Node(subgraph, name) for subgraph in self.supergraph.types[name]) if name else ()

    def runtime_types(self, name: str) -> frozenset[str]:
        """The object types of a value of this type in the supergraph."""
        return self._keep(("runtime", name), lambda: runtime_types(self.schema, name))

    def is_interface_object(self, node: Node) -> bool:
        """Whether the subgraph has an object type where the supergraph has an interface."""
        join = self.supergraph.types[node.type].get(node.subgraph)
        return join is not None and join.is_interface_object

    def possible_types(self, node: Node) -> frozenset[str]:
        """The object types of the objects at a node. For an `@interfaceObject` nobody knows: all of them."""
        if is_abstract_type(self.schema.get_type(node.type)):
            return self.supergraph.possible_types[node.type].get(node.subgraph, frozenset())
        return frozenset((node.type,))

    def narrowed(self, node: Node, type_name: str) -> Node:
        """Where objects of a type stand at a node; those of an `@interfaceObject` cannot be told apart."""
        if node.type == type_name or self.is_interface_object(node):
            return node
        return Node(node.subgraph, type_name, node.provided)

    def edges(self, type_name: str) -> tuple[Edge, ...]:
        """The ways out that objects of a type have, whichever subgraph they come from."""
        return self._keep(("edges", type_name), lambda: edges_of(self.supergraph, type_name))

    def interfaces(self, type_name: str) -> tuple[str, ...]:
        """The interfaces that a type implements, in order."""
        interfaces: tuple[GraphQLInterfaceType, ...] = getattr(
            self.schema.get_type(type_name), "interfaces", ()
        )
        return tuple(sorted(interface.name for interface in interfaces))

    def field_at(self, node: Node, type_name: str, name: str) -> FieldInSubgraph | None:
        """The field of an object of a type, if it can be asked at a node where such an object stands.

        What the field requires is not looked at. `type_name` may be the interface of an `@interfaceObject`,
        for all its objects at once.
        """
        owner = node.type if self.is_interface_object(node) else type_name
        found = self.supergraph.fields.get(owner, {}).get(name, {}).get(node.subgraph)
        if found is None or not self._is_active(found):
            return None
        if found.external and not any(s.field == name and type_name in s.types for s in node.provided):
            return None
        return found

    def subgraphs_with(self, type_name: str, name: str) -> Iterable[str]:
        """The subgraphs that have a field in some way; `field_at` says whether it can be asked there."""
        return self.supergraph.fields.get(type_name, {}).get(name, ())

    def follow(self, node: Node, type_name: str, name: str) -> Node | None:
        """The node that a field leads to, or None for a leaf. The field must be there (`field_at`)."""

        def find() -> Node | None:
            found = self.field_at(node, type_name, name)
            assert found is not None, f"{type_name}.{name} cannot be asked at {node}"
            target = self.named_type(found.type)
            if not is_composite_type(self.schema.get_type(target)):
                return None
            provided = tuple(
                inner
                for s in node.provided
                if s.field == name and type_name in s.types
                for inner in s.selections
            )
            if found.provides is not None:
                provided += self._selections(target, found.provides)
            return Node(found.subgraph, target, tuple(dict.fromkeys(provided)))

        return self._keep(("follow", node, type_name, name), find)

    def requires(self, node: Node, type_name: str, name: str) -> tuple[Selection, ...]:
        """What must be sent with the key before a field can be asked; mostly nothing."""
        found = None if name == TYPENAME else self.field_at(node, type_name, name)
        if found is None or found.requires is None:
            return ()
        return self._selections(type_name, found.requires)

    def context_arguments(self, node: Node, type_name: str, name: str) -> tuple[ContextArgument, ...]:
        """The arguments that a field takes from contexts there; mostly none."""
        found = None if name == TYPENAME else self.field_at(node, type_name, name)
        return () if found is None else found.context_arguments

    def contexts_of(self, type_name: str) -> Mapping[str, tuple[Selection, ...]]:
        """The contexts that objects of a type set, with all that any field takes from them."""
        if not self.supergraph.contexts:
            return {}
        return self._keep(("contexts", type_name), lambda: contexts_of(self.supergraph, type_name))

    def takes_input(self, node: Node, type_name: str, name: str) -> bool:
        """Whether a field can be asked of entities only, as something must be sent for it."""
        found = None if name == TYPENAME else self.field_at(node, type_name, name)
        return found is not None and found.takes_input

    def named_type(self, node: TypeNode) -> str:
        """The name in a type: lists and nulls left out."""
        while isinstance(node, ListTypeNode | NonNullTypeNode):
            node = node.type
        assert isinstance(node, NamedTypeNode)
        return node.name.value

    def standing(self, type_name: str, starts: tuple[Node, ...]) -> Standing:
        """Where objects of a type that stand on these nodes can get."""
        return self.exploration.standing(self, type_name, starts)

    def _selections(self, type_name: str, field_set: SelectionSetNode) -> tuple[Selection, ...]:
        """A field set applied on a type; the same objects each time, since selections have identity."""
        return self._keep(
            ("field set", type_name, print_field_set(field_set)),
            lambda: parse_selections(self.schema, type_name, field_set, self.runtime_types(type_name)),
        )

    def _is_active(self, join: FieldInSubgraph) -> bool:
        if join.override_label is None:
            return True
        return (join.override is not None) == (join.override_label in self.active_labels)

    def _keep(self, key: Hashable, make: Callable[[], _Value]) -> _Value:
        if key not in self._kept:
            self._kept.setdefault(key, make())
        found: _Value = self._kept[key]
        return found


def build_query_graph(supergraph: Supergraph) -> QueryGraph:
    """The query graph of a supergraph, with every label of `@override` off."""
    return QueryGraph(supergraph)
