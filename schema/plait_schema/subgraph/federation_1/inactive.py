"""A `@requires` or `@provides` of fields that the subgraph resolves itself says nothing in Federation 1."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from graphql import (
    ConstArgumentNode,
    ConstDirectiveNode,
    FieldDefinitionNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    InterfaceTypeDefinitionNode,
    NameNode,
    ObjectTypeDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
)

from plait_schema.federation import is_applied, parse_field_set, print_field_set, string_argument, without
from plait_schema.federation.fields import field_of
from plait_schema.federation.type_reference import named_type
from plait_schema.subgraph.rewriting import Types, map_directives, map_fields
from plait_schema.subgraph.rules.field_sets import selection_problems

_COMPOSITE = (ObjectTypeDefinitionNode, InterfaceTypeDefinitionNode, UnionTypeDefinitionNode)


def without_inactive(types: Types, build_schema: Callable[[Types], GraphQLSchema]) -> Types:
    """The types with only external fields in `@requires` and `@provides`, which go when nothing is left.

    A field set that is not valid stays as it is: the rule of its directive says what is wrong.
    """

    @cache
    def schema() -> GraphQLSchema:
        return build_schema(types)

    def active(field: FieldDefinitionNode, type_: TypeDefinitionNode) -> FieldDefinitionNode:
        returned = named_type(field.type).name.value
        if not isinstance(types.get(returned), _COMPOSITE):
            field = without(field, "provides")
        field = _active_part(field, "requires", type_.name.value, types, schema)
        return _active_part(field, "provides", returned, types, schema)

    return map_fields(types, active)


def _active_part(
    field: FieldDefinitionNode, name: str, parent: str, types: Types, schema: Callable[[], GraphQLSchema]
) -> FieldDefinitionNode:
    def active(directive: ConstDirectiveNode) -> ConstDirectiveNode | None:
        text = string_argument(directive, "fields")
        if directive.name.value != name or text is None:
            return directive
        try:
            selection_set = parse_field_set(text)
        except GraphQLError:
            return directive
        external = _external_part(selection_set, parent, types)
        if external == selection_set or selection_problems(selection_set, parent, schema()):
            return directive
        return _with_field_set(directive, external) if external else None

    return map_directives(field, active)


def _external_part(selection_set: SelectionSetNode, parent: str, types: Types) -> SelectionSetNode | None:
    kept = [
        part
        for selection in selection_set.selections
        if (part := _external_selection(selection, parent, types))
    ]
    return replace(selection_set, selections=tuple(kept)) if kept else None


def _external_selection(selection: SelectionNode, parent: str, types: Types) -> SelectionNode | None:
    match selection:
        case FieldNode(name=name, selection_set=inner):
            field = field_of(types.get(parent), name.value)
            if field is None:  # __typename, or no valid field
                return None
            if is_applied(field, "external"):
                return selection
            part = _external_part(inner, named_type(field.type).name.value, types) if inner else None
            return replace(selection, selection_set=part) if part else None
        case InlineFragmentNode(type_condition=condition, selection_set=inner_set):
            part = _external_part(inner_set, condition.name.value if condition else parent, types)
            return replace(selection, selection_set=part) if part else None
        case _:
            return selection


def _with_field_set(directive: ConstDirectiveNode, selection_set: SelectionSetNode) -> ConstDirectiveNode:
    value = StringValueNode(value=print_field_set(selection_set), loc=directive.loc)
    return replace(directive, arguments=(ConstArgumentNode(name=NameNode(value="fields"), value=value),))
