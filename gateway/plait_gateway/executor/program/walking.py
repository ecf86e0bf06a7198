"""Generated walks over what a fetch brought, which are a part of the functions in `taking`.

A walk collects the objects that later fetches go on from, and makes objects what they will be in the
response: converted ones, one for equal ones, and without a type that only the gateway had to know.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType

from plait_gateway.executor.program.gathering import Gatherings
from plait_gateway.executor.program.position import Position, Slot, objects_below
from plait_gateway.executor.program.source import Source
from plait_gateway.executor.program.structs import Structs
from plait_gateway.executor.response_tree import TYPENAME


@dataclass(frozen=True, slots=True)
class Walk:
    """Writes the walk over one fetch's answer, as far as there is something to do."""

    source: Source
    fetch: int
    structs: Structs
    gatherings: Gatherings

    def collecting(self, targets: Iterable[Position]) -> "_Collecting":
        """What stands around a walk below these objects, for the lists that it fills."""
        below = [one for target in targets for one in self._all_below(self.brought(target))]
        return _Collecting(self, list(dict.fromkeys(below)))

    def brought(self, position: Position) -> list[Slot]:
        """What the fetch brings to objects that are there."""
        return [slot for slot in position.brought_by(self.fetch) if slot.key != TYPENAME]

    def _all_below(self, slots: Iterable[Slot]) -> Iterator[Position]:
        for _, child in objects_below(slots, self.fetch):
            yield child
            yield from self._all_below(child.slots.values())

    def below(self, slots: Iterable[Slot], parent: str) -> None:
        """Visit the objects in some fields as far as there is something to do."""
        for slot in slots:
            if self.is_needed([slot]):
                children = [child for _, child in objects_below([slot], self.fetch)]
                self._value(children, slot.declared, f"{parent}.{slot.attribute}")

    def is_needed(self, slots: Iterable[Slot]) -> bool:
        """Whether there is something to do with objects that the fetch brings below these fields."""
        return any(self._needs_visit(child) for _, child in objects_below(slots, self.fetch))

    def _needs_visit(self, position: Position) -> bool:
        return (
            position in self.gatherings.collected
            or position.is_converted(self.fetch)
            or self._takes_out_typename(position)
            or self.is_needed(position.slots.values())
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
            self.below(child.slots.values(), value)

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

    def __init__(self, walk: Walk, positions: Iterable[Position]) -> None:
        gatherings = walk.gatherings
        self._source = walk.source
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
