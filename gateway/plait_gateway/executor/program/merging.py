"""Objects of which several fetches bring parts: what came first takes in what comes later.

That is `Merge` of the reference interpreter's tree, for answers that agree: where one has null, or a list of
another length, and another has not, the program gives up.
"""

from copy import copy
from typing import Any, Protocol

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType
from msgspec import UNSET, Struct

from plait_gateway.executor.program.handing_over import HandOver, Reason
from plait_gateway.executor.program.position import Position, Slot
from plait_gateway.executor.program.structs import Structs
from plait_gateway.executor.response_tree import TYPENAME


class Merge(Protocol):
    """Takes what stands in a field, be it UNSET or null, and what a fetch brings; gives what then stands."""

    def __call__(self, there: Any, brought: Any, /) -> Any: ...


def merging(slot: Slot, fetch: int, structs: Structs) -> Merge:
    """How the value of a field takes in what this fetch brings."""
    if slot.is_leaf:
        return _merge_leaf
    if not slot.is_merged:
        return lambda _, brought: brought
    return _merge(slot.declared, _objects(slot.variants, fetch, structs))


def _merge_leaf(there: Any, brought: Any) -> Any:
    return brought if there is UNSET or there is None else there


def _merge(declared: GraphQLOutputType, merge_objects: Merge) -> Merge:
    match declared:
        case GraphQLNonNull(of_type=inner):
            return _merge(inner, merge_objects)
        case GraphQLList(of_type=inner):
            merge_present = _lists(_merge(inner, merge_objects))
        case _:
            merge_present = merge_objects

    def merge(there: Any, brought: Any) -> Any:
        if there is UNSET:
            return brought
        if there is None or brought is None:
            if there is not brought:
                raise HandOver(Reason.PARTS_DIFFER)
            return None
        return merge_present(there, brought)

    return merge


def _lists(merge_item: Merge) -> Merge:
    def merge(there: Any, brought: Any) -> Any:
        if len(there) != len(brought):
            raise HandOver(Reason.PARTS_DIFFER)
        for number, item in enumerate(brought):
            there[number] = merge_item(there[number], item)
        return there

    return merge


def _objects(variants: tuple[Position, ...], fetch: int, structs: Structs) -> Merge:
    fields = {
        position: [
            (slot.attribute, merging(slot, fetch, structs))
            for slot in position.brought_by(fetch)
            if slot.key != TYPENAME
        ]
        for position in variants
    }
    positions = {kind: position for position in variants for kind in structs.kinds(position)}

    def merge(there: Any, brought: Any) -> Any:
        position = positions[type(brought)]
        if positions[type(there)] is not position:
            raise HandOver(Reason.PARTS_DIFFER)
        for attribute, merge_field in fields[position]:
            setattr(there, attribute, merge_field(getattr(there, attribute), getattr(brought, attribute)))
        return there

    return merge


def duplicate(value: Any) -> Any:
    """A field's value for another place of the same entity, since each place takes in parts of its own."""
    match value:
        case list():
            return [duplicate(item) for item in value]
        case Struct():
            made = copy(value)
            for name in made.__struct_fields__:
                if isinstance(held := getattr(made, name), list | Struct):
                    setattr(made, name, duplicate(held))
            return made
        case _:
            return value
