"""Federation 1 shares value types, root fields and keys without a word."""

from dataclasses import replace

from graphql import (
    ConstDirectiveNode,
    FieldDefinitionNode,
    NameNode,
    ObjectTypeDefinitionNode,
    TypeDefinitionNode,
)

from plait_schema.federation import is_applied
from plait_schema.subgraph.rewriting import Types, map_fields

_SHAREABLE = ConstDirectiveNode(name=NameNode(value="shareable"), arguments=())


def with_shareable(types: Types) -> Types:
    """The types with `@shareable` on every field that the subgraph resolves.

    Whether others resolve it too is not known here; where none does, the directive changes nothing.
    """
    return map_fields(types, _shareable)


def _shareable(field: FieldDefinitionNode, type_: TypeDefinitionNode) -> FieldDefinitionNode:
    if (
        not isinstance(type_, ObjectTypeDefinitionNode)
        or type_.name.value == "Subscription"  # a subscription is one subgraph's in all versions
        or is_applied(field, "external")
        or is_applied(field, "shareable")  # the subgraph defines the directive itself
    ):
        return field
    return replace(field, directives=(*(field.directives or ()), _SHAREABLE))
