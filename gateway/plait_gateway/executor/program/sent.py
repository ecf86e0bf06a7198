"""What a representation holds: where it is read from an object, and whether it tells objects apart."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType, GraphQLSchema

from plait_gateway.executor.program.layout import Target
from plait_gateway.executor.program.leaf_types import is_told_apart_by_equality, may_be_float
from plait_gateway.executor.program.position import Position, Slot
from plait_gateway.executor.program.refusal import Refusal, Refused
from plait_gateway.executor.program.rules import SentField, sent_fields
from plait_gateway.executor.program.source import Source
from plait_gateway.executor.program.structs import Structs, nested_struct, representation_struct
from plait_gateway.executor.response_tree import TYPENAME


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent of the objects at a position, called `one`."""

    position: Position
    typename: str
    fields: list[SentField]
    made: str  # the name of the representation's Struct
    values: list[str]

    @classmethod
    def of(cls, source: Source, target: Target, structs: Structs, schema: GraphQLSchema) -> "Sent":
        position, rule = target.position, target.rule
        assert rule is not None
        fields = sent_fields(rule.fields, position, schema)
        if not fields:
            raise Refused(Refusal.REPRESENTATION)
        typename = rule.typename or position.type_name
        made = source.constant("made", representation_struct(typename, [one.name for one in fields]))
        reading = Reading(structs, schema)
        values = [_value(source, one, position, reading) for one in fields]
        return cls(position, typename, fields, made, values)

    @property
    def representation(self) -> str:
        return f"{self.made}({', '.join(self.values)})"

    @property
    def is_told_apart_by_equality(self) -> bool:
        """Whether equal fields mean equal representations."""
        slots = [one.slot for one in self.fields if one.slot is not None]
        return all(slot.is_leaf and is_told_apart_by_equality(slot.declared) for slot in slots)

    @property
    def is_compared(self) -> bool:
        """Whether equal fields mean equal representations, although some of them have no hash."""
        slots = [one.slot for one in self.fields if one.slot is not None]
        leaves = (leaf for slot in slots for leaf in _leaves(slot))
        return bool(self.hashed) and not any(may_be_float(leaf.declared) for leaf in leaves)

    @property
    def hashed(self) -> list[Slot]:
        """The fields that tell most objects apart: those of the key, as far as they have a hash."""
        slots = [one.slot for one in self.fields if one.is_key and one.slot is not None]
        return [one for one in slots if one.is_leaf and is_told_apart_by_equality(one.declared)]

    @property
    def others(self) -> list[Slot]:
        """All other fields."""
        hashed = self.hashed
        return [one.slot for one in self.fields if one.slot is not None and one.slot not in hashed]

    @property
    def reads_below(self) -> set[Position]:
        """Where objects stand that are sent as a part of these."""
        slots = [one.slot for one in self.fields if one.slot is not None]
        return {one for slot in slots for one in _below(slot)}

    @property
    def is_settled(self) -> bool:
        """Whether nothing that is sent changes once the objects are there."""
        slots = [one.slot for one in self.fields if one.slot is not None]
        return all(_is_settled(slot, self.position.creators) for slot in slots)

    @property
    def has_identity(self) -> bool:
        """Whether different objects have different representations."""
        slots = [one.slot for one in self.fields]
        return all(slot in slots for slot in self.position.identity or ())

    def check_key(self, source: Source) -> None:
        """An object whose key is null is not sent, which is the reference interpreter's to say."""
        if self.has_nullable_key:
            slots = [one.slot for one in self.fields if one.is_key and one.slot is not None]
            nulls = " and ".join(f"one.{slot.attribute} is None" for slot in slots)
            source.line(f"if {nulls}: raise HandOver(KEY_IS_NULL)")

    @property
    def has_nullable_key(self) -> bool:
        """A null entity leaves null whatever the type is; the object itself came as its type says."""
        keys = [one.slot for one in self.fields if one.is_key]
        creators = self.position.creators
        return bool(keys) and all(
            slot is not None and (slot.is_nullable or not any(one in creators for one in slot.brought_by))
            for slot in keys
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads objects inside of representations."""

    structs: Structs
    schema: GraphQLSchema

    def value(self, declared: GraphQLOutputType, read_object: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Reads the value of a field of objects, with the lists and nulls on the way."""
        match declared:
            case GraphQLNonNull(of_type=inner):
                return self.value(inner, read_object)
            case GraphQLList(of_type=inner):
                read_item = self.value(inner, read_object)
                return lambda value: None if value is None else [read_item(item) for item in value]
            case _:
                return lambda value: None if value is None else read_object(value)

    def objects(self, field: SentField) -> Callable[[Any], Any]:
        """Reads an object that a field leads to."""
        assert field.slot is not None
        readers = {
            kind: self._objects_at(position, field)
            for position in field.slot.variants
            for kind in self.structs.kinds(position)
        }
        if len(set(readers.values())) == 1:
            return next(iter(readers.values()))
        return lambda one: readers[type(one)](one)

    def _objects_at(self, position: Position, field: SentField) -> Callable[[Any], Any]:
        fields = sent_fields(field.selections, position, self.schema)
        source = Source("read_object", "one")
        made = source.constant("made", nested_struct([one.name for one in fields]))
        values = [_value(source, one, position, self) for one in fields]
        source.line(f"return {made}({', '.join(values)})")
        return source.compile({})


def _value(source: Source, field: SentField, position: Position, reading: Reading) -> str:
    """An expression for a field's value as it is sent of `one`."""
    if field.slot is None:
        return repr(position.type_name)
    expression = f"one.{field.slot.attribute}"
    if field.slot.is_leaf or _is_sent_as_it_stands(field, reading):
        return expression
    read = source.constant("read", reading.value(field.slot.declared, reading.objects(field)))
    return f"{read}({expression})"


def _is_sent_as_it_stands(field: SentField, reading: Reading) -> bool:
    """Whether the JSON of the objects in the response is what is sent of them, order included."""
    assert field.slot is not None
    return all(_stands_as_sent(position, field, reading) for position in field.slot.variants)


def _stands_as_sent(position: Position, field: SentField, reading: Reading) -> bool:
    fields = sent_fields(field.selections, position, reading.schema)
    has_typename = position.knows_typename and not position.is_visible
    return (
        len(position.creators) == 1
        and not has_typename
        and [slot for slot in position.slots.values() if slot.key != TYPENAME or slot.is_visible]
        == [one.slot for one in fields]
        and all(
            one.slot is not None
            and one.name == one.slot.key
            and (one.slot.is_leaf or _is_sent_as_it_stands(one, reading))
            for one in fields
        )
    )


def _below(slot: Slot) -> Iterator[Position]:
    for variant in slot.variants:
        yield variant
        for inner in variant.slots.values():
            yield from _below(inner)


def _leaves(slot: Slot) -> Iterator[Slot]:
    if slot.is_leaf:
        yield slot
    for position in _below(slot):
        yield from (inner for inner in position.slots.values() if inner.is_leaf)


def _is_settled(slot: Slot, creators: list[int]) -> bool:
    below = (inner for variant in slot.variants for inner in variant.slots.values())
    return (
        len(slot.brought_by) == 1
        and slot.brought_by == creators
        and all(_is_settled(inner, creators) for inner in below)
    )
