"""Second stage: which of the document's operations to run."""

from dataclasses import dataclass

from graphql import DocumentNode, GraphQLSchema, OperationType

from plait_gateway.errors import SUBSCRIPTION_NOT_SUPPORTED
from plait_gateway.pipeline.planning import refused
from plait_gateway.pipeline.request import Refused
from plait_gateway.pipeline.variables import Coerce, coercing
from plait_gateway.planner import Operation, PlanningError


@dataclass(frozen=True, slots=True)
class ChosenOperation:
    """An operation, and what coerces the variables for it."""

    operation: Operation
    coerce: Coerce
    is_mutation: bool


def choose_operation(
    document: DocumentNode, name: str | None, api_schema: GraphQLSchema
) -> ChosenOperation | Refused:
    """The operation of that name, or the only one (specification, section 6.1)."""
    try:
        operation = Operation.from_document(document, name)
    except PlanningError as error:
        return refused(error)
    if operation.definition.operation is OperationType.SUBSCRIPTION:
        message = "Subscriptions are not supported by this endpoint."
        return Refused((SUBSCRIPTION_NOT_SUPPORTED.at(None, message),))
    return ChosenOperation(
        operation,
        coercing(operation, api_schema),
        is_mutation=operation.definition.operation is OperationType.MUTATION,
    )
