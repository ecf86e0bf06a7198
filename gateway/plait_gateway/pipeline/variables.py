"""Third stage: the client's variables to values of their types."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from graphql import (
    GraphQLError,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    VariableDefinitionNode,
    get_variable_values,
    is_input_type,
    type_from_ast,
)

from plait_gateway.errors import BAD_USER_INPUT
from plait_gateway.executor.program.conditions import condition_variables
from plait_gateway.pipeline.list_items import refusing_long_lists
from plait_gateway.pipeline.request import Refused
from plait_gateway.planner import Operation
from plait_gateway.query_plan import QueryPlan

_MAX_ERRORS = 20
_LARGEST_INT = 2**31 - 1  # specification, section 3.5.1

#: Whether coercion would leave a value as it is.
_IsCoerced: TypeAlias = Callable[[Any], bool]

#: The values with defaults filled in.
Coerce: TypeAlias = Callable[[Mapping[str, Any]], dict[str, Any] | Refused]


def coercing(operation: Operation, api_schema: GraphQLSchema, *, max_items: int) -> Coerce:
    """What coerces the variables of an operation (specification, section 6.1.2).

    A variable without a value and without a default is absent, which is not the same as null. Variables
    whose lists have more items than `max_items` are refused before.
    """
    checks = _checks(operation, api_schema)
    refuse = refusing_long_lists(operation, api_schema, max_items=max_items)

    def coerce(values: Mapping[str, Any]) -> dict[str, Any] | Refused:
        if refuse is not None and (refused := refuse(values)) is not None:
            return refused
        coerced: dict[str, Any] = {}
        for name, is_coerced in checks.items():
            if is_coerced is None or name not in values or not is_coerced(values[name]):
                return _coerce(operation, values, api_schema)
            coerced[name] = values[name]
        return coerced

    return coerce


def _coerce(
    operation: Operation, values: Mapping[str, Any], api_schema: GraphQLSchema
) -> dict[str, Any] | Refused:
    definitions = operation.definition.variable_definitions or ()
    outcome = get_variable_values(api_schema, definitions, dict(values), max_errors=_MAX_ERRORS)
    errors = outcome if isinstance(outcome, list) else list(_null_conditions(operation, outcome.coerced))
    if isinstance(outcome, list) or errors:
        return Refused(tuple(BAD_USER_INPUT.from_graphql(error) for error in errors))
    return dict(outcome.coerced)


def _null_conditions(operation: Operation, coerced: Mapping[str, Any]) -> Iterator[GraphQLError]:
    """A variable with a default may be null, yet stand where null may not, such as `@skip(if: $v)`.

    In an argument of a field, that is the subgraph's to say. What is skipped is decided here, before
    anything is asked.
    """
    for node in _conditions_with_default(operation):
        if coerced[node.variable.name.value] is None:
            name = node.variable.name.value
            message = f"Variable '${name}' must be true or false where '@skip' or '@include' depends on it."
            yield GraphQLError(message, node)


def _conditions_with_default(operation: Operation) -> list[VariableDefinitionNode]:
    definitions = operation.definition.variable_definitions or ()
    with_default = [node for node in definitions if node.default_value is not None]
    if not with_default:
        return []
    deciding = condition_variables(QueryPlan(None), operation.definition, operation.fragments)
    return [node for node in with_default if node.variable.name.value in deciding]


def _checks(operation: Operation, api_schema: GraphQLSchema) -> dict[str, _IsCoerced | None]:
    """For each variable what tells that its value is coerced already, as nearly all are; None: nothing."""
    checks: dict[str, _IsCoerced | None] = {}
    never_null = {node.variable.name.value for node in _conditions_with_default(operation)}
    for definition in operation.definition.variable_definitions or ():
        declared = type_from_ast(api_schema, definition.type)
        assert is_input_type(declared), "the operation is valid"
        name = definition.variable.name.value
        checks[name] = _is_coerced(declared) if name in never_null else _is_coerced_or_null(declared)
    return checks


def _is_coerced(declared: GraphQLInputType) -> _IsCoerced | None:
    match declared:
        case GraphQLNonNull(of_type=inner):
            return _is_coerced(inner)
        case GraphQLList(of_type=inner):
            is_item = _is_coerced_or_null(inner)
            return None if is_item is None else lambda value: type(value) is list and all(map(is_item, value))
        case GraphQLScalarType(name=name):
            return _SCALARS.get(name)
        case _:
            return None


def _is_coerced_or_null(declared: GraphQLInputType) -> _IsCoerced | None:
    is_coerced = _is_coerced(declared)
    if is_coerced is None or isinstance(declared, GraphQLNonNull):
        return is_coerced
    return lambda value: value is None or is_coerced(value)


def _is_text(value: Any) -> bool:
    return type(value) is str


#: Of the specification's scalars; what one of a schema's own takes is its own to say.
_SCALARS: dict[str, _IsCoerced] = {
    "ID": _is_text,
    "String": _is_text,
    "Boolean": lambda value: type(value) is bool,
    "Int": lambda value: type(value) is int and -_LARGEST_INT <= value <= _LARGEST_INT,
    "Float": lambda value: type(value) is float and math.isfinite(value),
}
