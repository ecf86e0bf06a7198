"""Where objects stand in a response, and with which fields."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graphql import GraphQLNonNull, GraphQLOutputType

from plait_gateway.executor.program.leaf_types import is_told_apart_by_equality
from plait_gateway.executor.response_tree import TYPENAME


@dataclass(eq=False)
class Slot:
    """A field of the objects at a position, under its response key."""

    key: str
    declared: GraphQLOutputType
    is_visible: bool
    variants: "tuple[Position, ...]" = ()  # where the objects stand that it leads to, by their type
    brought_by: list[int] = field(default_factory=list)  # numbers of fetches, in the plan's order
    aliases: dict[int, str] = field(default_factory=dict)  # keys in answers of fetches that rename it
    denied: str | None = None  # its coordinate, if the client may not see it: null, and nothing brings it

    @property
    def attribute(self) -> str:
        """Its name in Python: no response key collides with what a Struct has of its own."""
        return "f_" + self.key

    @property
    def is_leaf(self) -> bool:
        return not self.variants

    @property
    def is_nullable(self) -> bool:
        return not isinstance(self.declared, GraphQLNonNull)

    @property
    def is_merged(self) -> bool:
        """Whether several fetches bring parts of the objects that it leads to."""
        return bool(self.variants) and len(self.brought_by) > 1


@dataclass(eq=False)
class Position:
    """Where objects of one type stand."""

    number: int
    type_name: str
    is_visible: bool
    is_item: bool  # the objects stand in lists
    is_tagged: bool  # beside objects of other types: their `__typename` tells them apart
    creators: list[int] = field(default_factory=list)  # the fetches that bring the objects; none the root
    slots: dict[str, Slot] = field(default_factory=dict)
    constants: set[str] = field(default_factory=set)  # keys of `__typename` that nothing brings
    is_excluded: bool = False  # what is asked is not of this type: no object here can be
    targeted_by: list[tuple[int, int]] = field(
        default_factory=list
    )  # entity fetches; by which of their paths
    told_as: dict[int, str] = field(default_factory=dict)  # interfaces as which entity fetches know it

    def brought_by(self, fetch: int) -> list[Slot]:
        return [slot for slot in self.slots.values() if fetch in slot.brought_by]

    def brings_typename(self, fetch: int) -> bool:
        """Whether a fetch asks the objects for their type."""
        slot = self.slots.get(TYPENAME)
        return slot is not None and fetch in slot.brought_by

    @property
    def knows_typename(self) -> bool:
        """Whether any fetch has asked for it."""
        slot = self.slots.get(TYPENAME)
        return slot is not None and bool(slot.brought_by)

    def is_converted(self, fetch: int) -> bool:
        """Whether what a fetch brings is of another Struct than what stands in the response."""
        return self.is_tagged or any(fetch in slot.aliases for slot in self.slots.values())

    @property
    def is_root(self) -> bool:
        return self.number == 0

    @property
    def internal(self) -> list[Slot]:
        """What has to be taken out again once everything has read it."""
        return [slot for slot in self.slots.values() if not slot.is_visible and slot.key != TYPENAME]

    @property
    def has_to_be_cleared(self) -> bool:
        return self.is_visible and bool(self.internal)

    @property
    def identity(self) -> list[Slot] | None:
        """The fields that tell all of an object as its creator brought it, where these are few leaves.

        Two objects with the same values are the same to everything that comes later: one can stand at
        both places.
        """
        if len(self.creators) != 1:
            return None
        slots = [slot for slot in self.brought_by(self.creators[0]) if slot.key != TYPENAME]
        told_apart = all(slot.is_leaf and is_told_apart_by_equality(slot.declared) for slot in slots)
        return slots if slots and told_apart else None


def objects_below(slots: Iterable[Slot], fetch: int) -> Iterator[tuple[Slot, Position]]:
    """The fields of these that lead to objects which the fetch brings."""
    for slot in slots:
        if fetch in slot.brought_by:
            for variant in slot.variants:
                yield slot, variant
