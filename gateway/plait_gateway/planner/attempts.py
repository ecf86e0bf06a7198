"""Placing the fields of a position several times: what a first attempt visits may turn out to be needless."""

from collections.abc import Callable
from itertools import islice

from plait_gateway.planner.cost import MAXIMUM_ATTEMPTS, Budget, Cost
from plait_gateway.planner.draft import Draft
from plait_gateway.planner.position import Position
from plait_schema.query_graph import Edge


def best(attempt: Callable[[frozenset[Edge]], Draft], budget: Budget) -> Position:
    """The cheapest of attempts that avoid edges, one more each time while that makes it cheaper.

    A field that is placed first goes where it alone costs least; with those after it in mind it may be
    cheaper elsewhere, and the fetch that it was placed in is one too many.
    """
    draft = attempt(frozenset())
    position = draft.finish()
    left = MAXIMUM_ATTEMPTS
    while left > 0 and not budget.is_spent:
        for edge in islice(draft.avoidable(), left):
            left -= 1
            other = attempt(draft.avoided | {edge})
            if _rank(other_position := other.finish()) < _rank(position):
                draft, position = other, other_position
                break
        else:
            break
    return position


def _rank(position: Position) -> tuple[int, Cost]:
    return sum(selection.size for selection in position.missing), position.cost
