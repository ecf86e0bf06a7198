"""An operation without some of its fields, to be planned and sent to subgraphs in its place."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final, TypeVar

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NameNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from plait_gateway.planner import Operation

_TYPENAME: Final = FieldNode(name=NameNode(value="__typename"), arguments=(), directives=())

N = TypeVar("N", FieldNode, InlineFragmentNode, OperationDefinitionNode, FragmentDefinitionNode)


def without_fields(operation: Operation, left_out: Collection[int]) -> Operation:
    """The operation without the fields that have these identities, and without what is below them.

    Where something is left out `__typename` is selected: objects are still asked for, and of which types
    they are is known.
    """
    definition = _selecting(operation.definition, left_out)
    fragments = {name: _selecting(each, left_out) for name, each in operation.fragments.items()}
    document = DocumentNode(definitions=(definition, *fragments.values()))
    return replace(operation, document=document, definition=definition, fragments=fragments)


def _selecting(node: N, left_out: Collection[int]) -> N:
    """The node with what is left of its selections."""
    if node.selection_set is None:
        return node
    kept: list[SelectionNode] = []
    for selection in node.selection_set.selections:
        match selection:
            case FieldNode() if id(selection) in left_out:
                kept.append(_TYPENAME)
            case FieldNode():
                kept.append(_selecting(selection, left_out))
            case InlineFragmentNode():
                kept.append(_selecting(selection, left_out))
            case FragmentSpreadNode():
                kept.append(selection)
    parts = {key: getattr(node, key) for key in node.keys}
    return type(node)(**parts | {"selection_set": SelectionSetNode(selections=tuple(kept))})
