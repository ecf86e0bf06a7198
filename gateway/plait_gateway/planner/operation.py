"""The client's operation, as it was chosen from a document."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode

from plait_gateway.errors import OPERATION_RESOLUTION_FAILURE
from plait_gateway.planner.errors import PlanningError

_SHOWN = 10  # operations, in a message
_LONGEST = 80  # characters of their names


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of a document that is valid against the API schema. Compared by identity."""

    document: DocumentNode
    definition: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]

    @classmethod
    def from_document(
        cls, document: DocumentNode, operation_name: str | None = None, *, said_by: str = "operationName"
    ) -> "Operation":
        """Choose the operation to run (GraphQL specification, GetOperation); `said_by` is what names it.

        Raises PlanningError(OPERATION_RESOLUTION_FAILURE) when the name is missing, unknown or ambiguous.
        """
        fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        return cls(document, _choose(operations, operation_name, said_by), fragments)


def _choose(
    operations: list[OperationDefinitionNode], name: str | None, said_by: str
) -> OperationDefinitionNode:
    if not operations:
        raise PlanningError(OPERATION_RESOLUTION_FAILURE, "The document holds no operation.")
    if not name:
        if len(operations) == 1:
            return operations[0]
        raise PlanningError(
            OPERATION_RESOLUTION_FAILURE,
            "The document holds several operations; "
            f"say by {said_by} which one to run: {_names(operations)}.",
            nodes=operations[1:2],
        )
    found = [node for node in operations if node.name is not None and node.name.value == name]
    if not found:
        raise PlanningError(
            OPERATION_RESOLUTION_FAILURE,
            f'The document holds no operation "{_short(name)}", which {said_by} says. '
            f"It holds {_names(operations)}.",
        )
    return found[0]


def _names(operations: list[OperationDefinitionNode]) -> str:
    shown = [_short(node.name.value) if node.name else "one without a name" for node in operations[:_SHOWN]]
    left_out = len(operations) - _SHOWN
    return ", ".join([*shown, f"{left_out} more"] if left_out > 0 else shown)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 3] + "..."
