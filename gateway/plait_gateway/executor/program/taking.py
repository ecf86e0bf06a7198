"""Generated functions that put what a fetch brought into the response, and collect what comes next.

For a fetch of entities, written out (`places` are lists of objects that something goes on from):

    def take(root, places, entities, copies):
        add_4 = places[4].append
        objects, numbers, total = copies
        if len(entities) != total: raise HandOver(ENTITIES)
        for entity in entities:
            if entity is None: continue
            if (reviews_1 := entity.f_reviews) is not None:
                for reviews_2 in reviews_1:
                    if reviews_2 is not None:
                        reviews_2.f___typename = UNSET
                        if (product_3 := reviews_2.f_product) is not None:
                            add_4(product_3)
        for one, number in zip(objects, numbers):
            entity = entities[number]
            if entity is None:
                one.f_reviews = None
                continue
            one.f_reviews = entity.f_reviews

Numbers rather than a list of objects for each entity: while other requests run, all of these would leave the
processor's caches, and bringing them back takes longer than the work on them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from plait_gateway.executor.program.gathering import Gatherings
from plait_gateway.executor.program.handing_over import HandOver, Reason
from plait_gateway.executor.program.merging import duplicate, merging
from plait_gateway.executor.program.position import Position, Slot
from plait_gateway.executor.program.source import Source
from plait_gateway.executor.program.structs import Structs
from plait_gateway.executor.program.walking import Walk

_NAMES: dict[str, Any] = {
    "UNSET": UNSET,
    "HandOver": HandOver,
    "ENTITIES": Reason.ENTITIES,
    "ENTITY_IS_NULL": Reason.ENTITY_IS_NULL,
    "UNEXPECTED": Reason.UNEXPECTED,
    "duplicate": duplicate,
}


def take_root_fields(
    fetch: int, root: Position, structs: Structs, gatherings: Gatherings
) -> Callable[..., None]:
    """A function of (root, places, data) for a fetch of root fields."""
    source = Source(f"take_{fetch}", "root, places, data")
    walk = Walk(source, fetch, structs, gatherings)
    taking = _Taking(walk)
    brought = walk.brought(root)
    with walk.collecting([root]):
        walk.below(brought, "data")
    for slot in brought:
        taking.assign("root", slot, f"data.{slot.attribute}")
    return source.compile(_NAMES)


def is_response(fetch: int, root: Position, structs: Structs, gatherings: Gatherings) -> bool:
    """Whether what the only fetch of a plan is answered is the response, as it is decoded."""
    walk = Walk(Source("", ""), fetch, structs, gatherings)
    slots = root.slots.values()
    return (
        all(slot.is_visible and slot.brought_by == [fetch] for slot in slots)
        and not root.is_converted(fetch)
        and not walk.is_needed(slots)
    )


def take_entities(
    fetch: int,
    positions: Sequence[Position],
    structs: Structs,
    gatherings: Gatherings,
    *,
    is_grouped: bool,
    decoded_for: Sequence[Position],
) -> Callable[..., None]:
    """A function of (root, places, entities, copies) for the objects that one path of a fetch leads to.

    `copies` has the objects that entities are for. Where the fetch is grouped these are the objects, the
    number of each one's entity, and how many entities there are; else the objects alone, one for each entity.
    From several positions it is how many entities there are, and for each position which of all are for it,
    the objects, and the number of each one's entity among those. Entities are decoded for these positions, or
    are raw.
    """
    source = Source(f"take_{fetch}", "root, places, entities, copies")
    taking = _Taking(Walk(source, fetch, structs, gatherings))
    with taking.walk.collecting(positions):
        if len(positions) == 1:
            total = "copies[2]" if is_grouped else "len(copies)"
            source.line(f"if len(entities) != {total}: raise HandOver(ENTITIES)")
            taking.decode(positions[0], decoded_for)
            if is_grouped:
                source.line("objects, numbers, _ = copies")
                taking.grouped(positions[0])
            else:
                taking.one_by_one(positions[0])
        else:
            names = [f"own_{one.number}, objects_{one.number}, numbers_{one.number}" for one in positions]
            source.line(f"total, {', '.join(names)} = copies")
            source.line("if len(entities) != total: raise HandOver(ENTITIES)")
            source.line("answered = entities")
            for position in positions:
                number = position.number
                with source.block(f"if own_{number}"):
                    source.line(f"entities = [answered[one] for one in own_{number}]")
                    taking.decode(position, decoded_for)
                    source.line(f"objects, numbers = objects_{number}, numbers_{number}")
                    taking.grouped(position)
    return source.compile(_NAMES)


def take_for_each(takes: Sequence[Callable[..., None]]) -> Callable[..., None]:
    """A function of (root, places, entities, copies) for the objects that several paths lead to.

    `copies` has how many entities there are, and for each path what its own function takes, with the numbers
    of its entities.
    """

    def take(
        root: Any, places: Any, entities: list[Any], copies: tuple[int, list[tuple[Any, list[int]]]]
    ) -> None:
        total, each = copies
        if len(entities) != total:
            raise HandOver(Reason.ENTITIES)
        for take_own, (own, numbers) in zip(takes, each, strict=True):
            if numbers:
                take_own(root, places, [entities[number] for number in numbers], own)

    return take


def is_decoded_at_once(
    fetch: int, positions: Sequence[Position], structs: Structs, gatherings: Gatherings
) -> bool:
    """Whether entities can be decoded before it is told for which of these positions each of them is.

    Not where one could be for several, and what is in it is filled, collected or converted at each of them.
    """
    walk = Walk(Source("", ""), fetch, structs, gatherings)
    by_type: dict[str, list[Slot]] = {}
    for position in positions:
        told_as = position.told_as.get(fetch, position.type_name)
        if told_as in by_type:
            brought = [*by_type[told_as], *walk.brought(position)]
            if any(slot.is_merged for slot in brought) or walk.is_needed(brought):
                return False
        by_type.setdefault(told_as, []).extend(walk.brought(position))
    return structs.entity(fetch, positions) is not None


@dataclass(frozen=True, slots=True)
class _Taking:
    """Writes how entities are put into the objects that they are for."""

    walk: Walk

    @property
    def source(self) -> Source:
        return self.walk.source

    @property
    def fetch(self) -> int:
        return self.walk.fetch

    @property
    def structs(self) -> Structs:
        return self.walk.structs

    def decode(self, position: Position, decoded_for: Sequence[Position]) -> None:
        """Decode raw entities; of others, hand over what was not answered as it was asked for a position."""
        if not decoded_for:
            read = self.source.constant("read", self.structs.entities_reader(self.fetch, position).read)
            self.source.line(f"entities = {read}(entities)")
            return
        asked = {one: self.structs.attributes(self.fetch, one) for one in decoded_for}
        missing = sorted(asked[position].difference(frozenset.intersection(*asked.values())))
        extra = sorted(frozenset.union(*asked.values()) - asked[position])
        if missing or extra:
            wrong = [f"entity.{one} is UNSET" for one in missing] + [
                f"entity.{one} is not UNSET" for one in extra
            ]
            with self.source.block("for entity in entities"):
                self.source.line(
                    f"if entity is not None and ({' or '.join(wrong)}): raise HandOver(UNEXPECTED)"
                )

    def one_by_one(self, position: Position) -> None:
        """Fill the objects at one position, each from an entity of its own."""
        brought = self.walk.brought(position)
        with self.source.block("for one, entity in zip(copies, entities)"):
            self._null(brought)
            self.walk.below(brought, "entity")
            for slot in brought:
                self.assign("one", slot, f"entity.{slot.attribute}")

    def grouped(self, position: Position) -> None:
        """Fill the objects at one position, several of which may be for one entity."""
        source, brought = self.source, self.walk.brought(position)
        if self.walk.is_needed(brought):
            with source.block("for entity in entities"):
                source.line("if entity is None: continue")
                self.walk.below(brought, "entity")
        is_merged = any(slot.is_merged for slot in brought)
        if is_merged:
            source.line("taken = set()")
        with source.block("for one, number in zip(objects, numbers)"):
            source.line("entity = entities[number]")
            self._null(brought)
            for slot in brought:
                value = f"entity.{slot.attribute}"
                if slot.is_merged:
                    value = f"(duplicate({value}) if number in taken else {value})"
                self.assign("one", slot, value)
            if is_merged:
                source.line("taken.add(number)")

    def _null(self, brought: list[Slot]) -> None:
        """What a null entity leaves in the object that it is for."""
        if any(slot.is_visible and not slot.is_nullable for slot in brought):
            self.source.line("if entity is None: raise HandOver(ENTITY_IS_NULL)")
            return
        with self.source.block("if entity is None"):
            for slot in brought:
                self.assign("one", slot, "None")
            self.source.line("continue")

    def assign(self, target: str, slot: Slot, value: str) -> None:
        """Of what several fetches bring, leaves stay as they came first, and objects get more parts."""
        held = f"{target}.{slot.attribute}"
        if len(slot.brought_by) == 1:
            self.source.line(f"{held} = {value}")
        elif slot.is_leaf:
            self.source.line(f"if {held} is UNSET or {held} is None: {held} = {value}")
        else:
            merge = self.source.constant("merge", merging(slot, self.fetch, self.structs))
            self.source.line(f"{held} = {merge}({held}, {value})")
