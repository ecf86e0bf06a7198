"""The keys of a type that other rules can build on."""

from graphql import GraphQLError, TypeDefinitionNode

from plait_schema.federation import Key, applied, boolean_argument, parse_field_set, string_argument


def valid_keys_of(node: TypeDefinitionNode) -> tuple[Key, ...]:
    """The keys whose field sets parse; the rule of keys reports the others."""
    found: list[Key] = []
    for directive in applied(node, "key"):
        text = string_argument(directive, "fields")
        try:
            selection_set = parse_field_set(text or "")
        except GraphQLError:
            continue
        resolvable = boolean_argument(directive, "resolvable", default=True)
        found.append(Key(text or "", selection_set, resolvable, directive))
    return tuple(found)
