"""Third stage: the client's variables to values of their types."""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLSchema, get_variable_values

from plait_gateway.errors import BAD_USER_INPUT
from plait_gateway.pipeline.request import Refused
from plait_gateway.planner import Operation

_MAX_ERRORS = 20


def coerce_variables(
    operation: Operation, values: Mapping[str, Any], api_schema: GraphQLSchema
) -> dict[str, Any] | Refused:
    """The values with defaults filled in (specification, section 6.1.2).

    A variable without a value and without a default is absent, which is not the same as null.
    """
    outcome = get_variable_values(
        api_schema, operation.definition.variable_definitions or (), dict(values), max_errors=_MAX_ERRORS
    )
    if isinstance(outcome, list):
        return Refused(tuple(BAD_USER_INPUT.from_graphql(error) for error in outcome))
    return dict(outcome.coerced)
