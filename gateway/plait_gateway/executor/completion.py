"""From the response tree to the client's data: value completion of the specification (section 6.4.3)."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from graphql import (
    FieldNode,
    GraphQLCompositeType,
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    SelectionSetNode,
    is_object_type,
)

from plait_gateway.errors import DEPENDENCY_FAILED, SUBGRAPH_INVALID_RESPONSE, ResponsePath
from plait_gateway.executor.collection import CollectedFields, Collection, nested_selections
from plait_gateway.executor.conditions import type_condition_applies
from plait_gateway.executor.denied_field import denied_field
from plait_gateway.executor.explained_paths import ExplainedPaths
from plait_gateway.executor.found_errors import FoundErrors
from plait_gateway.executor.introspection import introspect
from plait_gateway.executor.leaf_values import NotOfType, coerce_leaf
from plait_gateway.executor.response_tree import TYPENAME, Items, Null, ResponseObject, TreeValue


class _Propagate(Enum):
    """A null at a place that may not be null: it takes the parent with it."""

    NULL = "null"


_NOTHING_EXPLAINED = ExplainedPaths.of(())


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of the client's at one place: what it selects, and who brought the value."""

    nodes: list[FieldNode]
    coordinate: str
    subgraph: str | None


@dataclass(frozen=True, slots=True)
class Completion:
    """Completes one operation over one tree; the errors that this finds go to `errors`."""

    schema: GraphQLSchema  # inaccessible elements included
    api_schema: GraphQLSchema
    collection: Collection
    operation: OperationDefinitionNode
    errors: FoundErrors
    denied: frozenset[int] = frozenset()  # identities of fields that the client may not see
    explained: ExplainedPaths = _NOTHING_EXPLAINED  # for these nulls there is an error already

    def data(self, tree: ResponseObject) -> dict[str, Any] | None:
        """The value of the response's `data`."""
        root = self.api_schema.get_root_type(self.operation.operation)
        assert root is not None, "the operation is valid"
        collected = self.collection.fields((self.operation.selection_set,), root.name)
        return self._fields(root, collected, tree, ())

    def is_null_already(self, tree: ResponseObject) -> bool:
        """Whether the fields that have been brought make the response's `data` null, whatever else comes."""
        root = self.api_schema.get_root_type(self.operation.operation)
        assert root is not None, "the operation is valid"
        collected = self.collection.fields((self.operation.selection_set,), root.name)
        brought = {key: nodes for key, nodes in collected.items() if key in tree.fields}
        return self._fields(root, brought, tree, ()) is None

    def _fields(
        self,
        parent: GraphQLObjectType | GraphQLInterfaceType,
        collected: CollectedFields,
        target: ResponseObject,
        path: ResponsePath,
    ) -> dict[str, Any] | None:
        """An object's fields in the client's order; None when one that may not be null is."""
        result: dict[str, Any] = {}
        for key, nodes in collected.items():
            match nodes[0].name.value:
                case "__typename":
                    result[key] = parent.name
                case "__schema" | "__type":
                    result[key] = introspect(nodes, self.collection, self.api_schema)
                case name:
                    seen = [node for node in nodes if id(node) not in self.denied] if self.denied else nodes
                    about = _Field(seen, f"{parent.name}.{name}", target.sources.get(key))
                    declared = self._declared(parent, name)
                    if seen:
                        completed = self._value(declared, about, target.fields.get(key), (*path, key))
                    else:
                        completed = self._unseen(declared, about, (*path, key))
                    if completed is _Propagate.NULL:
                        return None
                    result[key] = completed
        return result

    def _declared(self, parent: GraphQLObjectType | GraphQLInterfaceType, name: str) -> GraphQLOutputType:
        """The field's type; of an interface, also that of one which all its objects have besides."""
        field = parent.fields.get(name) or next(
            other.fields[name]
            for other in self.api_schema.type_map.values()
            if isinstance(other, GraphQLInterfaceType)
            and name in other.fields
            and type_condition_applies(self.api_schema, other.name, parent.name)
        )
        declared: GraphQLOutputType = field.type
        return declared

    def _unseen(self, declared: GraphQLOutputType, about: _Field, path: ResponsePath) -> Any:
        self.errors.add(denied_field(about.coordinate, path))
        return _Propagate.NULL if isinstance(declared, GraphQLNonNull) else None

    def _value(self, declared: GraphQLOutputType, about: _Field, value: TreeValue, path: ResponsePath) -> Any:
        match declared:
            case GraphQLNonNull(of_type=inner):
                completed = self._value(inner, about, value, path)
                if value is None:
                    self._wrong(path, about, "is null, but may not be")
                return _Propagate.NULL if completed is None else completed
            case _ if value is None:
                return None
            case _ if value is Null.ERRORED:
                self._explain(path, about)
                return None
            case GraphQLList(of_type=inner):
                return self._list(inner, about, value, path)
            case GraphQLScalarType() | GraphQLEnumType():
                return self._leaf(declared, about, value, path)
            case GraphQLObjectType() | GraphQLInterfaceType() | GraphQLUnionType():
                return self._object(declared, about, value, path)

    def _explain(self, path: ResponsePath, about: _Field) -> None:
        """A null that came of what is wrong elsewhere would pass for a value."""
        if path not in self.explained:
            message = f"{about.coordinate} is null because something that it depends on failed"
            self.errors.add(DEPENDENCY_FAILED.at(path, message, subgraph=about.subgraph))

    def _list(self, inner: GraphQLOutputType, about: _Field, value: TreeValue, path: ResponsePath) -> Any:
        if not isinstance(value, list):
            return self._wrong(path, about, "is a list, but something else came")
        result: list[Any] = []
        for index, item in enumerate(value):
            completed = self._value(inner, about, item, (*path, index))
            if completed is _Propagate.NULL:
                return None
            result.append(completed)
        return result

    def _leaf(self, declared: GraphQLLeafType, about: _Field, value: TreeValue, path: ResponsePath) -> Any:
        if isinstance(value, ResponseObject | Items):
            return self._wrong(path, about, f"is {declared.name}, but objects came")
        try:
            return coerce_leaf(declared, value)
        except NotOfType:
            return self._wrong(path, about, f"is {declared.name}, but the value that came is not")

    def _object(
        self, declared: GraphQLCompositeType, about: _Field, value: TreeValue, path: ResponsePath
    ) -> Any:
        if not isinstance(value, ResponseObject):
            return self._wrong(path, about, "is an object, but something else came")
        if value.fields.get(TYPENAME) is Null.ERRORED:
            return None
        selections = nested_selections(about.nodes)
        known = self._object_type(declared, value.typename) or self._interface(
            declared, value.typename, selections
        )
        if known is None:
            return self._wrong(path, about, f"is {declared.name}, but the type that came is not")
        return self._fields(known, self.collection.fields(selections, known.name), value, path)

    def _object_type(self, declared: GraphQLCompositeType, told: str | None) -> GraphQLObjectType | None:
        """The object type that the client sees; None where it is not known, or not one of the declared."""
        if isinstance(declared, GraphQLObjectType):
            return None if told != declared.name and self._is_object_type(told) else declared
        concrete = self.api_schema.get_type(told or "")
        if isinstance(concrete, GraphQLObjectType) and self.api_schema.is_sub_type(declared, concrete):
            return concrete
        return None

    def _interface(
        self, declared: GraphQLCompositeType, told: str | None, selections: tuple[SelectionSetNode, ...]
    ) -> GraphQLInterfaceType | None:
        """An interface whose fields are all that is selected: then the object's type need not be known.

        That is how a subgraph with `@interfaceObject` answers, which knows no types below it.
        """
        if self._is_object_type(told):
            return None
        interface = self.api_schema.get_type(told or declared.name)
        if not isinstance(interface, GraphQLInterfaceType):
            return None
        fields = self.collection.fields(selections, interface.name)
        needs_type = any(nodes[0].name.value == TYPENAME for nodes in fields.values())
        return None if needs_type or fields != self.collection.fields(selections, None) else interface

    def _is_object_type(self, name: str | None) -> bool:
        return is_object_type(self.schema.get_type(name or ""))

    def _wrong(self, path: ResponsePath, about: _Field, what: str) -> None:
        self.errors.add(
            SUBGRAPH_INVALID_RESPONSE.at(path, f"{about.coordinate} {what}", subgraph=about.subgraph)
        )
