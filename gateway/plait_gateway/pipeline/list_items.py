"""How many items the lists of a request's variables have. Coercion takes its time with each of them."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    VariableDefinitionNode,
    is_input_type,
    type_from_ast,
)

from plait_gateway.errors import LIST_TOO_LONG
from plait_gateway.pipeline.request import Refused
from plait_gateway.planner import Operation

#: Says whether the lists of these variables have too many items.
RefuseLists: TypeAlias = Callable[[Mapping[str, Any]], Refused | None]


def refusing_long_lists(
    operation: Operation, api_schema: GraphQLSchema, *, max_items: int
) -> RefuseLists | None:
    """What refuses variables whose lists, at whatever depth, have more items in all; None where there are no
    lists."""
    listed = [
        definition.variable.name.value
        for definition in operation.definition.variable_definitions or ()
        if _may_hold_lists(_declared(definition, api_schema), set())
    ]
    if not listed:
        return None

    def refuse(values: Mapping[str, Any]) -> Refused | None:
        if not _have_more_items([values.get(name) for name in listed], max_items):
            return None
        message = f"The lists of the variables have more than {max_items} items."
        return Refused((LIST_TOO_LONG.at(None, message),))

    return refuse


def _declared(definition: VariableDefinitionNode, api_schema: GraphQLSchema) -> GraphQLInputType:
    declared = type_from_ast(api_schema, definition.type)
    assert is_input_type(declared), "the operation is valid"
    return declared


def _may_hold_lists(declared: GraphQLInputType, seen: set[str]) -> bool:
    match declared:
        case GraphQLList():
            return True
        case GraphQLNonNull(of_type=inner):
            return _may_hold_lists(inner, seen)
        case GraphQLInputObjectType(name=name, fields=fields) if name not in seen:
            seen.add(name)
            return any(_may_hold_lists(field.type, seen) for field in fields.values())
        case _:
            return False


def _have_more_items(values: list[Any], most: int) -> bool:
    items, waiting = 0, values
    while waiting:
        match waiting.pop():
            case list() as inner:
                items += len(inner)
                if items > most:
                    return True
                waiting += inner
            case dict() as fields:
                waiting += fields.values()
    return False
