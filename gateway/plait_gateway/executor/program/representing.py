"""Generated functions that make the representations of a fetch, each once, from the objects it goes on from.

Where one leaf is the key, written out:

    def represent(places):
        groups = {}
        for one in places[4]:
            key = one.f_upc
            if key is None: raise HandOver(KEY_IS_NULL)
            if (group := groups.get(key)) is None: groups[key] = [one]
            else: group.append(one)
        return groups.values(), encode([Product(key) for key in groups]) if groups else b""
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType
from msgspec import json

from plait_gateway.executor.program.handing_over import HandOver, Reason
from plait_gateway.executor.program.leaf_types import is_told_apart_by_equality
from plait_gateway.executor.program.position import Position, Slot
from plait_gateway.executor.program.refusal import Refusal, Refused
from plait_gateway.executor.program.source import Source
from plait_gateway.executor.program.structs import nested_struct, representation_struct
from plait_gateway.executor.response_tree import TYPENAME
from plait_gateway.query_plan import Fetch, Representation, RepresentationField, RepresentationFragment


@dataclass(frozen=True, slots=True)
class Representing:
    """How the objects at a position become representations.

    `represent` is a function of (places): the objects that each representation is for, and the
    representations as a JSON list. Where `is_grouped`, the objects of each are a list.
    """

    represent: Callable[..., Any]
    is_grouped: bool


def compile_representing(fetch: int, node: Fetch, position: Position) -> Representing:
    """Compile a fetch of entities at its position. Raises Refused."""
    rule = _rule(fetch, node, position)
    fields = _fields(rule.fields, position)
    source = Source(f"represent_{fetch}", "places")
    made = source.constant(
        "made", representation_struct(rule.typename or position.type_name, [one.name for one, _ in fields])
    )
    values = [_value(source, one, slot, f"one.{slot.attribute}") for one, slot in fields]
    if any(not slot.is_leaf or not is_told_apart_by_equality(slot.declared) for _, slot in fields):
        return _by_text(source, position, fields, made, values)
    if position.is_shared and {slot.key for slot in position.identity or ()} <= {
        slot.key for _, slot in fields
    }:
        return _one_by_one(source, position, fields, made, values)
    return _by_value(source, position, fields, made, values)


_Fields = list[tuple[RepresentationField, Slot]]


def _by_text(
    source: Source, position: Position, fields: _Fields, made: str, values: list[str]
) -> Representing:
    """Objects are grouped by the JSON of their representation."""
    source.line("groups = {}")
    with source.block(f"for one in places[{position.number}]"):
        _check_key(source, fields, position)
        source.line(f"key = encode({made}({', '.join(values)}))")
        _group(source)
    source.line('return groups.values(), b"[" + b",".join(groups) + b"]" if groups else b""')
    return Representing(source.compile(_NAMES), is_grouped=True)


def _by_value(
    source: Source, position: Position, fields: _Fields, made: str, values: list[str]
) -> Representing:
    """Objects are grouped by the fields of their representation."""
    source.line("groups = {}")
    is_tuple = len(values) > 1
    with source.block(f"for one in places[{position.number}]"):
        _check_key(source, fields, position)
        source.line(f"key = {', '.join(values)}")
        _group(source)
    unpacked = "*key" if is_tuple else "key"
    source.line(f'return groups.values(), encode([{made}({unpacked}) for key in groups]) if groups else b""')
    return Representing(source.compile(_NAMES), is_grouped=True)


def _one_by_one(
    source: Source, position: Position, fields: _Fields, made: str, values: list[str]
) -> Representing:
    """No two objects have the same representation."""
    source.line(f"objects = places[{position.number}]")
    with source.block("for one in objects"):
        _check_key(source, fields, position)
    representations = f"[{made}({', '.join(values)}) for one in objects]"
    source.line(f'return objects, encode({representations}) if objects else b""')
    return Representing(source.compile(_NAMES), is_grouped=False)


def _group(source: Source) -> None:
    source.line("if (group := groups.get(key)) is None: groups[key] = [one]")
    source.line("else: group.append(one)")


def _check_key(source: Source, fields: _Fields, position: Position) -> None:
    """An object whose key is null is not sent, which is the reference interpreter's to say."""
    keys = [slot for one, slot in fields if one.key]
    if keys and not any(_is_never_null(slot, position) for slot in keys):
        nulls = " and ".join(f"one.{slot.attribute} is None" for slot in keys)
        source.line(f"if {nulls}: raise HandOver(KEY_IS_NULL)")


def _is_never_null(slot: Slot, position: Position) -> bool:
    """A null entity leaves null whatever the type is; the object itself came as its type says."""
    return not slot.is_nullable and position.creator in slot.brought_by


def _rule(fetch: int, node: Fetch, position: Position) -> Representation:
    """The one representation that applies to the objects here.

    Who is sent another type's name answers with another, too, where it is asked for the name.
    """
    asks_typename = position.brings_typename(fetch)
    match [one for one in node.representations if one.on == position.type_name]:
        case [rule] if len(node.representations) == 1 and not (rule.typename and asks_typename):
            return rule
        case _:
            raise Refused(Refusal.REPRESENTATION)


def _fields(
    selections: tuple[RepresentationField | RepresentationFragment, ...], position: Position
) -> _Fields:
    fields: _Fields = []
    for selection in selections:
        slot = position.slots.get(selection.source) if isinstance(selection, RepresentationField) else None
        if (
            not isinstance(selection, RepresentationField)
            or slot is None
            or not slot.brought_by
            or TYPENAME in (selection.name, selection.source)
            or bool(selection.selections) == slot.is_leaf
            or any(variant.is_tagged for variant in slot.variants)
        ):
            raise Refused(Refusal.REPRESENTATION)
        fields.append((selection, slot))
    if not fields or len({one.name for one, _ in fields}) < len(fields):
        raise Refused(Refusal.REPRESENTATION)
    return fields


def _value(source: Source, field: RepresentationField, slot: Slot, expression: str) -> str:
    """An expression for a field's value as it is sent."""
    if slot.is_leaf:
        return expression
    reader = source.constant("read", _reader(slot.declared, _object_reader(field, slot.variants[0])))
    return f"{reader}({expression})"


def _object_reader(field: RepresentationField, position: Position) -> Callable[[Any], Any]:
    fields = _fields(field.selections, position)
    source = Source("read_object", "one")
    made = source.constant("made", nested_struct([one.name for one, _ in fields]))
    values = [_value(source, one, slot, f"one.{slot.attribute}") for one, slot in fields]
    source.line(f"return {made}({', '.join(values)})")
    return source.compile({})


def _reader(declared: GraphQLOutputType, read_object: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Reads the value of a field of objects, with the lists and nulls on the way."""
    match declared:
        case GraphQLNonNull(of_type=inner):
            return _reader(inner, read_object)
        case GraphQLList(of_type=inner):
            read_item = _reader(inner, read_object)
            return lambda value: None if value is None else [read_item(item) for item in value]
        case _:
            return lambda value: None if value is None else read_object(value)


_NAMES = {"encode": json.Encoder().encode, "HandOver": HandOver, "KEY_IS_NULL": Reason.KEY_IS_NULL}
