"""Generated functions that make the representations of a fetch, each once, from the objects it goes on from.

Where one leaf is the key, written out:

    def represent(root, places):
        groups = {}
        for one in places[4]:
            key = one.f_upc
            if key is None: raise HandOver(KEY_IS_NULL)
            if (group := groups.get(key)) is None: groups[key] = [one]
            else: group.append(one)
        return groups.values(), encode([Product(key) for key in groups]) if groups else b""
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType, GraphQLSchema
from msgspec import json

from plait_gateway.executor.program.gathering import Gatherings
from plait_gateway.executor.program.handing_over import HandOver, Reason
from plait_gateway.executor.program.layout import Target
from plait_gateway.executor.program.leaf_types import is_told_apart_by_equality
from plait_gateway.executor.program.position import Position
from plait_gateway.executor.program.refusal import Refusal, Refused
from plait_gateway.executor.program.rules import SentField, sent_fields
from plait_gateway.executor.program.source import Source
from plait_gateway.executor.program.structs import Structs, nested_struct, representation_struct
from plait_gateway.executor.program.visiting import is_of, objects_at
from plait_gateway.executor.response_tree import TYPENAME

_ENCODER = json.Encoder()
_NAMES = {
    "encode": _ENCODER.encode,
    "encode_lines": _ENCODER.encode_lines,
    "HandOver": HandOver,
    "KEY_IS_NULL": Reason.KEY_IS_NULL,
}


@dataclass(frozen=True, slots=True)
class Representing:
    """How the objects that a fetch goes on from become representations.

    `represent` is a function of (root, places): what `take_entities` calls groups, and the representations as
    a JSON list, which is empty bytes where there is no object. `is_grouped` is as for `take_entities`.
    """

    represent: Callable[..., Any]
    is_grouped: bool


def compile_representing(
    fetch: int,
    targets: Sequence[Target],
    gatherings: Gatherings,
    structs: Structs,
    *,
    root: Position,
    schema: GraphQLSchema,
) -> Representing:
    """Compile the representations of a fetch of entities. Raises Refused."""
    source = Source(f"represent_{fetch}", "root, places")
    positions = [target.position for target in targets]
    gathering = gatherings.of(positions)
    if gathering.place is not None:
        source.line(f"objects = places[{gathering.place}]")
    else:
        source.line(f"objects = {source.constant('objects_at', objects_at(positions, root, structs))}(root)")
    sent = [_Sent.of(source, target, structs, schema) for target in targets]
    if len(sent) > 1:
        return _of_several_positions(source, sent, structs)
    (only,) = sent
    if not only.is_told_apart_by_equality:
        return _by_text(source, only)
    if only.position in gatherings.shared and only.has_identity:
        return _one_by_one(source, only)
    return _by_value(source, only)


@dataclass(frozen=True, slots=True)
class _Sent:
    """What is sent of the objects at a position, called `one`."""

    position: Position
    typename: str
    fields: list[SentField]
    made: str  # the name of the representation's Struct
    values: list[str]

    @classmethod
    def of(cls, source: Source, target: Target, structs: Structs, schema: GraphQLSchema) -> "_Sent":
        position, rule = target.position, target.rule
        assert rule is not None
        fields = sent_fields(rule.fields, position, schema)
        if not fields:
            raise Refused(Refusal.REPRESENTATION)
        typename = rule.typename or position.type_name
        made = source.constant("made", representation_struct(typename, [one.name for one in fields]))
        reading = _Reading(structs, schema)
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


def _by_text(source: Source, sent: _Sent) -> Representing:
    """Objects are grouped by the JSON of their representation."""
    if sent.has_nullable_key:
        with source.block("for one in objects"):
            sent.check_key(source)
    source.line("if not objects: return (), b''")
    source.line("groups = {}")
    # No text that JSON has holds a line's end.
    source.line(f"texts = encode_lines([{sent.representation} for one in objects]).split(b'\\n')")
    with source.block("for key, one in zip(texts, objects)"):
        _group(source)
    source.line('return groups.values(), b"[" + b",".join(groups) + b"]"')
    return Representing(source.compile(_NAMES), is_grouped=True)


def _by_value(source: Source, sent: _Sent) -> Representing:
    """Objects are grouped by the fields of their representation."""
    source.line("groups = {}")
    is_tuple = len(sent.values) > 1
    with source.block("for one in objects"):
        sent.check_key(source)
        source.line(f"key = {', '.join(sent.values)}")
        _group(source)
    made = f"{sent.made}({'*key' if is_tuple else 'key'})"
    source.line(f'return groups.values(), encode([{made} for key in groups]) if groups else b""')
    return Representing(source.compile(_NAMES), is_grouped=True)


def _one_by_one(source: Source, sent: _Sent) -> Representing:
    """No two objects have the same representation."""
    if sent.has_nullable_key:
        with source.block("for one in objects"):
            sent.check_key(source)
    representations = f"[{sent.representation} for one in objects]"
    source.line(f'return objects, encode({representations}) if objects else b""')
    return Representing(source.compile(_NAMES), is_grouped=False)


def _of_several_positions(source: Source, listed: Sequence[_Sent], structs: Structs) -> Representing:
    """Objects are grouped by what is sent of them, and apart by where they stand.

    `sent` has the place of each representation among all.
    """
    forms = {(sent.typename, *(one.name for one in sent.fields)) for sent in listed}
    has_one_form = len(forms) == len({sent.typename for sent in listed})
    by_value = has_one_form and all(sent.is_told_apart_by_equality for sent in listed)
    groups = [f"groups_{sent.position.number}" for sent in listed]
    source.line("sent, made = {}, []")
    for name in groups:
        source.line(f"{name} = {{}}")
    with source.block("for one in objects"):
        for number, (sent, name) in enumerate(zip(listed, groups, strict=True)):
            is_last = number == len(listed) - 1
            test = is_of(source, structs, sent.position, "one")
            with source.block("else" if is_last else f"{'elif' if number else 'if'} {test}"):
                sent.check_key(source)
                if by_value:
                    source.line(f"key = ({', '.join([repr(sent.typename), *sent.values])})")
                else:
                    source.line(f"key = encode({sent.representation})")
                with source.block("if (number := sent.get(key)) is None"):
                    source.line("number = sent[key] = len(sent)")
                    if by_value:
                        source.line(f"made.append({sent.representation})")
                source.line(f"groups = {name}")
        source.line("if (group := groups.get(number)) is None: groups[number] = [one]")
        source.line("else: group.append(one)")
    source.line("if not sent: return (), b''")
    texts = "encode(made)" if by_value else 'b"[" + b",".join(sent) + b"]"'
    source.line(f"return (len(sent), {', '.join(groups)}), {texts}")
    return Representing(source.compile(_NAMES), is_grouped=True)


def _group(source: Source) -> None:
    source.line("if (group := groups.get(key)) is None: groups[key] = [one]")
    source.line("else: group.append(one)")


@dataclass(frozen=True, slots=True)
class _Reading:
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


def _value(source: Source, field: SentField, position: Position, reading: _Reading) -> str:
    """An expression for a field's value as it is sent of `one`."""
    if field.slot is None:
        return repr(position.type_name)
    expression = f"one.{field.slot.attribute}"
    if field.slot.is_leaf or _is_sent_as_it_stands(field, reading):
        return expression
    read = source.constant("read", reading.value(field.slot.declared, reading.objects(field)))
    return f"{read}({expression})"


def _is_sent_as_it_stands(field: SentField, reading: _Reading) -> bool:
    """Whether the JSON of the objects in the response is what is sent of them, order included."""
    assert field.slot is not None
    return all(_stands_as_sent(position, field, reading) for position in field.slot.variants)


def _stands_as_sent(position: Position, field: SentField, reading: _Reading) -> bool:
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
