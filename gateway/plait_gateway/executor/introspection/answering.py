"""A selection of introspection fields, applied to parts of the schema."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import BooleanValueNode, FieldNode, GraphQLSchema, StringValueNode, VariableNode

from plait_gateway.executor.collection import Collection, nested_selections
from plait_gateway.executor.introspection.meta_fields import META_FIELDS, MetaField, is_deprecated

#: From a part of the schema to the value of a field, or of a selection set.
_Answer: TypeAlias = Callable[[Any], Any]


class Answering:
    """Reads selections of one request."""

    def __init__(self, collection: Collection, api_schema: GraphQLSchema) -> None:
        self._collection = collection
        self._schema = api_schema

    def of(self, meta_type: str, nodes: list[FieldNode]) -> _Answer:
        """What fields of one response key select together, of parts that are of an introspection type."""
        collected = self._collection.fields(nested_selections(nodes), meta_type)
        fields = [(key, self._field(meta_type, inner)) for key, inner in collected.items()]

        def answer(part: Any) -> dict[str, Any]:
            return {key: value(part) for key, value in fields}

        return _once_for_each_type(answer) if meta_type == "__Type" else answer

    def _field(self, meta_type: str, nodes: list[FieldNode]) -> _Answer:
        name = nodes[0].name.value
        if name == "__typename":
            return lambda _: meta_type
        field = META_FIELDS[meta_type][name]
        read, schema = field.read, self._schema
        if field.of is None:
            return lambda part: read(part, schema)
        answer = self.of(field.of, nodes)
        if not field.is_list:
            return lambda part: None if (value := read(part, schema)) is None else answer(value)
        if self._hides(field, nodes[0]):

            def some(part: Any) -> Any:
                values = read(part, schema)
                return None if values is None else [answer(one) for one in values if not is_deprecated(one)]

            return some
        return lambda part: None if (values := read(part, schema)) is None else [*map(answer, values)]

    def _hides(self, field: MetaField, node: FieldNode) -> bool:
        return field.may_hide and argument(node, "includeDeprecated", self._collection.variables) is not True


def argument(node: FieldNode, name: str, variables: Mapping[str, Any]) -> Any:
    """The value of an argument; None where it has none."""
    for given in node.arguments or ():
        if given.name.value == name:
            match given.value:
                case VariableNode(name=variable):
                    return variables.get(variable.value)
                case StringValueNode(value=text):
                    return text
                case BooleanValueNode(value=truth):
                    return truth
    return None


def _once_for_each_type(answer: _Answer) -> _Answer:
    """References to types make up most of a schema, and are few."""
    known: dict[str, Any] = {}

    def answer_once(type_: Any) -> Any:
        name = str(type_)
        if name not in known:
            known[name] = answer(type_)
        return known[name]

    return answer_once
