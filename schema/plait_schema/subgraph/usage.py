"""Which fields of a subgraph its own field sets, contexts and interfaces use."""

from collections.abc import Iterator, Mapping

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    TypeDefinitionNode,
    get_named_type,
)

from plait_schema.federation import applied, parse_field_set, string_argument
from plait_schema.federation.context import parse_context_selection
from plait_schema.federation.fields import fields_of
from plait_schema.federation.type_reference import named_type

Field = tuple[str, str]  # type and field name


def used_fields(types: Mapping[str, TypeDefinitionNode], schema: GraphQLSchema) -> frozenset[Field]:
    """The fields that keys, `@requires`, `@provides`, contexts and interfaces of the subgraph mention.

    A field set that is not valid uses nothing.
    """
    mentioned = {
        field
        for start, text in (*_field_sets(types), *_context_selections(types))
        for field in selected_fields(text, schema.get_type(start), schema)
    }
    return frozenset(mentioned | set(_implementing_fields(schema)))


def selected_fields(
    field_set: str, parent: GraphQLNamedType | None, schema: GraphQLSchema
) -> Iterator[Field]:
    """The fields that a field set on this type selects, at all levels, of implementations too."""
    try:
        selection_set = parse_field_set(field_set)
    except GraphQLError:
        return
    yield from _selected(selection_set, parent, schema)


def _selected(
    selection_set: SelectionSetNode, parent: GraphQLNamedType | None, schema: GraphQLSchema
) -> Iterator[Field]:
    for selection in selection_set.selections:
        match selection:
            case InlineFragmentNode(type_condition=condition, selection_set=inner):
                yield from _selected(
                    inner, schema.get_type(condition.name.value) if condition else parent, schema
                )
            case FieldNode(name=name, selection_set=inner_set):
                if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
                    continue
                yield parent.name, name.value
                if isinstance(parent, GraphQLInterfaceType):
                    yield from ((type_.name, name.value) for type_ in schema.get_possible_types(parent))
                if inner_set and (field := parent.fields.get(name.value)):
                    yield from _selected(inner_set, get_named_type(field.type), schema)


def _field_sets(types: Mapping[str, TypeDefinitionNode]) -> Iterator[tuple[str, str]]:
    """Where each field set starts, and its text."""
    for name, node in types.items():
        for key in applied(node, "key"):
            yield name, string_argument(key, "fields") or ""
        for field in fields_of(node):
            for requires in applied(field, "requires"):
                yield name, string_argument(requires, "fields") or ""
            for provides in applied(field, "provides"):
                yield named_type(field.type).name.value, string_argument(provides, "fields") or ""


def _context_selections(types: Mapping[str, TypeDefinitionNode]) -> Iterator[tuple[str, str]]:
    setters: dict[str, list[str]] = {}
    for name, node in types.items():
        for context in applied(node, "context"):
            setters.setdefault(string_argument(context, "name") or "", []).append(name)
    for node in types.values():
        for field in fields_of(node):
            for argument in field.arguments or ():
                for use in applied(argument, "fromContext"):
                    selection = parse_context_selection(string_argument(use, "field") or "")
                    if selection:
                        for setter in setters.get(selection.context, ()):
                            yield setter, selection.field_set


def _implementing_fields(schema: GraphQLSchema) -> Iterator[Field]:
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType):
            for interface in type_.interfaces:
                yield from ((type_.name, name) for name in interface.fields)
