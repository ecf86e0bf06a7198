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

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType
from msgspec import UNSET

from plait_gateway.executor.program.gathering import Gatherings
from plait_gateway.executor.program.handing_over import HandOver, Reason
from plait_gateway.executor.program.merging import duplicate, merging
from plait_gateway.executor.program.position import Position, Slot, objects_below
from plait_gateway.executor.program.source import Source
from plait_gateway.executor.program.structs import Structs
from plait_gateway.executor.response_tree import TYPENAME

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
    taking = _Taking(source, fetch, structs, gatherings)
    brought = taking.brought(root)
    with taking.collecting([root]):
        taking.walk(brought, "data")
    for slot in brought:
        taking.assign("root", slot, f"data.{slot.attribute}")
    return source.compile(_NAMES)


def is_response(fetch: int, root: Position, structs: Structs, gatherings: Gatherings) -> bool:
    """Whether what the only fetch of a plan is answered is the response, as it is decoded."""
    taking = _Taking(Source("", ""), fetch, structs, gatherings)
    slots = root.slots.values()
    return (
        all(slot.is_visible and slot.brought_by == [fetch] for slot in slots)
        and not root.is_converted(fetch)
        and not taking.needs_walk(slots)
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
    taking = _Taking(source, fetch, structs, gatherings)
    with taking.collecting(positions):
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
    taking = _Taking(Source("", ""), fetch, structs, gatherings)
    by_type: dict[str, list[Slot]] = {}
    for position in positions:
        told_as = position.told_as.get(fetch, position.type_name)
        if told_as in by_type:
            brought = [*by_type[told_as], *taking.brought(position)]
            if any(slot.is_merged for slot in brought) or taking.needs_walk(brought):
                return False
        by_type.setdefault(told_as, []).extend(taking.brought(position))
    return structs.entity(fetch, positions) is not None


@dataclass(frozen=True, slots=True)
class _Taking:
    source: Source
    fetch: int
    structs: Structs
    gatherings: Gatherings

    def brought(self, position: Position) -> list[Slot]:
        return [slot for slot in position.brought_by(self.fetch) if slot.key != TYPENAME]

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
        brought = self.brought(position)
        with self.source.block("for one, entity in zip(copies, entities)"):
            self._null(brought)
            self.walk(brought, "entity")
            for slot in brought:
                self.assign("one", slot, f"entity.{slot.attribute}")

    def grouped(self, position: Position) -> None:
        """Fill the objects at one position, several of which may be for one entity."""
        source, brought = self.source, self.brought(position)
        if self.needs_walk(brought):
            with source.block("for entity in entities"):
                source.line("if entity is None: continue")
                self.walk(brought, "entity")
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

    def collecting(self, targets: Iterable[Position]) -> "_Collecting":
        below = [one for target in targets for one in self._all_below(self.brought(target))]
        return _Collecting(self, list(dict.fromkeys(below)))

    def _all_below(self, slots: Iterable[Slot]) -> Iterator[Position]:
        for _, child in objects_below(slots, self.fetch):
            yield child
            yield from self._all_below(child.slots.values())

    def walk(self, slots: Iterable[Slot], parent: str) -> None:
        """Visit the objects in some fields as far as there is something to do."""
        for slot in slots:
            if self.needs_walk([slot]):
                children = [child for _, child in objects_below([slot], self.fetch)]
                self._value(children, slot.declared, f"{parent}.{slot.attribute}")

    def needs_walk(self, slots: Iterable[Slot]) -> bool:
        """Whether there is something to do with objects that the fetch brings below these fields."""
        return any(self._needs_visit(child) for _, child in objects_below(slots, self.fetch))

    def _needs_visit(self, position: Position) -> bool:
        return (
            position in self.gatherings.collected
            or position.is_converted(self.fetch)
            or self._takes_out_typename(position)
            or self.needs_walk(position.slots.values())
        )

    def _takes_out_typename(self, position: Position) -> bool:
        """Whether the objects say their type to the gateway alone."""
        told = position.slots.get(TYPENAME)
        is_internal = told is not None and not told.is_visible and self.fetch in told.brought_by
        return is_internal and position.is_visible and not position.is_converted(self.fetch)

    def _value(self, children: list[Position], declared: GraphQLOutputType, expression: str) -> None:
        """Visit a value of objects; `expression` is where it stands."""
        value = self.source.fresh("value")
        match declared:
            case GraphQLNonNull(of_type=inner):
                self.source.line(f"{value} = {expression}")
                self._present(children, inner, value, expression)
            case _:
                with self.source.block(f"if ({value} := {expression}) is not None"):
                    self._present(children, declared, value, expression)

    def _item(self, children: list[Position], declared: GraphQLOutputType, item: str) -> None:
        """Visit an item of a list that keeps its place."""
        match declared:
            case GraphQLNonNull(of_type=inner):
                self._present(children, inner, item, item)
            case _:
                with self.source.block(f"if {item} is not None"):
                    self._present(children, declared, item, item)

    def _present(
        self, children: list[Position], declared: GraphQLOutputType, value: str, expression: str
    ) -> None:
        source = self.source
        if isinstance(declared, GraphQLList):
            if any(child.is_converted(self.fetch) for child in children):
                index = source.fresh("index")
                with source.block(f"for {index} in range(len({value}))"):
                    self._value(children, declared.of_type, f"{value}[{index}]")
            else:
                item = source.fresh("item")
                with source.block(f"for {item} in {value}"):
                    self._item(children, declared.of_type, item)
        elif len(children) > 1:
            self._of_several_types(children, value, expression)
        else:
            self._of_one_type(children[0], value, expression)

    def _of_several_types(self, children: list[Position], value: str, expression: str) -> None:
        source = self.source
        kind = source.fresh("kind")
        source.line(f"{kind} = type({value})")
        for number, child in enumerate(children):
            incoming = source.constant("incoming", self.structs.incoming(child, self.fetch))
            with source.block(f"{'elif' if number else 'if'} {kind} is {incoming}"):
                self._of_one_type(child, value, expression)

    def _of_one_type(self, child: Position, value: str, expression: str) -> None:
        if child.is_converted(self.fetch):
            self._convert(child, value, expression)
        if child in self.gatherings.shared:
            self._shared(child, value, expression)
        else:
            for place in self.gatherings.collected.get(child, ()):
                self.source.line(f"add_{place}({value})")
            self._settle(child, value)
            self.walk(child.slots.values(), value)

    def _convert(self, child: Position, value: str, expression: str) -> None:
        """What was decoded by its tag, or under other keys, becomes what is in the client's order."""
        outgoing = self.source.constant("outgoing", self.structs.outgoing(child))
        values = []
        for slot in self.structs.outgoing_slots(child):
            if slot.key in child.constants:
                values.append(repr(child.type_name))
            elif self.fetch in slot.brought_by:
                values.append(f"{value}.{slot.attribute}")
            else:
                values.append("None" if slot.denied else "UNSET")
        while values and values[-1] == "UNSET":
            values.pop()
        self.source.line(f"{expression} = {value} = {outgoing}({', '.join(values)})")

    def _shared(self, child: Position, value: str, expression: str) -> None:
        source = self.source
        first = source.fresh("first")
        (place,) = self.gatherings.collected[child]
        key = _key(value, child.identity or [])
        with source.block(f"if ({first} := seen_{place}.setdefault({key}, {value})) is {value}"):
            self._settle(child, value)
        with source.block("else"):
            source.line(f"{expression} = {first}")

    def _settle(self, position: Position, value: str) -> None:
        if self._takes_out_typename(position):
            self.source.line(f"{value}.f_{TYPENAME} = UNSET")


class _Collecting:
    """Names for the lists that a walk fills: what comes before it, and after."""

    def __init__(self, taking: _Taking, positions: Iterable[Position]) -> None:
        gatherings = taking.gatherings
        self._source = taking.source
        self._shared: list[int] = []
        self._others: list[int] = []
        for position in positions:
            lists = self._shared if position in gatherings.shared else self._others
            lists += [one for one in gatherings.collected.get(position, ()) if one not in lists]

    def __enter__(self) -> None:
        for place in self._shared:
            self._source.line(f"seen_{place} = {{}}")
        for place in self._others:
            self._source.line(f"add_{place} = places[{place}].append")

    def __exit__(self, *_: object) -> None:
        for place in self._shared:
            self._source.line(f"places[{place}].extend(seen_{place}.values())")


def _key(value: str, slots: list[Slot]) -> str:
    fields = [f"{value}.{slot.attribute}" for slot in slots]
    return fields[0] if len(fields) == 1 else f"({', '.join(fields)})"
