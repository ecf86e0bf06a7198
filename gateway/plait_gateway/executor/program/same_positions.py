"""Positions that are the same in everything become one: an entity there is then decoded and filled once.

So it is below interfaces, where each type has a position for the object that a common field leads to.
"""

from collections.abc import Hashable

from plait_gateway.executor.program.position import Position, Slot


def unify(root: Position) -> dict[Position, Position]:
    """Let equal positions be one, everywhere below the root; says which stands for which."""
    known: dict[Hashable, Position] = {}
    stands_for: dict[Position, Position] = {}
    _unify(root, known, stands_for)
    return stands_for


def _unify(
    position: Position, known: dict[Hashable, Position], stands_for: dict[Position, Position]
) -> Position:
    for slot in position.slots.values():
        slot.variants = tuple(_unify(variant, known, stands_for) for variant in slot.variants)
    one = known.setdefault(_all_of(position), position)
    stands_for[position] = one
    return one


def _all_of(position: Position) -> Hashable:
    return (
        position.type_name,
        (position.is_visible, position.is_item, position.is_tagged),
        tuple(position.creators),
        tuple(position.targeted_by),
        tuple(position.told_as.items()),
        frozenset(position.constants),
        tuple(_all_of_slot(slot) for slot in position.slots.values()),
    )


def _all_of_slot(slot: Slot) -> Hashable:
    brought_by, aliases = tuple(slot.brought_by), tuple(slot.aliases.items())
    kind = (slot.is_visible, slot.denied)
    return (slot.key, str(slot.declared), kind, brought_by, aliases, slot.variants)
