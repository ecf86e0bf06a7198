"""Federation 1 subgraphs may declare external fields that they never use."""

from graphql import FieldDefinitionNode, GraphQLSchema, TypeDefinitionNode, UnionTypeDefinitionNode

from plait_schema.diagnostics import TYPE_WITH_ONLY_UNUSED_EXTERNAL, Diagnostic
from plait_schema.federation import is_applied, without
from plait_schema.federation.fields import fields_of
from plait_schema.federation.type_reference import named_type
from plait_schema.subgraph.model import SubgraphSource
from plait_schema.subgraph.rewriting import Types, with_fields
from plait_schema.subgraph.usage import used_fields

_OPERATIONS = frozenset({"Mutation", "Subscription"})  # roots; Query never is empty, it has `_service`


def without_unused_externals(
    types: Types, schema: GraphQLSchema, source: SubgraphSource
) -> tuple[Types, tuple[Diagnostic, ...]]:
    """Drop the external fields that nothing uses, and the types that have no others.

    `schema` is the schema of the types. A type without fields that is referred to, or is a root, cannot be
    dropped, which is an error.
    """
    used = used_fields(types, schema)
    kept: dict[str, TypeDefinitionNode] = {}
    emptied: dict[str, TypeDefinitionNode] = {}
    for name, node in types.items():
        fields = tuple(
            field
            for field in fields_of(node)
            if not is_applied(field, "external") or (name, field.name.value) in used
        )
        if fields_of(node) and not fields:
            emptied[name] = node
        else:
            kept[name] = with_fields(node, fields)
    needed = _references(kept) | _OPERATIONS
    referred = {name: node for name, node in emptied.items() if name in needed}
    if referred:  # an error ends the composition; until then nothing may refer to what is not there
        kept |= {name: with_fields(node, _own_fields(node)) for name, node in emptied.items()}
    return kept, tuple(
        TYPE_WITH_ONLY_UNUSED_EXTERNAL.at(
            name,
            f"All fields of {name} are external and none of them is used, so nothing is left of the type.",
            locations=source.locate(node),
            fix=f"Remove {name} and what refers to it, or use its fields in a key, @requires or @provides.",
        )
        for name, node in referred.items()
    )


def _own_fields(node: TypeDefinitionNode) -> tuple[FieldDefinitionNode, ...]:
    return tuple(without(field, "external") for field in fields_of(node))


def _references(types: Types) -> set[str]:
    returned = {named_type(field.type).name.value for node in types.values() for field in fields_of(node)}
    members = {
        member.name.value
        for node in types.values()
        if isinstance(node, UnionTypeDefinitionNode)
        for member in node.types or ()
    }
    return returned | members
