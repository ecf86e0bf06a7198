"""Second stage: which of the document's operations to run."""

from graphql import DocumentNode, OperationDefinitionNode, OperationType

from plait_gateway.errors import OPERATION_RESOLUTION_FAILURE, SUBSCRIPTION_NOT_SUPPORTED
from plait_gateway.pipeline.request import Refused


def choose_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode | Refused:
    """The operation of that name, or the only one (specification, section 6.1)."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if name is not None:
        chosen = [node for node in operations if node.name is not None and node.name.value == name]
        if not chosen:
            return _unresolved(f"The document has no operation named {name!r}.")
    else:
        chosen = operations
        if not chosen:
            return _unresolved("The document has no operation.")
        if len(chosen) > 1:
            return _unresolved("The document has several operations; say which to run with operationName.")
    if chosen[0].operation is OperationType.SUBSCRIPTION:
        message = "Subscriptions are not supported by this endpoint."
        return Refused((SUBSCRIPTION_NOT_SUPPORTED.at(None, message),))
    return chosen[0]


def _unresolved(message: str) -> Refused:
    return Refused((OPERATION_RESOLUTION_FAILURE.at(None, message),))
