"""How a program comes by the objects that a fetch goes on from.

Most are collected while the answer that brings them is walked, in one walk for all that is collected there.
Where objects get their parts from several answers, or where those that a fetch goes on from come in several
answers, the response is walked from its root when they are needed, since no single answer has them in order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from plait_gateway.executor.program.layout import Layout, Target
from plait_gateway.executor.program.position import Position

_Anchor = tuple[int, Position]  # a fetch, and the objects that it fills


@dataclass(frozen=True, slots=True)
class Gathering:
    """Objects at some positions, in the order of the response.

    `place` is the list in which they are collected while the answer to one fetch is walked, if they are.
    """

    positions: tuple[Position, ...]
    place: int | None
    collected_by: int | None


@dataclass(slots=True)
class Gatherings:
    """What has to be gathered where."""

    to_clear: tuple[Gathering, ...] = ()
    collected: dict[Position, list[int]] = field(default_factory=dict)  # in which lists
    shared: set[Position] = field(default_factory=set)  # equal objects become one object
    places: int = 0
    _of: dict[frozenset[Position], Gathering] = field(default_factory=dict)

    def new_place(self) -> int:
        """The number of another list."""
        self.places += 1
        return self.places - 1

    def of(self, positions: Iterable[Position]) -> Gathering:
        """The objects at these positions."""
        return self._of[frozenset(positions)]


def gather(layout: Layout, fetches: Iterable[Sequence[Target]]) -> Gatherings:
    """Find out how the objects that fetches go on from are gathered, and those that must be cleared."""
    result = Gatherings()
    anchors = _anchors(layout.root)

    def add(positions: tuple[Position, ...]) -> Gathering:
        key = frozenset(positions)
        if (known := result._of.get(key)) is not None:
            return known
        found = {anchor for one in positions for anchor in anchors[one]}
        place = fetch = None
        if len(found) == 1 and (anchor := next(iter(found))) is not None:
            fetch, _ = anchor
            place = result.new_place()
            for one in positions:
                result.collected.setdefault(one, []).append(place)
        made = result._of[key] = Gathering(positions, place, fetch)
        return made

    for targets in fetches:
        if targets and targets[0].rule is not None:
            add(tuple(target.position for target in targets))
    to_clear = [one for one in layout.positions() if one.has_to_be_cleared and not one.is_root]
    result.to_clear = tuple(add((one,)) for one in to_clear)
    result.shared = {
        gathering.positions[0]
        for gathering in result._of.values()
        if gathering.place is not None and _is_shared(gathering.positions, result.collected)
    }
    return result


def _is_shared(positions: tuple[Position, ...], collected: dict[Position, list[int]]) -> bool:
    """An item of a list keeps its place, and one that lies in two lists is not looked for in both."""
    one, *others = positions
    may_move = not one.is_item and not one.is_tagged and not others and len(collected[one]) == 1
    return may_move and bool(one.targeted_by) and one.identity is not None


def _anchors(root: Position) -> dict[Position, set[_Anchor | None]]:
    """Where the walks begin that come by each position; None if an answer has only parts of what it needs."""
    anchors: dict[Position, set[_Anchor | None]] = {}

    def visit(position: Position, anchor: _Anchor | None, *, in_parts: bool) -> None:
        known = anchors.setdefault(position, set())
        known.add(anchor)
        for slot in position.slots.values():
            for child in slot.variants:
                if slot.is_merged:
                    visit(child, None, in_parts=True)
                elif slot.brought_by:
                    (fetch,) = slot.brought_by
                    is_same = anchor is not None and anchor[0] == fetch
                    if is_same or (in_parts and fetch in position.creators):
                        visit(child, anchor, in_parts=in_parts)
                    else:
                        visit(child, (fetch, position), in_parts=False)

    visit(root, None, in_parts=False)
    return anchors
