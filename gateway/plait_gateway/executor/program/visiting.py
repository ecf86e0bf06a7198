"""Generated walks over the response from its root, for what no answer's walk comes by."""

from collections.abc import Callable, Iterable

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType
from msgspec import UNSET

from plait_gateway.executor.program.position import Position
from plait_gateway.executor.program.source import Source
from plait_gateway.executor.program.structs import Structs

_Visit = Callable[[Position, str], None]


def objects_at(
    positions: Iterable[Position], root: Position, structs: Structs
) -> Callable[..., list[object]]:
    """A function of (root): the objects at some positions, in the order of the response."""
    source = Source("objects_at", "root")
    source.line("found = []")
    visit_objects(source, set(positions), root, structs, lambda _, one: source.line(f"found.append({one})"))
    source.line("return found")
    return source.compile({"UNSET": UNSET})


def visit_objects(
    source: Source, wanted: set[Position], root: Position, structs: Structs, visit: _Visit
) -> None:
    """Visit all objects at some positions; `visit` writes what is done there, for a name of the object."""
    _Visiting(source, wanted, structs, visit).below(root, "root")


class _Visiting:
    def __init__(self, source: Source, wanted: set[Position], structs: Structs, visit: _Visit) -> None:
        self._source = source
        self._wanted = wanted
        self._structs = structs
        self._visit = visit

    def below(self, position: Position, one: str) -> None:
        for slot in position.slots.values():
            if slot.brought_by and any(self._leads_on(child) for child in slot.variants):
                self._value(slot.variants, slot.declared, f"{one}.{slot.attribute}")

    def _leads_on(self, position: Position) -> bool:
        return position in self._wanted or any(
            self._leads_on(child)
            for slot in position.slots.values()
            if slot.brought_by
            for child in slot.variants
        )

    def _value(self, children: tuple[Position, ...], declared: GraphQLOutputType, expression: str) -> None:
        declared = declared.of_type if isinstance(declared, GraphQLNonNull) else declared
        value = self._source.fresh("value")
        # UNSET is what no fetch had to bring: there was no object to ask for it.
        with self._source.block(f"if ({value} := {expression}) is not None and {value} is not UNSET"):
            if isinstance(declared, GraphQLList):
                item = self._source.fresh("item")
                with self._source.block(f"for {item} in {value}"):
                    self._value(children, declared.of_type, item)
            elif len(children) == 1:
                self._object(children[0], value)
            else:
                self._of_several_types(children, value)

    def _of_several_types(self, children: tuple[Position, ...], value: str) -> None:
        leading = [child for child in children if self._leads_on(child)]
        for number, child in enumerate(leading):
            test = is_of(self._source, self._structs, child, value)
            with self._source.block(f"{'elif' if number else 'if'} {test}"):
                self._object(child, value)

    def _object(self, position: Position, one: str) -> None:
        if position in self._wanted:
            self._visit(position, one)
        self.below(position, one)


def is_of(source: Source, structs: Structs, position: Position, one: str) -> str:
    """An expression for whether an object stands at a position, rather than at another one."""
    kinds = [source.constant("kind", kind) for kind in structs.kinds(position)]
    return " or ".join(f"type({one}) is {kind}" for kind in kinds)
