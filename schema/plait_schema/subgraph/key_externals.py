"""The keys that an extension repeats are its own: `@external` on them is a habit from Federation 1."""

from graphql import FieldDefinitionNode, GraphQLSchema, TypeDefinitionNode

from plait_schema.federation import applied, string_argument, without
from plait_schema.subgraph.rewriting import Types, map_fields
from plait_schema.subgraph.usage import selected_fields


def without_external_keys(types: Types, schema: GraphQLSchema, extensions: Types) -> Types:
    """The types without `@external` on what the keys of the extensions select.

    `schema` is that of the types.
    """
    keys = {
        selected
        for name, node in extensions.items()
        for key in applied(node, "key")
        for selected in selected_fields(string_argument(key, "fields") or "", schema.get_type(name), schema)
    }

    def own(field: FieldDefinitionNode, type_: TypeDefinitionNode) -> FieldDefinitionNode:
        return without(field, "external") if (type_.name.value, field.name.value) in keys else field

    return map_fields(types, own)
