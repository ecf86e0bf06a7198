"""Third stage: the client's variables to values of their types."""

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import (
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    get_variable_values,
    is_input_type,
    type_from_ast,
)

from plait_gateway.errors import BAD_USER_INPUT
from plait_gateway.pipeline.request import Refused
from plait_gateway.planner import Operation

_MAX_ERRORS = 20
_LARGEST_INT = 2**31 - 1  # specification, section 3.5.1

#: Whether coercion would leave a value as it is.
_IsCoerced: TypeAlias = Callable[[Any], bool]

#: The values with defaults filled in.
Coerce: TypeAlias = Callable[[Mapping[str, Any]], dict[str, Any] | Refused]


def coercing(operation: Operation, api_schema: GraphQLSchema) -> Coerce:
    """What coerces the variables of an operation (specification, section 6.1.2).

    A variable without a value and without a default is absent, which is not the same as null.
    """
    checks = _checks(operation, api_schema)

    def coerce(values: Mapping[str, Any]) -> dict[str, Any] | Refused:
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
    outcome = get_variable_values(
        api_schema, operation.definition.variable_definitions or (), dict(values), max_errors=_MAX_ERRORS
    )
    if isinstance(outcome, list):
        return Refused(tuple(BAD_USER_INPUT.from_graphql(error) for error in outcome))
    return dict(outcome.coerced)


def _checks(operation: Operation, api_schema: GraphQLSchema) -> dict[str, _IsCoerced | None]:
    """For each variable what tells that its value is coerced already, as nearly all are; None: nothing."""
    checks: dict[str, _IsCoerced | None] = {}
    for definition in operation.definition.variable_definitions or ():
        declared = type_from_ast(api_schema, definition.type)
        assert is_input_type(declared), "the operation is valid"
        checks[definition.variable.name.value] = _is_coerced_or_null(declared)
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
