"""The supergraph as data: the join specification's directives, read and typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphql import GraphQLSchema, SelectionSetNode, TypeNode

from plait_schema.supergraph.access import AccessByCoordinate
from plait_schema.supergraph.costs import Costs


@dataclass(frozen=True, slots=True)
class SubgraphEndpoint:
    """A subgraph: its name, and where it is served."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class KeyInSubgraph:
    """A key by which a subgraph knows an entity; `resolvable` when it also resolves references by it."""

    fields: SelectionSetNode
    resolvable: bool


@dataclass(frozen=True, slots=True)
class TypeInSubgraph:
    """What one subgraph has of a type. Of an interface it may have an `@interfaceObject`."""

    subgraph: str
    keys: tuple[KeyInSubgraph, ...] = ()
    is_interface_object: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ContextArgument:
    """An argument that the gateway fills from a context (`@fromContext`). Compared by identity."""

    name: str
    type: TypeNode
    context: str
    selection: SelectionSetNode


@dataclass(frozen=True, slots=True)
class FieldInSubgraph:
    """What one subgraph has of a field.

    An `external` field is in the subgraph's schema, but is resolved there only where a path provides it
    (`@provides`). With an `override_label` two subgraphs share the field: the one with `override` resolves
    it where the label is active, the other where it is not.
    """

    subgraph: str
    type: TypeNode
    requires: SelectionSetNode | None = None
    provides: SelectionSetNode | None = None
    external: bool = False
    override: str | None = None
    override_label: str | None = None
    context_arguments: tuple[ContextArgument, ...] = ()

    @property
    def takes_input(self) -> bool:
        """Whether something must be sent for it, so that it is asked of entities only."""
        return self.requires is not None or bool(self.context_arguments)


@dataclass(frozen=True)
class Supergraph:
    """The composed graph. Everything about it that composers know beyond GraphQL is in the mappings.

    `types` and `fields` leave out what a subgraph does not have. `possible_types` holds, for an abstract
    type and a subgraph, the object types it can have there; an interface that is an `@interfaceObject`
    there has every implementation, as nobody can tell them apart.
    """

    schema: GraphQLSchema  # everything, inaccessible elements included; no join or link machinery
    api_schema: GraphQLSchema  # what clients see
    subgraphs: Mapping[str, SubgraphEndpoint]
    types: Mapping[str, Mapping[str, TypeInSubgraph]]  # type -> subgraph
    fields: Mapping[str, Mapping[str, Mapping[str, FieldInSubgraph]]]  # type -> field -> subgraph
    possible_types: Mapping[str, Mapping[str, frozenset[str]]]  # abstract type -> subgraph
    contexts: Mapping[str, tuple[str, ...]]  # context -> the types that set it
    access: AccessByCoordinate = field(default_factory=dict)  # what it takes to see an element
    costs: Costs = field(default_factory=Costs)  # what it takes to answer one
