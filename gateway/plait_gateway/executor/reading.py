"""From a subgraph's JSON to objects of the response tree, by what was asked and by the schema."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from plait_gateway.errors import SUBGRAPH_INVALID_RESPONSE, ResponsePath
from plait_gateway.executor.conditions import type_condition_applies
from plait_gateway.executor.found_errors import FoundErrors
from plait_gateway.executor.leaf_values import NotOfType, coerce_leaf
from plait_gateway.executor.response_tree import TYPENAME, Items, Null, ResponseObject, TreeValue
from plait_gateway.executor.shape import Asked, Shape


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads one answer. What does not fit becomes null, and one error that names the place.

    `explained` holds the answer's paths at which, or below which, the subgraph reports errors itself:
    a null there needs no other explanation. Messages name nothing of the schema: what is read may be
    inaccessible to clients.
    """

    subgraph: str
    schema: GraphQLSchema
    explained: frozenset[ResponsePath]
    errors: FoundErrors

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
        known = told if self._is_type_of_objects(told) else typename
        for alias, asked in shape.items():
            if alias in value:
                field = _Field(asked, known)
                read = self._value(
                    value[alias], asked.declared(known), field, (*at, alias), (*path, asked.response_key)
                )
                result.put(asked.response_key, read, self.subgraph)
            elif (*at, alias) in self.explained:
                result.put(asked.response_key, Null.ERRORED, self.subgraph)
            elif asked.is_certain(known):
                missing = self._wrong((*path, asked.response_key), "The subgraph left out this field")
                result.put(asked.response_key, missing, self.subgraph)
        if value.keys() - shape.keys():
            self._wrong(path, "The subgraph answered a field that it was not asked for")
        if isinstance(told, str) and not self._is_type_of_objects(told):
            self._unknown_type(result, path, typename)
        return result

    def _unknown_type(self, result: ResponseObject, path: ResponsePath, typename: str | None) -> None:
        """A subgraph may call its root types as it likes; all others have one name in the whole graph."""
        if result.fields.pop(TYPENAME, None) is not None and not self._is_root(typename):
            wrong = self._wrong(path, "The subgraph answered a type that the graph does not have")
            result.put(TYPENAME, wrong, self.subgraph)

    def _is_root(self, typename: str | None) -> bool:
        schema = self.schema
        roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
        return any(root is not None and root.name == typename for root in roots)

    def _value(
        self,
        value: Any,
        declared: GraphQLOutputType | None,
        field: "_Field",
        at: ResponsePath,
        path: ResponsePath,
    ) -> TreeValue:
        """A value, by its type in the schema; None where the type of the object around it is not known."""
        if isinstance(declared, GraphQLNonNull):
            if value is None and at not in self.explained:
                return self._wrong(path, "The subgraph answered null where null may not be")
            declared = declared.of_type
        if value is None:
            return Null.ERRORED if at in self.explained else None
        if isinstance(declared, GraphQLList) or (declared is None and isinstance(value, list)):
            return self._list(value, declared, field, at, path)
        if field.asked.is_leaf:
            return self._leaf(value, declared, field, path)
        if not isinstance(value, dict):
            return self._wrong(path, "The subgraph answered something else where an object stands")
        if declared is not None and not self._may_be(value.get(TYPENAME), declared):
            return self._wrong(path, "The subgraph answered an object of another type than the field's")
        shape = field.asked.shape(field.parent)
        return self.object(value, shape, at=at, path=path, typename=field.asked.object_type(field.parent))

    def _list(
        self,
        value: Any,
        declared: GraphQLList[Any] | None,
        field: "_Field",
        at: ResponsePath,
        path: ResponsePath,
    ) -> TreeValue:
        if field.asked.is_leaf and declared is None:
            return value
        if not isinstance(value, list):
            return self._wrong(path, "The subgraph answered something else where a list stands")
        inner = None if declared is None else declared.of_type
        items = (
            self._value(item, inner, field, (*at, index), (*path, index)) for index, item in enumerate(value)
        )
        return list(items) if field.asked.is_leaf else Items(items)

    def _leaf(
        self, value: Any, declared: GraphQLOutputType | None, field: "_Field", path: ResponsePath
    ) -> TreeValue:
        if not is_leaf_type(declared):
            return value
        try:
            return coerce_leaf(declared, value)
        except NotOfType:
            return self._wrong(path, "The subgraph answered a value that is not of the field's type")

    def _may_be(self, told: Any, declared: GraphQLOutputType) -> bool:
        """Whether an object of the declared type may say so of itself; what names no type is read later."""
        return not self._is_type_of_objects(told) or type_condition_applies(
            self.schema, get_named_type(declared).name, told
        )

    def _is_type_of_objects(self, name: Any) -> bool:
        return isinstance(name, str) and isinstance(
            self.schema.get_type(name), GraphQLObjectType | GraphQLInterfaceType
        )

    def _wrong(self, path: ResponsePath, message: str) -> Null:
        self.errors.add(SUBGRAPH_INVALID_RESPONSE.at(path, message, subgraph=self.subgraph))
        return Null.ERRORED


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of the answer: what was asked, and of an object of which type."""

    asked: Asked
    parent: str | None


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
