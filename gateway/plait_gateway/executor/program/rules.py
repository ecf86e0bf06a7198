"""Which representation is sent of the objects at a position, and of which fields it consists."""

from collections.abc import Iterable
from dataclasses import dataclass

from graphql import GraphQLSchema, is_object_type

from plait_gateway.executor.conditions import type_condition_applies
from plait_gateway.executor.program.position import Position, Slot
from plait_gateway.executor.program.refusal import Refusal, Refused
from plait_gateway.executor.response_tree import TYPENAME
from plait_gateway.query_plan import Representation, RepresentationField, RepresentationFragment

_Selections = tuple[RepresentationField | RepresentationFragment, ...]


@dataclass(frozen=True, slots=True)
class SentField:
    """A field of a representation. Without a slot it is `__typename`, which is known."""

    name: str
    slot: Slot | None
    selections: _Selections = ()
    is_key: bool = False


def rule_for(
    position: Position, rules: Iterable[Representation], schema: GraphQLSchema
) -> Representation | None:
    """The first that applies to the objects at a position, if any; see `representation.represent`.

    Raises Refused for one that would be sent under the name of another type.
    """
    for rule in rules:
        if not position.knows_typename and not is_object_type(schema.get_type(rule.on)):
            continue
        typename = position.type_name if position.knows_typename else rule.on
        if type_condition_applies(schema, rule.on, typename):
            if typename != position.type_name:
                raise Refused(Refusal.REPRESENTATION)
            return rule
    return None


def sent_fields(selections: _Selections, position: Position, schema: GraphQLSchema) -> list[SentField]:
    """The fields that are sent of the objects at a position, those in fragments included. Raises Refused."""
    merged: dict[str, SentField] = {}
    for field in _selected(selections, position, schema):
        there = merged.get(field.name)
        if there is None:
            merged[field.name] = field
        elif there.slot is not field.slot:
            raise Refused(Refusal.REPRESENTATION)
        else:
            both = (*there.selections, *field.selections)
            merged[field.name] = SentField(field.name, field.slot, both, there.is_key or field.is_key)
    return list(merged.values())


def _selected(selections: _Selections, position: Position, schema: GraphQLSchema) -> Iterable[SentField]:
    for selection in selections:
        match selection:
            case RepresentationField(name, source) if source == TYPENAME:
                if not position.knows_typename:
                    raise Refused(Refusal.REPRESENTATION)
                yield SentField(name, None)
            case RepresentationField(name, source, nested, is_key):
                slot = position.slots.get(source)
                if slot is None or not slot.brought_by or bool(nested) == slot.is_leaf:
                    raise Refused(Refusal.REPRESENTATION)
                yield SentField(name, slot, nested, is_key)
            case RepresentationFragment(on, nested):
                if position.knows_typename and type_condition_applies(schema, on, position.type_name):
                    yield from _selected(nested, position, schema)
