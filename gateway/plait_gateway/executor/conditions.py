"""@skip, @include and type conditions, by the specification (section 6.3.2)."""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    GraphQLAbstractType,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
    is_interface_type,
    is_object_type,
)


def is_included(directives: Iterable[DirectiveNode], variables: Mapping[str, Any]) -> bool:
    """Whether a selection with these directives is part of the operation for these variables."""
    for directive in directives:
        match directive.name.value:
            case "skip" if _condition(directive, variables):
                return False
            case "include" if not _condition(directive, variables):
                return False
    return True


def selects_a_field(selection_set: SelectionSetNode, variables: Mapping[str, Any]) -> bool:
    """Whether a selection set without spreads selects anything for these variables."""
    return any(
        not isinstance(selection, InlineFragmentNode) or selects_a_field(selection.selection_set, variables)
        for selection in selection_set.selections
        if is_included(selection.directives or (), variables)
    )


def _condition(directive: DirectiveNode, variables: Mapping[str, Any]) -> bool:
    for argument in directive.arguments or ():
        match argument.value:
            case BooleanValueNode(value=value):
                return value
            case VariableNode(name=name):
                return variables.get(name.value) is True
    return False


def type_condition_applies(schema: GraphQLSchema, condition: str, typename: str) -> bool:
    """Whether an object of a type, or of an interface known for it, meets `... on condition`."""
    if condition == typename:
        return True
    wanted, actual = schema.get_type(condition), schema.get_type(typename)
    if not is_abstract_type(wanted) or not (is_object_type(actual) or is_interface_type(actual)):
        return False
    return schema.is_sub_type(wanted, actual) or _all_are(schema, wanted, actual)


def _all_are(schema: GraphQLSchema, wanted: GraphQLAbstractType, actual: GraphQLNamedType) -> bool:
    """Whether all objects of an interface are of a type that the interface itself need not mention."""
    objects = schema.get_possible_types(actual) if is_interface_type(actual) else ()
    return bool(objects) and all(schema.is_sub_type(wanted, one) for one in objects)


def are_related(schema: GraphQLSchema, told: str, expected: str) -> bool:
    """Whether a type that an object says it is of is the one expected, one of its members, or above it."""
    return type_condition_applies(schema, told, expected) or type_condition_applies(schema, expected, told)


def may_apply(schema: GraphQLSchema, condition: str, typename: str | None) -> bool:
    """Whether `... on condition` can apply to an object of which no more than this is known."""
    if (
        typename is None
        or schema.get_type(condition) is None
        or not is_object_type(schema.get_type(typename))
    ):
        return True
    return type_condition_applies(schema, condition, typename)
