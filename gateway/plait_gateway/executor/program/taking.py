"""Generated functions that put what a fetch brought into the response, and prepare what comes next.

For a fetch of entities, written out (`places` are the objects at each position that something goes on from):

    def take(root, places, data, groups):
        add_4 = places[4].append
        for entity, copies in zip(data._entities, groups, strict=True):
            if entity is None:
                ...
                continue
            if (reviews_1 := entity.f_reviews) is not None:
                for reviews_2 in reviews_1:
                    if reviews_2 is not None:
                        reviews_2.f___typename = UNSET
                        if (product_3 := reviews_2.f_product) is not None:
                            add_4(product_3)
            for copy in copies:
                copy.f_reviews = entity.f_reviews
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType
from msgspec import UNSET

from plait_gateway.executor.program.handing_over import HandOver, Reason
from plait_gateway.executor.program.position import Position, Slot, objects_below
from plait_gateway.executor.program.source import Source
from plait_gateway.executor.program.structs import Structs
from plait_gateway.executor.response_tree import TYPENAME

_NAMES: dict[str, Any] = {"UNSET": UNSET, "HandOver": HandOver, "ENTITY_IS_NULL": Reason.ENTITY_IS_NULL}


def take_root_fields(fetch: int, root: Position, structs: Structs) -> Callable[..., None]:
    """A function of (root, places, data, groups) for a fetch of root fields."""
    source = Source(f"take_{fetch}", "root, places, data, groups")
    brought = _brought(fetch, root)
    _walk(source, fetch, root, "data")
    for slot in brought:
        if slot.is_visible:
            _assign(source, "root", slot, f"data.{slot.attribute}")
    return source.compile(_NAMES | _kinds(fetch, brought, structs))


def take_entities(
    fetch: int, position: Position, structs: Structs, *, is_grouped: bool
) -> Callable[..., None]:
    """A function of (root, places, data, groups) for a fetch of entities.

    `groups` has the objects that each entity is for: a list where the fetch is grouped, else one object.
    """
    source = Source(f"take_{fetch}", "root, places, data, groups")
    brought = _brought(fetch, position)

    def for_each_copy(write: Callable[[str], None]) -> None:
        if is_grouped:
            with source.block("for copy in copies"):
                write("copy")
        else:
            write("copies")

    def leave_null(copy: str) -> None:
        for slot in brought:
            _assign(source, copy, slot, "None")

    def fill(copy: str) -> None:
        for slot in brought:
            _assign(source, copy, slot, f"entity.{slot.attribute}")

    walked = _walk_prologue(source, fetch, brought)
    with source.block("for entity, copies in zip(data._entities, groups, strict=True)"):
        with source.block("if entity is None"):
            if any(slot.is_visible and not slot.is_nullable for slot in brought):
                source.line("raise HandOver(ENTITY_IS_NULL)")
            else:
                for_each_copy(leave_null)
                source.line("continue")
        _walk_fields(source, fetch, brought, "entity")
        for_each_copy(fill)
    _walk_epilogue(source, walked)
    return source.compile(_NAMES | _kinds(fetch, brought, structs))


def take_out_internal(positions: list[Position]) -> Callable[..., None] | None:
    """A function of (places) that takes out what only the gateway needed; None where there is nothing."""
    source = Source("take_out_internal", "places")
    concerned = [one for one in positions if one.is_visible and one.is_collected and one.internal]
    for position in concerned:
        with source.block(f"for one in places[{position.number}]"):
            for slot in position.internal:
                source.line(f"one.{slot.attribute} = UNSET")
    return source.compile(_NAMES) if concerned else None


def _kinds(fetch: int, brought: list[Slot], structs: Structs) -> dict[str, Any]:
    """Names for the Structs between which objects of abstract types change."""
    tagged = [position for position in _all_below(brought, fetch) if position.is_tagged]
    incoming = {f"incoming_{one.number}": structs.incoming(one) for one in tagged}
    return incoming | {f"outgoing_{one.number}": structs.outgoing(one) for one in tagged}


def _brought(fetch: int, position: Position) -> list[Slot]:
    return [slot for slot in position.brought_by(fetch) if slot.key != TYPENAME]


def _assign(source: Source, target: str, slot: Slot, value: str) -> None:
    """What several fetches bring stays as it came first; only null gives way."""
    if len(slot.brought_by) > 1:
        held = f"{target}.{slot.attribute}"
        source.line(f"if {held} is UNSET or {held} is None: {held} = {value}")
    else:
        source.line(f"{target}.{slot.attribute} = {value}")


def _walk(source: Source, fetch: int, position: Position, start: str) -> None:
    brought = _brought(fetch, position)
    walked = _walk_prologue(source, fetch, brought)
    _walk_fields(source, fetch, brought, start)
    _walk_epilogue(source, walked)


def _walk_prologue(source: Source, fetch: int, brought: list[Slot]) -> list[Position]:
    """Names for the collections that the walk fills."""
    collected = [child for child in _all_below(brought, fetch) if child.is_collected]
    for position in collected:
        if position.is_shared:
            source.line(f"seen_{position.number} = {{}}")
        else:
            source.line(f"add_{position.number} = places[{position.number}].append")
    return collected


def _walk_epilogue(source: Source, collected: list[Position]) -> None:
    for position in collected:
        if position.is_shared:
            source.line(f"places[{position.number}].extend(seen_{position.number}.values())")


def _all_below(slots: Iterable[Slot], fetch: int) -> Iterator[Position]:
    for _, child in objects_below(slots, fetch):
        yield child
        yield from _all_below(child.slots.values(), fetch)


def _walk_fields(source: Source, fetch: int, slots: Iterable[Slot], parent: str) -> None:
    for slot in slots:
        children = [child for _, child in objects_below([slot], fetch)]
        if any(_needs_visit(child, fetch) for child in children):
            _value(source, fetch, children, slot.declared, f"{parent}.{slot.attribute}")


def _needs_visit(position: Position, fetch: int) -> bool:
    return (
        position.is_collected
        or position.is_tagged
        or bool(_to_settle(position))
        or any(_needs_visit(child, fetch) for _, child in objects_below(position.slots.values(), fetch))
    )


def _value(
    source: Source,
    fetch: int,
    children: list[Position],
    declared: GraphQLOutputType,
    expression: str,
) -> None:
    """Visit a value of objects; `expression` is where it stands."""
    value = source.fresh("value")
    match declared:
        case GraphQLNonNull(of_type=inner):
            source.line(f"{value} = {expression}")
            _present(source, fetch, children, inner, value, expression)
        case _:
            with source.block(f"if ({value} := {expression}) is not None"):
                _present(source, fetch, children, declared, value, expression)


def _present(
    source: Source,
    fetch: int,
    children: list[Position],
    declared: GraphQLOutputType,
    value: str,
    expression: str,
) -> None:
    if isinstance(declared, GraphQLList):
        item = source.fresh("item")
        if any(child.is_tagged for child in children):
            index = source.fresh("index")
            with source.block(f"for {index} in range(len({value}))"):
                _value(source, fetch, children, declared.of_type, f"{value}[{index}]")
        else:
            with source.block(f"for {item} in {value}"):
                _value(source, fetch, children, declared.of_type, item)
    elif children[0].is_tagged:
        _tagged(source, fetch, children, value, expression)
    elif children[0].is_shared:
        _shared(source, children[0], value, expression)
    else:
        _object(source, fetch, children[0], value)


def _tagged(source: Source, fetch: int, children: list[Position], value: str, expression: str) -> None:
    """An object that was decoded by its tag becomes one whose fields are in the client's order."""
    source.line(f"kind = type({value})")
    for number, child in enumerate(children):
        incoming, outgoing = f"incoming_{child.number}", f"outgoing_{child.number}"
        with source.block(f"{'elif' if number else 'if'} kind is {incoming}"):
            brought = _brought(fetch, child)
            fields = ", ".join(f"{slot.attribute}={value}.{slot.attribute}" for slot in brought)
            source.line(f"{expression} = {value} = {outgoing}({fields})")
            _object(source, fetch, child, value)


