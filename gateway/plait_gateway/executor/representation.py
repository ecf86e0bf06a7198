"""From an object of the response tree to an item of `representations`."""

from collections.abc import Iterable
from typing import Any

from graphql import GraphQLSchema, is_object_type

from plait_gateway.executor.conditions import type_condition_applies
from plait_gateway.executor.response_tree import TYPENAME, Null, ResponseObject, TreeValue
from plait_gateway.query_plan import Representation, RepresentationField, RepresentationFragment


class NotRepresentable(Exception):  # noqa: N818 - an answer about the object, not a defect
    """The object lacks something.

    `null` says whether the response explains that with an error already, about what a subgraph brought.
    """

    def __init__(self, null: Null | None, subgraph: str | None = None) -> None:
        super().__init__()
        self.null = null
        self.subgraph = subgraph


def represent(
    target: ResponseObject, representations: Iterable[Representation], schema: GraphQLSchema
) -> dict[str, Any]:
    """The representation of an object by the first rule that applies to it.

    Raises NotRepresentable when none applies, a field is missing or failed, or the key is null.
    """
    if target.fields.get(TYPENAME) is Null.ERRORED:
        raise NotRepresentable(Null.ERRORED, target.sources[TYPENAME])
    for representation in representations:
        typename = _type_of(target, representation, schema)
        if typename is not None and type_condition_applies(schema, representation.on, typename):
            sent = _fields(target, representation.fields, schema)
            _check_key(representation, sent)
            return {TYPENAME: representation.typename or typename, **sent}
    raise NotRepresentable(None)


def _type_of(target: ResponseObject, representation: Representation, schema: GraphQLSchema) -> str | None:
    """The object's type; plans ask it of the subgraph only where the schema does not tell."""
    if target.typename is None and is_object_type(schema.get_type(representation.on)):
        return representation.on
    return target.typename


def _check_key(representation: Representation, sent: dict[str, Any]) -> None:
    keys = [
        field.name for field in representation.fields if isinstance(field, RepresentationField) and field.key
    ]
    if keys and all(sent[name] is None for name in keys):
        raise NotRepresentable(None)


def _fields(
    target: ResponseObject,
    selections: Iterable[RepresentationField | RepresentationFragment],
    schema: GraphQLSchema,
) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for selection in selections:
        match selection:
            case RepresentationField(name, source):
                if source not in target.fields:
                    raise NotRepresentable(None)
                value = _value(target.fields[source], selection, schema, target.sources[source])
                sent[name] = _merged(sent.get(name), value)
            case RepresentationFragment(on, nested):
                typename = target.typename
                if typename is not None and type_condition_applies(schema, on, typename):
                    for name, value in _fields(target, nested, schema).items():
                        sent[name] = _merged(sent.get(name), value)
    return sent


def _value(value: TreeValue, field: RepresentationField, schema: GraphQLSchema, brought_by: str) -> Any:
    match value:
        case Null.ERRORED:
            raise NotRepresentable(Null.ERRORED, brought_by)
        case ResponseObject():
            return _fields(value, field.selections, schema)
        case list():  # of objects or of leaves: items of either may have failed
            return [_value(item, field, schema, brought_by) for item in value]
        case _:
            return value


def _merged(there: Any, more: Any) -> Any:
    """A field selected outside and inside of fragments is one field."""
    match there, more:
        case dict(), dict():
            return {**there, **{name: _merged(there.get(name), value) for name, value in more.items()}}
        case list(), list() if len(there) == len(more):
            return [_merged(*pair) for pair in zip(there, more, strict=True)]
        case _:
            return more
