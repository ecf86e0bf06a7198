"""The keys that an extension repeats are its own: `@external` on them is a habit from Federation 1."""

from graphql import FieldDefinitionNode, GraphQLSchema, TypeDefinitionNode

from plait_schema.federation import applied, string_argument, without
from plait_schema.subgraph.rewriting import Types, map_fields
from plait_schema.subgraph.usage import selected_fields


def without_external_keys(types: Types, schema: GraphQLSchema, extensions: frozenset[str]) -> Types:
    """The types without `@external` on what the keys of these types select. `schema` is that of the types."""
    keys = {
        selected
        for name in extensions
        for key in applied(types[name], "key")
        for selected in selected_fields(string_argument(key, "fields") or "", schema.get_type(name), schema)
    }

    def own(field: FieldDefinitionNode, type_: TypeDefinitionNode) -> FieldDefinitionNode:
        return without(field, "external") if (type_.name.value, field.name.value) in keys else field

    return map_fields(types, own)
