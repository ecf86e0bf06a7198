"""`__schema` and `__type` in compiled programs: they are answered once, when the program is compiled."""

from collections.abc import Iterable, Mapping

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    Node,
    VariableNode,
    Visitor,
    visit,
)
from msgspec import Raw, json

from plait_gateway.executor.collection import Collection
from plait_gateway.executor.execution import Operation
from plait_gateway.executor.introspection import introspect
from plait_gateway.executor.program.refusal import Refusal, Refused

_encode = json.Encoder().encode


def introspected(
    fields: Mapping[str, list[FieldNode]], operation: Operation, collection: Collection
) -> dict[str, Raw]:
    """The JSON of the introspection fields of an operation. Raises Refused where one depends on variables.

    The Boolean variables of `@skip` and `@include` are known: there is a program for each of their values.
    """
    if not fields:
        return {}
    used = _variables((node for one in fields.values() for node in one), operation.fragments)
    if not used <= collection.variables.keys():
        raise Refused(Refusal.INTROSPECTION)
    return {
        key: Raw(_encode(introspect(nodes, collection, collection.schema))) for key, nodes in fields.items()
    }


def _variables(nodes: Iterable[Node], fragments: Mapping[str, FragmentDefinitionNode]) -> set[str]:
    """The variables in fields, and in the fragments that they spread."""
    names: set[str] = set()
    spread: set[str] = set()
    pending = list(nodes)

    class _Names(Visitor):
        def enter_variable(self, node: VariableNode, *_: object) -> None:
            names.add(node.name.value)

        def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
            if node.name.value not in spread:
                spread.add(node.name.value)
                pending.append(fragments[node.name.value])

    while pending:
        visit(pending.pop(), _Names())
    return names
