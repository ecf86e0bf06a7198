"""How much an operation asks for once its fragments are spread."""

from collections.abc import Mapping

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
)

from plait_gateway.errors import OPERATION_TOO_LARGE
from plait_gateway.pipeline.introspection import introspection_fields
from plait_gateway.pipeline.request import Refused
from plait_gateway.planner import Operation

_MAX_INTROSPECTED = 500  # each is answered for every type of a graph; tools ask for some 250


def refuse_too_large(operation: Operation, *, max_fields: int) -> Refused | None:
    """None for an operation that can be planned.

    A few hundred characters of fragments that spread one another twice stand for millions of fields. The
    document is valid, so the fragments have no cycle and are not nested deeply.
    """
    of_schema = sum(
        _count_fields(field.selection_set, operation.fragments, {})
        for field in introspection_fields(operation.document)
        if field.selection_set is not None
    )
    if of_schema > _MAX_INTROSPECTED:
        message = f"The document has {of_schema} fields of introspection; {_MAX_INTROSPECTED} are allowed."
        return Refused((OPERATION_TOO_LARGE.at(None, message),))
    fields = _count_fields(operation.definition.selection_set, operation.fragments, {})
    if fields <= max_fields:
        return None
    message = f"The operation has {fields} fields with its fragments spread; {max_fields} are allowed."
    return Refused((OPERATION_TOO_LARGE.at(None, message),))


def _count_fields(
    selection_set: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], counted: dict[str, int]
) -> int:
    count = 0
    for selection in selection_set.selections:
        match selection:
            case FieldNode(selection_set=None):
                count += 1
            case FieldNode(selection_set=SelectionSetNode() as inner):
                count += 1 + _count_fields(inner, fragments, counted)
            case InlineFragmentNode(selection_set=inner):
                count += _count_fields(inner, fragments, counted)
            case FragmentSpreadNode(name=name):
                if name.value not in counted:
                    spread = fragments[name.value].selection_set
                    counted[name.value] = _count_fields(spread, fragments, counted)
                count += counted[name.value]
    return count
