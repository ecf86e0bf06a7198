"""From a layout to types: a subgraph's JSON is decoded to what the client's response is encoded from."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import chain
from operator import or_
from typing import Annotated, Any, Literal

from graphql import GraphQLSchema, get_named_type
from msgspec import UNSET, Meta, Raw, Struct, defstruct, json

from plait_gateway.executor.program.answers import AnswerReader, EntitiesReader
from plait_gateway.executor.program.leaf_types import NOTHING, leaf_type, may_be_float, wrapped
from plait_gateway.executor.program.position import Position, Slot
from plait_gateway.executor.response_tree import TYPENAME

_NO_ERRORS: Any = Annotated[list[Any], Meta(max_length=0)] | None


class _Nobody(Struct, tag_field=TYPENAME, tag=""):
    """No object is of this type. Beside it, the decoder asks for the tag even of the only type there is."""

    never: NOTHING


class Structs:
    """The Structs of each position, and the decoder of each fetch's answer."""

    def __init__(
        self, root: Position, schema: GraphQLSchema, api_schema: GraphQLSchema, known: Mapping[str, Raw]
    ) -> None:
        """`known` are root fields that no subgraph is asked for."""
        self._schema = schema
        self._api_schema = api_schema
        self._incoming: dict[tuple[Position, int], type[Struct]] = {}
        self._outgoing: dict[Position, type[Struct]] = {}
        names = dict.fromkeys(root.constants, root.type_name)
        self.root = _struct(
            "Data",
            [
                (slot, Any, {**names, **known}.get(slot.key, _without_answer(slot)))
                for slot in root.slots.values()
            ],
        )

    def root_reader(self, fetch: int, root: Position) -> AnswerReader:
        """Reads the answer to a fetch of root fields: one with errors, or of another shape, does not fit."""
        answer = self.entity(fetch, (root,))
        return AnswerReader(json.Decoder(_response(answer)), holds_floats=_holds_floats(root, fetch))

    def reader(self, fields: Iterable[tuple[str, int, Sequence[Position]]]) -> AnswerReader:
        """Reads an answer of lists of entities: under which key, of which fetch, and for which positions.

        Without positions the entities are left raw.
        """
        listed = list(fields)
        types = [
            (key, list[self.entity(fetch, positions) | None] if positions else list[Raw])  # type: ignore[misc]
            for key, fetch, positions in listed
        ]
        holds_floats = any(_holds_floats(one, fetch) for _, fetch, positions in listed for one in positions)
        return AnswerReader(json.Decoder(_response(defstruct("Data", types))), holds_floats=holds_floats)

    def entity(self, fetch: int, positions: Sequence[Position]) -> Any:
        """What an entity for objects at any of these positions is decoded to.

        What only some of them ask is UNSET where it was not answered. None where a key is not of one type.
        """
        listed = [self._answer_fields(fetch, position) for position in positions]
        fields: dict[str, _Field] = {}
        for field in chain.from_iterable(listed):
            if fields.setdefault(field[0], field) != field:
                return None
        return _defined(
            "Answer", [one if all(one in own for own in listed) else (*one, UNSET) for one in fields.values()]
        )

    def attributes(self, fetch: int, position: Position) -> frozenset[str]:
        """What an entity has that was answered as it was asked for objects at a position."""
        return frozenset(attribute for attribute, *_ in self._answer_fields(fetch, position))

    def entities_reader(self, fetch: int, position: Position) -> EntitiesReader:
        """Reads those entities of a fetch's answer that are for the objects at one of its positions."""
        decoder = json.Decoder(list[self.entity(fetch, (position,)) | None])  # type: ignore[misc]
        return EntitiesReader(decoder, holds_floats=_holds_floats(position, fetch))

    def incoming(self, position: Position, fetch: int) -> type[Struct]:
        """What objects are decoded to: what stands in the response, unless it has to be converted."""
        if (made := self._incoming.get((position, fetch))) is None:
            is_converted = position.is_converted(fetch)
            made = self._converted(position, fetch) if is_converted else self._in_place(position, fetch)
            self._incoming[position, fetch] = made
        return made

    def outgoing(self, position: Position) -> type[Struct]:
        """What objects become that are converted; takes the values of `outgoing_slots`."""
        if (made := self._outgoing.get(position)) is None:
            slots = self.outgoing_slots(position)
            made = self._outgoing[position] = _struct(
                position.type_name, [(slot, Any, _without_answer(slot)) for slot in slots], kw_only=False
            )
        return made

    @staticmethod
    def outgoing_slots(position: Position) -> list[Slot]:
        """The fields of an object that was converted; its `__typename` is there for the client alone."""
        return [slot for slot in position.slots.values() if slot.is_visible or slot.key != TYPENAME]

    def kinds(self, position: Position) -> tuple[type[Struct], ...]:
        """What objects that stand in the response can be."""
        made = (
            self.outgoing(position) if position.is_converted(one) else self.incoming(position, one)
            for one in position.creators
        )
        return tuple(dict.fromkeys(made))

    def _answer_fields(self, fetch: int, position: Position) -> list["_Field"]:
        fields: list[_Field] = [
            _field(slot, fetch, self._type(slot, position, fetch)) for slot in position.brought_by(fetch)
        ]
        if (interface := position.told_as.get(fetch)) is not None:
            fields.append(("f_" + TYPENAME, TYPENAME, Literal[interface, position.type_name]))
        return fields

    def _converted(self, position: Position, fetch: int) -> type[Struct]:
        brought = position.brought_by(fetch)
        tag = position.type_name if position.is_tagged else None
        fields = [
            _field(slot, fetch, self._type(slot, position, fetch))
            for slot in brought
            if tag is None or slot.key != TYPENAME
        ]
        return _defined(position.type_name, fields, tag=tag)

    def _in_place(self, position: Position, fetch: int) -> type[Struct]:
        fields: list[tuple[Slot, Any] | tuple[Slot, Any, Any]] = []
        for slot in _as_answered(position):
            is_brought = fetch in slot.brought_by
            declared = self._type(slot, position, fetch) if is_brought else NOTHING
            if slot.key in position.constants:
                fields.append((slot, declared, position.type_name))
            elif is_brought:
                fields.append((slot, declared))
            else:
                fields.append((slot, declared, _without_answer(slot)))
        return _struct(position.type_name, fields)

    def _type(self, slot: Slot, position: Position, fetch: int) -> Any:
        if slot.key == TYPENAME:
            return Literal[position.type_name]
        if slot.variants:
            types: list[Any] = [self.incoming(one, fetch) for one in slot.variants]
            if slot.variants[0].is_tagged:
                types.append(_Nobody)
            return wrapped(slot.declared, reduce(or_, types))
        named = get_named_type(slot.declared)
        seen_by = self._api_schema if slot.is_visible else self._schema
        return wrapped(slot.declared, leaf_type(seen_by.get_type(named.name) or named))


