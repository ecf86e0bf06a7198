"""The client's operation, as it was chosen from a document."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode

from plait_gateway.errors import OPERATION_RESOLUTION_FAILURE
from plait_gateway.planner.errors import PlanningError


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of a document that is valid against the API schema. Compared by identity."""

    document: DocumentNode
    definition: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]

    @classmethod
    def from_document(cls, document: DocumentNode, operation_name: str | None = None) -> "Operation":
        """Choose the operation to run (GraphQL specification, GetOperation).

        Raises PlanningError(OPERATION_RESOLUTION_FAILURE) when the name is missing, unknown or ambiguous.
        """
        fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        return cls(document, _choose(operations, operation_name), fragments)


def _choose(operations: list[OperationDefinitionNode], name: str | None) -> OperationDefinitionNode:
    if not operations:
        raise PlanningError(OPERATION_RESOLUTION_FAILURE, "The document holds no operation.")
    if not name:
        if len(operations) == 1:
            return operations[0]
        raise PlanningError(
            OPERATION_RESOLUTION_FAILURE,
            "The document holds several operations; say by operationName which one to run.",
            nodes=operations[1:2],
        )
    found = [node for node in operations if node.name is not None and node.name.value == name]
    if not found:
        raise PlanningError(OPERATION_RESOLUTION_FAILURE, f'The document holds no operation "{name}".')
    return found[0]
