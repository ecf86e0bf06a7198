"""What an answer to an operation looks like: its response keys, and where each goes in the tree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from graphql import (
    DirectiveNode,
    FieldNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from plait_gateway.errors import ResponsePath
from plait_gateway.executor.conditions import is_included, type_condition_applies
from plait_gateway.query_plan import Fetch, Key, Rename

TypeConditions: TypeAlias = tuple[str, ...]


@dataclass(slots=True)
class Asked:
    """A response key of an answer.

    It is there on objects that meet every type condition of one of the `alternatives`. `shape` is None
    for a leaf.
    """

    response_key: str  # in the tree; the answer's own unless the fetch renames it
    alternatives: tuple[TypeConditions, ...]
    shape: "Shape | None"

    def is_certain(self, typename: str | None, schema: GraphQLSchema) -> bool:
        """Whether an object of this type must have the key; without a type only what has no condition."""
        return any(
            all(typename is not None and type_condition_applies(schema, name, typename) for name in names)
            for names in self.alternatives
        )


Shape: TypeAlias = dict[str, Asked]


def shape_of(fetch: Fetch, variables: Mapping[str, Any]) -> Shape:
    """The shape of an answer to a fetch at its place: of its data, or of an item of `_entities`."""
    operation = _operation(fetch.operation)
    shape = _shape((operation.selection_set,), variables)
    if fetch.representations:
        shape = shape["_entities"].shape or {}
    for rename in fetch.renames:
        _rename(shape, rename)
    return shape


def in_tree(shape: Shape | None, path: ResponsePath) -> ResponsePath:
    """A path of the answer as it stands in the tree."""
    result: list[str | int] = []
    for step in path:
        asked = shape.get(step) if shape is not None and isinstance(step, str) else None
        result.append(asked.response_key if asked else step)
        shape = asked.shape if asked else shape
    return tuple(result)


@lru_cache(maxsize=1024)
def _operation(text: str) -> OperationDefinitionNode:
    definition = parse(text, no_location=True).definitions[0]
    assert isinstance(definition, OperationDefinitionNode)
    return definition


def _shape(selection_sets: tuple[SelectionSetNode, ...], variables: Mapping[str, Any]) -> Shape:
    nodes: dict[str, list[FieldNode]] = {}
    conditions: dict[str, set[TypeConditions]] = {}
    for selection_set in selection_sets:
        for field, types in _fields(selection_set, (), variables):
            key = (field.alias or field.name).value
            nodes.setdefault(key, []).append(field)
            conditions.setdefault(key, set()).add(types)
    return {
        key: Asked(key, tuple(sorted(conditions[key])), _nested(tuple(fields), variables))
        for key, fields in nodes.items()
    }


def _nested(fields: tuple[FieldNode, ...], variables: Mapping[str, Any]) -> Shape | None:
    selection_sets = tuple(field.selection_set for field in fields if field.selection_set is not None)
    return _shape(selection_sets, variables) if selection_sets else None


def _fields(
    selection_set: SelectionSetNode, types: TypeConditions, variables: Mapping[str, Any]
) -> Iterator[tuple[FieldNode, TypeConditions]]:
    for selection in selection_set.selections:
        directives: tuple[DirectiveNode, ...] = tuple(selection.directives or ())
        if not is_included(directives, variables):
            continue
        match selection:
            case FieldNode():
                yield selection, types
            case InlineFragmentNode(type_condition=None, selection_set=inner):
                yield from _fields(inner, types, variables)
            case InlineFragmentNode(type_condition=condition, selection_set=inner) if condition:
                yield from _fields(inner, (*types, condition.name.value), variables)


def _rename(shape: Shape, rename: Rename) -> None:
    for element in rename.path:
        if isinstance(element, Key):
            asked = shape.get(element.name)
            if asked is None or asked.shape is None:  # what leads there is skipped
                return
            shape = asked.shape
    if rename.alias in shape:
        shape[rename.alias].response_key = rename.response_key
