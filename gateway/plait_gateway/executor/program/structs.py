"""From a layout to types: a subgraph's JSON is decoded to what the client's response is encoded from."""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from graphql import GraphQLSchema, get_named_type
from msgspec import UNSET, Meta, Struct, defstruct, json

from plait_gateway.executor.program.answers import AnswerReader
from plait_gateway.executor.program.layout import Layout
from plait_gateway.executor.program.leaf_types import NOTHING, leaf_type, may_be_float, wrapped
from plait_gateway.executor.program.position import Position, Slot
from plait_gateway.executor.response_tree import TYPENAME

_NO_ERRORS: Any = Annotated[list[Any], Meta(max_length=0)] | None


class _Nobody(Struct, tag_field=TYPENAME, tag=""):
    """No object is of this type. Beside it, the decoder asks for the tag even of the only type there is."""

    never: NOTHING


class Structs:
    """The Struct of each position, and the decoder of each fetch's answer."""

    def __init__(self, layout: Layout, schema: GraphQLSchema, api_schema: GraphQLSchema) -> None:
        self._schema = schema
        self._api_schema = api_schema
        self._incoming: dict[Position, type[Struct]] = {}
        self._outgoing: dict[Position, type[Struct]] = {}
        self.root = _struct(
            "Data",
            [
                (slot, Any, layout.root.type_name if slot.key in layout.root.constants else UNSET)
                for slot in layout.root.slots.values()
                if slot.is_visible
            ],
        )

    def reader(self, fetch: int, position: Position, *, of_entities: bool) -> AnswerReader:
        """Reads a fetch's whole answer. One with errors, or of another shape than was asked, does not fit."""
        answer: Any = _struct(
            "Answer", [(slot, self._type(slot, position)) for slot in position.brought_by(fetch)]
        )
        data = defstruct("Entities", [("_entities", list[answer | None])]) if of_entities else answer
        envelope = defstruct("Response", [("data", data), ("errors", _NO_ERRORS, UNSET)])
        return AnswerReader(json.Decoder(envelope), holds_floats=_holds_floats(position, fetch))

    def incoming(self, position: Position) -> type[Struct]:
        """What objects are decoded to; beside objects of other types, the decoder needs a tag for each."""
        if not position.is_tagged:
            return self.outgoing(position)
        if (made := self._incoming.get(position)) is None:
            slots = position.brought_by(position.creator or 0)
            fields = [(slot, self._type(slot, position)) for slot in slots if slot.key != TYPENAME]
            made = self._incoming[position] = _struct(position.type_name, fields, tag=position.type_name)
        return made

    def outgoing(self, position: Position) -> type[Struct]:
        """What objects are encoded from."""
        if (made := self._outgoing.get(position)) is None:
            fields: list[tuple[Slot, Any] | tuple[Slot, Any, Any]] = [
                (slot, self._type(slot, position))
                if position.creator in slot.brought_by and slot.key not in position.constants
                else (slot, NOTHING, UNSET)
                for slot in position.slots.values()
                if slot.is_visible or slot.key != TYPENAME or not position.is_tagged
            ]
            made = self._outgoing[position] = _struct(position.type_name, fields)
        return made

    def _type(self, slot: Slot, position: Position) -> Any:
        if slot.key == TYPENAME:
            return Literal[position.type_name]
        if slot.variants:
            types = [self.incoming(one) for one in slot.variants]
            if slot.variants[0].is_tagged:
                types.append(_Nobody)
            return wrapped(slot.declared, reduce(or_, types))
        named = get_named_type(slot.declared)
        seen_by = self._api_schema if slot.is_visible else self._schema
        return wrapped(slot.declared, leaf_type(seen_by.get_type(named.name) or named))


def _holds_floats(position: Position, fetch: int) -> bool:
    return any(
        may_be_float(slot.declared)
        if slot.is_leaf
        else any(_holds_floats(variant, fetch) for variant in slot.variants)
        for slot in position.brought_by(fetch)
    )


def representation_struct(typename: str, names: Iterable[str]) -> type[Struct]:
    """A representation with these fields, in this order, behind its `__typename`."""
    fields: list[Any] = [("f_" + name, Any) for name in names]
    renamed = {"f_" + name: name for name in names}
    return defstruct(typename, fields, rename=renamed, tag_field=TYPENAME, tag=typename, gc=False)


def nested_struct(names: Iterable[str]) -> type[Struct]:
    """An object inside a representation."""
    fields: list[Any] = [("f_" + name, Any) for name in names]
    renamed: Mapping[str, str] = {"f_" + name: name for name in names}
    return defstruct("Nested", fields, rename=renamed, gc=False)


def _struct(
    name: str, fields: Iterable[tuple[Slot, Any] | tuple[Slot, Any, Any]], *, tag: str | None = None
) -> type[Struct]:
    listed = list(fields)
    return defstruct(
        name,
        [(slot.attribute, *rest) for slot, *rest in listed],
        rename={slot.attribute: slot.key for slot, *_ in listed},
        kw_only=True,  # fields keep the client's order, with and without a default
        gc=False,  # a response has no cycles
        forbid_unknown_fields=True,
        tag_field=None if tag is None else TYPENAME,
        tag=tag,
    )
