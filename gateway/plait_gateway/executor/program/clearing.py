"""What only the gateway needed is taken out before the response is encoded: UNSET is left out."""

from collections.abc import Callable, Iterable

from msgspec import UNSET

from plait_gateway.executor.program.gathering import Gathering
from plait_gateway.executor.program.position import Position
from plait_gateway.executor.program.source import Source
from plait_gateway.executor.program.structs import Structs
from plait_gateway.executor.program.visiting import visit_objects


def take_out_internal(
    root: Position, gatherings: Iterable[Gathering], structs: Structs
) -> Callable[..., None] | None:
    """A function of (root, places) that does it; None where there is nothing to take out."""
    source = Source("take_out_internal", "root, places")
    walked: set[Position] = set()
    for gathering in gatherings:
        (position,) = gathering.positions
        if gathering.place is None:
            walked.add(position)
        else:
            _clear_all(source, gathering)
    _clear(source, root, "root")
    if walked:
        visit_objects(source, walked, root, structs, lambda position, one: _clear(source, position, one))
    return source.compile({"UNSET": UNSET}) if source.has_lines else None


def clearing(gathering: Gathering) -> Callable[..., None]:
    """The same for collected objects at one position."""
    source = Source("take_out_ahead", "root, places")
    _clear_all(source, gathering)
    return source.compile({"UNSET": UNSET})


def _clear_all(source: Source, gathering: Gathering) -> None:
    (position,) = gathering.positions
    with source.block(f"for one in places[{gathering.place}]"):
        _clear(source, position, "one")


def _clear(source: Source, position: Position, one: str) -> None:
    for slot in position.internal:
        source.line(f"{one}.{slot.attribute} = UNSET")
