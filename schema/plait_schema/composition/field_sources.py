"""What the subgraphs make of a field: who owns it, who may be asked for it, and what for.

https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/directives
"""

from dataclasses import dataclass

from graphql import FieldDefinitionNode

from plait_schema.composition.declared import Declared


@dataclass(frozen=True, slots=True)
class ContextArgument:
    """An argument that a subgraph takes from a context (@fromContext)."""

    name: str
    type: str
    context: str  # qualified by its subgraph, "users__viewer"
    selection: str


@dataclass(frozen=True, slots=True)
class FieldSource:
    """A field in one subgraph, with what federation makes of it there."""

    declared: Declared[FieldDefinitionNode]
    requires: str | None = None
    provides: str | None = None
    is_external: bool = False
    is_provided: bool = False  # external, but resolved below some @provides
    is_shareable: bool = False
    is_used: bool = False  # by a key, @requires, @provides or an interface of the same subgraph
    override: "Override | None" = None
    overridden: "Overridden | None" = None
    context_arguments: tuple[ContextArgument, ...] = ()
    is_on_interface_object: bool = False

    @property
    def subgraph(self) -> str:
        """The subgraph's name."""
        return self.declared.subgraph.name

    @property
    def node(self) -> FieldDefinitionNode:
        """The declaration itself."""
        return self.declared.node

    @property
    def is_replaced(self) -> bool:
        """Another subgraph has taken the field over for good."""
        return self.overridden is not None and self.overridden.label is None

    @property
    def is_joined(self) -> bool:
        """Is it in the supergraph? A replaced field is, where its subgraph still uses it."""
        return not self.is_replaced or self.is_used

    @property
    def is_resolving(self) -> bool:
        """Can this subgraph be asked for the field, at least on some paths?"""
        return not self.is_replaced and (not self.is_external or self.is_provided)


@dataclass(frozen=True, slots=True)
class Override:
    """@override(from:, label:) on a field: it moves here."""

    from_subgraph: str
    label: str | None


@dataclass(frozen=True, slots=True)
class Overridden:
    """Another subgraph has @override(from: this one) on the field; with a label, for some requests only."""

    by: str
    label: str | None
