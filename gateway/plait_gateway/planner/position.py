"""How one position of the response is answered: which subgraphs are visited, and what each is asked."""

from dataclasses import dataclass

from plait_gateway.planner.cost import FREE, Cost
from plait_schema.query_graph import Conditions, Entry, Node, Selection
from plait_schema.supergraph import ContextArgument


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A field that a visit asks, with the position below it. Without a response key it is internal."""

    selection: Selection
    child: "Position | None" = None


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a visit sends: a choice of an earlier visit, both by their indexes."""

    visit: int
    choice: int


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """One subgraph's part in a position.

    Without an entry it is where the position starts: the parent's field. Otherwise it is a fetch of its
    own, which waits for its needs and for the visits in `typename_from` that tell the objects apart.
    """

    node: Node
    entry: Entry | None
    requires: tuple[Selection, ...]
    contexts: tuple[ContextArgument, ...]
    choices: tuple[Choice, ...]
    needs: tuple[Need, ...]
    typename_from: tuple[int, ...]
    tells_typename: bool  # asks `__typename` for the client or for a later visit


@dataclass(frozen=True, slots=True, eq=False)
class Position:
    """The answer for one position, and what of its selections could not be had here."""

    visits: tuple[Visit, ...]
    missing: tuple[Selection, ...] = ()
    cost: Cost = FREE


def conditions_of(choices: list[Conditions]) -> Conditions:
    """What all have in common: the conditions under which there is anything to ask at all."""
    return frozenset.intersection(*choices) if choices else frozenset()
