"""From a subgraph's JSON to objects of the response tree, by the shape of what was asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLSchema, is_composite_type

from plait_gateway.errors import SUBGRAPH_INVALID_RESPONSE, ResponseError, ResponsePath
from plait_gateway.executor.response_tree import TYPENAME, Items, Null, ResponseObject, TreeValue
from plait_gateway.executor.shape import Asked, Shape


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads one answer. What does not fit becomes null, and an error that names the place.

    `explained` holds the answer's paths at which, or below which, the subgraph reports errors itself:
    a null there needs no other explanation.
    """

    subgraph: str
    schema: GraphQLSchema
    explained: frozenset[ResponsePath]
    errors: list[ResponseError] = field(default_factory=list)

    def object(
        self,
        value: Mapping[str, Any],
        shape: Shape,
        *,
        at: ResponsePath,
        path: ResponsePath,
        typename: str | None = None,
    ) -> ResponseObject:
        """Read an object that stands `at` a path of the answer, and at a path of the response.

        `typename` is what is known of its type when the answer does not say it.
        """
        result = ResponseObject()
        told = value.get(TYPENAME)
        is_told = isinstance(told, str) and is_composite_type(self.schema.get_type(told))
        known = told if is_told else typename
        for alias, asked in shape.items():
            if alias in value:
                child = self._value(value[alias], asked, known, (*at, alias), (*path, asked.response_key))
                result.put(asked.response_key, child, self.subgraph)
            elif (*at, alias) in self.explained:
                result.put(asked.response_key, Null.ERRORED, self.subgraph)
            elif asked.is_certain(known):
                missing = self._wrong((*path, asked.response_key), "The subgraph left out this field")
                result.put(asked.response_key, missing, self.subgraph)
        for name in value.keys() - shape.keys():
            self._wrong((*path, name), "The subgraph answered a field that it was not asked for")
        if isinstance(told, str) and not is_told:
            result.fields.pop(TYPENAME, None)  # a name of the subgraph's own says nothing here
        return result

    def _value(
        self, value: Any, asked: Asked, parent: str | None, at: ResponsePath, path: ResponsePath
    ) -> TreeValue:
        if value is None:
            return Null.ERRORED if at in self.explained else None
        if at[-1] == TYPENAME and not isinstance(value, str):
            return self._wrong(path, "The subgraph answered a `__typename` that is not a string")
        if asked.is_leaf:
            return value
        match value:
            case dict():
                return self.object(
                    value, asked.shape(parent), at=at, path=path, typename=asked.object_type(parent)
                )
            case list():
                return Items(
                    self._value(item, asked, parent, (*at, index), (*path, index))
                    for index, item in enumerate(value)
                )
            case _:
                return self._wrong(path, "The subgraph answered a leaf where an object stands")

    def _wrong(self, path: ResponsePath, message: str) -> Null:
        self.errors.append(SUBGRAPH_INVALID_RESPONSE.at(path, message, subgraph=self.subgraph))
        return Null.ERRORED


def leave_null(
    target: ResponseObject, shape: Shape, null: Null | None, *, typename: str | None, subgraph: str
) -> None:
    """Put null wherever an answer of this shape would have brought something that nothing else brought."""
    for asked in shape.values():
        there = target.fields.get(asked.response_key)
        if asked.response_key == TYPENAME:
            continue
        if there is None and asked.is_certain(typename):
            target.put(asked.response_key, null, subgraph)
        elif not asked.is_leaf:
            for child in _objects(there):
                known = child.typename or asked.object_type(typename)
                leave_null(child, asked.shape(typename), null, typename=known, subgraph=subgraph)


def _objects(value: TreeValue) -> list[ResponseObject]:
    match value:
        case ResponseObject():
            return [value]
        case Items():
            return [child for item in value for child in _objects(item)]
        case _:
            return []
