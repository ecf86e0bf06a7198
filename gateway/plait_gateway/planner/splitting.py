"""Asking one field in several subgraphs at once: each is asked the part of its selections that it has."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heapreplace
from typing import Protocol, TypeAlias

from plait_gateway.planner.cost import MAXIMUM_LOOKS, Budget, Cost
from plait_gateway.planner.draft import Draft
from plait_gateway.planner.parting import Parting
from plait_gateway.planner.position import Position
from plait_schema.query_graph import Node, QueryGraph, Selection, Way

_Covers: TypeAlias = Mapping[tuple[Way, ...], tuple[Selection, ...]]


@dataclass(frozen=True, slots=True)
class Share:
    """What is asked of a field by one way, with the position below it, and what both cost."""

    way: Way
    selection: Selection
    child: Position
    cost: Cost


class Answering(Protocol):
    """What splitting needs of the search."""

    graph: QueryGraph
    budget: Budget
    parting: Parting

    def position(self, selections: tuple[Selection, ...], node: Node) -> Position: ...


class Splitting:
    """Splits a field of objects of one type over ways to it, each with its price in hops and fetches."""

    def __init__(
        self,
        search: Answering,
        draft: Draft,
        targets: Mapping[Way, Node],
        prices: Mapping[Way, tuple[int, int]],
    ) -> None:
        self._search = search
        self._draft = draft
        self._targets = targets
        self._prices = prices
        self._known_covers: dict[tuple[Selection, ...], _Covers] = {}

    def complete(self, selection: Selection) -> tuple[Cost, tuple[Share, ...]] | None:
        """The cheapest split in which each way has all that it is asked, if there is one."""
        covers = [cover for cover, rest in self._covers(selection.selections).items() if not rest]
        return min(
            ((self._cost(shares), shares) for shares in (self._share(selection, cover) for cover in covers)),
            key=lambda split: split[0],
            default=None,
        )

    def with_rest(self, selection: Selection) -> tuple[Cost, tuple[Share, ...]] | None:
        """The cheapest split in which one way has to fetch more, but leaves nothing missing."""
        found: tuple[Cost, tuple[Share, ...]] | None = None
        for cover, rest in self._covers(selection.selections).items():
            if rest:
                last = self._last(cover, rest)
                shares = self._share(selection, (*(way for way in cover if way is not last), last))
                cost = self._cost(shares)
                if not any(share.child.missing for share in shares) and (found is None or cost < found[0]):
                    found = cost, shares
        return found

    def _covers(self, selections: tuple[Selection, ...]) -> _Covers:
        """Ways that together have as much as possible, and what none of them has.

        One cover for each price that none of its ways exceeds.
        """
        if selections not in self._known_covers:
            limits = sorted(set(self._prices.values()))
            covers = dict(self._cover(selections, limit) for limit in limits)
            self._known_covers[selections] = {cover: rest for cover, rest in covers.items() if len(cover) > 1}
        return self._known_covers[selections]

    def _cover(
        self, selections: tuple[Selection, ...], limit: tuple[int, int]
    ) -> tuple[tuple[Way, ...], tuple[Selection, ...]]:
        """Greedily: first what is visited anyway, then whichever has most of what is left.

        What a way has of it only gets less: the order of all but the first need not be known anew each time.
        """
        near = [way for way, price in self._prices.items() if price <= limit]
        waiting = [(self._order(selections, way), at) for at, way in enumerate(near)]
        heapify(waiting)
        cover: list[Way] = []
        while waiting and selections:
            known, at = waiting[0]
            order = self._order(selections, near[at])
            if order != known:
                heapreplace(waiting, (order, at))
                continue
            heappop(waiting)
            parts = self._search.parting.part(selections, self._targets[near[at]])
            if not parts.here:
                break
            cover.append(near[at])
            selections = parts.rest
        return tuple(cover), selections

    def _order(self, selections: tuple[Selection, ...], way: Way) -> tuple[bool, bool, int, int]:
        here = self._search.parting.part(selections, self._targets[way]).here
        hops, fetches = self._prices[way]
        return not here, fetches > 0, -sum(one.size for one in here), hops

    def _last(self, cover: tuple[Way, ...], rest: tuple[Selection, ...]) -> Way:
        """The way from where the rest costs least.

        It is looked at without what the way has itself, so that each way is asked the same below.
        """

        def rating(way: Way) -> tuple[int, Cost]:
            child = self._position(rest, way)
            hops, _ = self._prices[way]
            cost = self._draft.cost_with(hops + child.cost.hops, child.cost.fetches, child.cost.fields)
            return sum(one.size for one in child.missing), cost

        ratings: dict[Way, tuple[int, Cost]] = {}
        complete = 0
        for way in sorted(cover, key=lambda way: self._prices[way]):
            ratings[way] = rating(way)
            complete += not ratings[way][0]
            if complete == MAXIMUM_LOOKS:
                break
        return min(ratings, key=lambda way: ratings[way])

    def _share(self, selection: Selection, order: tuple[Way, ...]) -> tuple[Share, ...]:
        """Each way in order is asked what it has of the rest, the last one all that is left."""
        shares: list[Share] = []
        rest = selection.selections
        for way in order:
            parts = self._search.parting.part(rest, self._targets[way])
            asked, rest = (rest, ()) if way is order[-1] else (parts.here, parts.rest)
            asking = replace(selection, selections=asked)
            child = self._position(asked, way)
            hops, fetches = self._prices[way]
            cost = Cost(hops + child.cost.hops, fetches + child.cost.fetches, child.cost.fields)
            shares.append(Share(way, asking, child, cost))
        return tuple(shares)

    def _position(self, selections: tuple[Selection, ...], way: Way) -> Position:
        self._search.budget.spend()
        return self._search.position(selections, self._targets[way])

    def _cost(self, shares: tuple[Share, ...]) -> Cost:
        costs = [share.cost for share in shares]
        return self._draft.cost_with(
            max(cost.hops for cost in costs),
            sum(cost.fetches for cost in costs),
            sum(cost.fields for cost in costs),
        )
