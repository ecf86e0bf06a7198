"""What an answer to a fetch looks like: its response keys, and where each goes in the response tree."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLString,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_object_type,
)

from plait_gateway.errors import ResponsePath
from plait_gateway.executor.conditions import is_included, may_apply, type_condition_applies
from plait_gateway.executor.response_tree import TYPENAME
from plait_gateway.query_plan import Fetch, Key
from plait_gateway.query_plan.operations import asked_of_entities, parse_operation

_TYPENAME_TYPE = GraphQLNonNull(GraphQLString)


@dataclass(frozen=True, slots=True)
class _Selected:
    """A field as it was selected. `is_certain` is whether the object has to be of a type that selects it."""

    node: FieldNode
    type_conditions: tuple[str, ...]
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A response key of an object in the answer, with all that was selected under it."""

    response_key: str  # in the tree; the answer's own unless the fetch renames it
    _selected: tuple[_Selected, ...]
    _reader: "_Reader"
    _keys: tuple[str, ...]
    _shapes: "dict[str | None, Shape]" = field(default_factory=dict)
    _types: dict[str | None, GraphQLOutputType | None] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self._selected[0].node.name.value

    @property
    def is_leaf(self) -> bool:
        return self._selected[0].node.selection_set is None

    def is_certain(self, typename: str | None) -> bool:
        """Whether an object must have the key; without a known type only what has no type condition."""
        return any(one.is_certain and self._reader.applies(one, typename) for one in self._selected)

    def declared(self, typename: str | None) -> GraphQLOutputType | None:
        """The field's type in the schema, where the object that has the key is of this type."""
        if typename not in self._types:
            self._types[typename] = self._reader.declared(typename, self.name)
        return self._types[typename]

    def object_type(self, typename: str | None) -> str | None:
        """The type of the value's objects, where the schema tells it without a `__typename`."""
        returned = get_named_type(self.declared(typename))
        return returned.name if is_object_type(returned) else None

    def shape(self, typename: str | None) -> "Shape":
        """What is asked of the value, where the object that has the key is of this type."""
        if typename not in self._shapes:
            self._shapes[typename] = self._reader.shape(
                (
                    (one.node.selection_set, one.is_certain and self._reader.applies(one, typename))
                    for one in self._selected
                    if one.node.selection_set and self._reader.may_apply(one, typename)
                ),
                self._keys,
            )
        return self._shapes[typename]


Shape: TypeAlias = Mapping[str, Asked]


@dataclass(frozen=True, slots=True)
class FetchShape:
    """The shape of an answer to a fetch at its place: of its data, or of an item of `_entities`."""

    fields: Shape
    _renames: Mapping[tuple[str, ...], str]

    def in_tree(self, path: ResponsePath) -> ResponsePath:
        """A path of the answer, from the fetch's place, as it stands in the tree."""
        keys: tuple[str, ...] = ()
        result: list[str | int] = []
        for step in path:
            if isinstance(step, int):
                result.append(step)
            else:
                keys = (*keys, step)
                result.append(self._renames.get(keys, step))
        return tuple(result)


def shape_of(fetch: Fetch, variables: Mapping[str, Any], schema: GraphQLSchema) -> FetchShape:
    """The shape of an answer to a fetch with these variables."""
    renames = {
        (*(element.name for element in rename.path if isinstance(element, Key)), rename.alias): (
            rename.response_key
        )
        for rename in fetch.renames
    }
    operation = _operation(fetch.operation)
    asked = (asked_of_entities(operation) if fetch.representations else operation).selection_set
    return FetchShape(_Reader(variables, schema, renames).shape(((asked, True),), ()), renames)


@lru_cache(maxsize=1024)
def _operation(text: str) -> OperationDefinitionNode:
    return parse_operation(text)


@dataclass(frozen=True, slots=True)
class _Reader:
    variables: Mapping[str, Any]
    schema: GraphQLSchema
    renames: Mapping[tuple[str, ...], str]

    def shape(self, selection_sets: Iterable[tuple[SelectionSetNode, bool]], keys: tuple[str, ...]) -> Shape:
        """The response keys of merged selection sets; each says whether it is certainly selected."""
        selected: dict[str, list[_Selected]] = {}
        for selection_set, is_certain in selection_sets:
            for one in self._fields(selection_set, (), is_certain=is_certain):
                selected.setdefault((one.node.alias or one.node.name).value, []).append(one)
        return {
            key: Asked(self.renames.get((*keys, key), key), tuple(found), self, (*keys, key))
            for key, found in selected.items()
        }

    def declared(self, typename: str | None, name: str) -> GraphQLOutputType | None:
        if name == TYPENAME:
            return _TYPENAME_TYPE
        parent = self.schema.get_type(typename or "")
        if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            return None
        definition = parent.fields.get(name)
        return definition.type if definition else None

    def applies(self, one: _Selected, typename: str | None) -> bool:
        return all(
            typename is not None and type_condition_applies(self.schema, condition, typename)
            for condition in one.type_conditions
        )

    def may_apply(self, one: _Selected, typename: str | None) -> bool:
        return all(may_apply(self.schema, condition, typename) for condition in one.type_conditions)

    def _fields(
        self, selection_set: SelectionSetNode, types: tuple[str, ...], *, is_certain: bool
    ) -> Iterator[_Selected]:
        for selection in selection_set.selections:
            if not is_included(selection.directives or (), self.variables):
                continue
            match selection:
                case FieldNode():
                    yield _Selected(selection, types, is_certain)
                case InlineFragmentNode(type_condition=condition, selection_set=inner):
                    narrowed = types if condition is None else (*types, condition.name.value)
                    yield from self._fields(inner, narrowed, is_certain=is_certain)