def _shared(source: Source, child: Position, value: str, expression: str) -> None:
    first = source.fresh("first")
    key = _key(value, child.identity or [])
    with source.block(f"if ({first} := seen_{child.number}.setdefault({key}, {value})) is {value}"):
        _settle(source, child, value)
    with source.block("else"):
        source.line(f"{expression} = {first}")


def _object(source: Source, fetch: int, child: Position, value: str) -> None:
    if child.is_collected:
        source.line(f"add_{child.number}({value})")
    _settle(source, child, value)
    _walk_fields(source, fetch, child.slots.values(), value)


def _to_settle(position: Position) -> list[tuple[str, str]]:
    """The `__typename`s that are right for every object here: what is set, in Python's words."""
    told = position.slots.get(TYPENAME)
    is_internal = told is not None and not told.is_visible and position.creator in told.brought_by
    constants = [("f_" + key, repr(position.type_name)) for key in sorted(position.constants)]
    takes_out = is_internal and position.is_visible and not position.is_tagged
    return constants + ([("f_" + TYPENAME, "UNSET")] if takes_out else [])


def _settle(source: Source, position: Position, value: str) -> None:
    for attribute, text in _to_settle(position):
        source.line(f"{value}.{attribute} = {text}")


def _key(value: str, slots: list[Slot]) -> str:
    fields = [f"{value}.{slot.attribute}" for slot in slots]
    return fields[0] if len(fields) == 1 else f"({', '.join(fields)})"
