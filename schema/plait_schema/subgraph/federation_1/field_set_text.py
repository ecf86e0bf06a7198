"""Federation 1 servers also write `fields: ["id", "name"]` and `fields: id`; here they become strings."""

from dataclasses import replace

from graphql import ConstDirectiveNode, ConstValueNode, EnumValueNode, ListValueNode, StringValueNode

from plait_schema.subgraph.rewriting import Types, map_directives, map_fields


def with_field_sets_as_text(types: Types) -> Types:
    """The types with every list of strings, or bare name, that is a field set as one string."""
    types = {name: map_directives(node, _with_text) for name, node in types.items()}
    return map_fields(types, lambda field, _type: map_directives(field, _with_text))


def _with_text(directive: ConstDirectiveNode) -> ConstDirectiveNode:
    if directive.name.value not in {"key", "requires", "provides"}:
        return directive
    arguments = tuple(
        replace(argument, value=_as_text(argument.value)) if argument.name.value == "fields" else argument
        for argument in directive.arguments or ()
    )
    return replace(directive, arguments=arguments)


def _as_text(value: ConstValueNode) -> ConstValueNode:
    match value:
        case EnumValueNode(value=name):
            return StringValueNode(value=name, loc=value.loc)
        case ListValueNode(values=values):
            texts = [_as_text(item) for item in values or ()]
            if texts and all(isinstance(text, StringValueNode) for text in texts):
                joined = " ".join(text.value for text in texts if isinstance(text, StringValueNode))
                return StringValueNode(value=joined, loc=value.loc)
    return value