def _as_answered(position: Position) -> list[Slot]:
    """The client's fields in the client's order; a `__typename` for the gateway alone comes first.

    That is where fetches ask for it: what was decoded is then written as it came, and soonest compared.
    """
    return sorted(position.slots.values(), key=lambda slot: slot.is_visible or slot.key != TYPENAME)


def _without_answer(slot: Slot) -> Any:
    """What stands in a field until something brings it."""
    return None if slot.denied else UNSET


def _response(data: Any) -> type[Struct]:
    return defstruct("Response", [("data", data), ("errors", _NO_ERRORS, UNSET)])


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


_Field = tuple[str, str, Any] | tuple[str, str, Any, Any]  # in Python, in JSON, its type, its default


def _field(slot: Slot, fetch: int, declared: Any) -> _Field:
    return (slot.attribute, slot.aliases.get(fetch, slot.key), declared)


def _struct(
    name: str, fields: Iterable[tuple[Slot, Any] | tuple[Slot, Any, Any]], *, kw_only: bool = True
) -> type[Struct]:
    return _defined(name, [(slot.attribute, slot.key, *rest) for slot, *rest in fields], kw_only=kw_only)


def _defined(
    name: str, fields: Iterable[_Field], *, tag: str | None = None, kw_only: bool = True
) -> type[Struct]:
    listed = list(fields)
    return defstruct(
        name,
        [(attribute, *rest) for attribute, _, *rest in listed],
        rename={attribute: key for attribute, key, *_ in listed},
        kw_only=kw_only,  # so fields keep the client's order, with and without a default
        gc=False,  # a response has no cycles
        forbid_unknown_fields=True,
        tag_field=None if tag is None else TYPENAME,
        tag=tag,
    )
