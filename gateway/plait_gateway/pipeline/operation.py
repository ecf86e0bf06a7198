"""Second stage: which of the document's operations to run."""

from graphql import DocumentNode, OperationType

from plait_gateway.errors import SUBSCRIPTION_NOT_SUPPORTED
from plait_gateway.pipeline.planning import refused
from plait_gateway.pipeline.request import Refused
from plait_gateway.planner import Operation, PlanningError


def choose_operation(document: DocumentNode, name: str | None) -> Operation | Refused:
    """The operation of that name, or the only one (specification, section 6.1)."""
    try:
        operation = Operation.from_document(document, name)
    except PlanningError as error:
        return refused(error)
    if operation.definition.operation is OperationType.SUBSCRIPTION:
        message = "Subscriptions are not supported by this endpoint."
        return Refused((SUBSCRIPTION_NOT_SUPPORTED.at(None, message),))
    return operation
