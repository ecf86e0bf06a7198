"""Where the fields of one position go: the ways by which they are asked, and what is placed before them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from plait_gateway.planner.cost import LONG_CHAIN, MAXIMUM_LOOKS, Cost
from plait_gateway.planner.draft import Draft, DraftVisit
from plait_gateway.planner.narrowing import Narrowing
from plait_gateway.planner.position import Position
from plait_gateway.planner.prices import Prices, ways_before
from plait_gateway.planner.splitting import Answering, Share, Splitting
from plait_gateway.planner.watching import Candidate, Decision, Watcher, key_text
from plait_schema.query_graph import Entry, Node, Selection, Standing, Way
from plait_schema.query_graph.selection import TYPENAME


class Searching(Answering, Protocol):
    """What placing needs of the search."""

    narrowing: Narrowing
    watcher: Watcher | None

    def below(self, selection: Selection, node: Node, type_name: str) -> Position | None: ...

    def has_all(self, selection: Selection, way: Way, type_name: str) -> bool: ...

    def is_free(self, selections: tuple[Selection, ...], node: Node) -> bool: ...


class Placing:
    """Puts fields of objects of one type into the visits of a position."""

    def __init__(self, search: Searching, draft: Draft, standing: Standing) -> None:
        self._search = search
        self._draft = draft
        self._standing = standing

    def place(self, selection: Selection) -> None:
        """Place a field of the client's; what cannot be had here is noted as missing."""
        ways = list(self._standing.exact_ways(selection.field, selection.contexts))
        if selection.field == TYPENAME and ways:
            self._visit(ways[0]).tells_typename = True
            return
        ways = [way for way in ways if way.entry is None or way.entry.edge not in self._draft.avoided] or ways
        _, left = self._place(self._narrowed(selection, ways), ways)
        if left is not None:
            self._draft.missing.append(replace(left, types=self._types(left)))

    def _narrowed(self, selection: Selection, ways: list[Way]) -> Selection:
        if len(ways) < 2 or not selection.selections:
            return selection
        targets = (self._search.graph.follow(way.node, self._standing.type, selection.field) for way in ways)
        nodes = tuple(target for target in targets if target is not None)
        narrowed = self._search.narrowing.narrow(selection.selections, nodes)
        return selection if narrowed == selection.selections else replace(selection, selections=narrowed)

    def _place(
        self, selection: Selection, ways: list[Way]
    ) -> tuple[list[tuple[DraftVisit, int]], Selection | None]:
        """Ask a field by the best way, and what is missing of it by the next best, and so on.

        Or by several ways at once, where that is cheaper: each is asked what it has.
        """
        placed: list[tuple[DraftVisit, int]] = []
        missing: Selection | None = selection
        while missing is not None and ways:
            splitting = self._splitting(missing, ways)
            split = splitting.complete(missing) if splitting else None
            ratings = self._rate(missing, ways, split[0] if split else None)
            best = min(ratings, key=lambda rating: rating[:3], default=None)
            if splitting and not split and best and (best[0] or best[1].fetches):
                split = splitting.with_rest(missing)
            if split and (best is None or (0, split[0]) < best[:2]):
                if self._search.watcher is not None:
                    self._search.watcher.decided(self._split_decision(missing, ways, split[1]))
                for share in split[1]:
                    alike = [way for way in ways if self._has_all(share.selection, way)]
                    placed.append(self._ask(share.selection, share.way, alike, share.child))
                return placed, None
            assert best is not None, "without a split some way is rated"
            if self._search.watcher is not None:
                self._search.watcher.decided(self._decision(missing, ways, ratings))
            size, _, at, child = best
            if child is not None and child.missing and size >= missing.size:
                break
            placed.append(self._ask(missing, ways[at], ways, child))
            del ways[at]
            missing = replace(missing, selections=child.missing) if child and child.missing else None
            if self._runs_once():
                break
        return placed, missing

    def _ask(
        self, selection: Selection, way: Way, ways: list[Way], child: Position | None
    ) -> tuple[DraftVisit, int]:
        visit = self._visit(way)
        others = (other.entry.edge for other in ways if other.entry and other is not way)
        visit.elsewhere.append(frozenset(others))
        return visit, visit.ask(selection, self._standing.type, child, types=self._types(selection))

    def _has_all(self, selection: Selection, way: Way) -> bool:
        return self._search.has_all(selection, way, self._standing.type)

    def _splitting(self, selection: Selection, ways: list[Way]) -> Splitting | None:
        """Where several ways could be taken at once; None where one is enough, or must be."""
        if len(ways) < 2 or not selection.selections or self._runs_once() or self._search.budget.is_spent:
            return None
        priced = Prices(self._draft, self._standing)
        prices = {way: priced.of(way) for way in ways}
        targets: dict[Way, Node] = {}
        for way in ways:
            target = self._search.graph.follow(way.node, self._standing.type, selection.field)
            assert target is not None, "only what has selections is split"
            targets[way] = target
        return Splitting(self._search, self._draft, targets, prices)

    def _rate(
        self, selection: Selection, ways: list[Way], split: Cost | None
    ) -> list[tuple[int, Cost, int, Position | None]]:
        """For each way: how much would be missing, what the position would cost, which it is.

        Only those that may be cheaper than a split of such a cost, if there is one.
        """
        ratings: list[tuple[int, Cost, int, Position | None]] = []
        cheapest: tuple[int, Cost] | None = None if split is None else (0, split)
        prices = Prices(self._draft, self._standing)
        complete = 0
        for at in self._promising(selection, ways, prices):
            if complete == MAXIMUM_LOOKS:
                break
            way = ways[at]
            hops, fetches = prices.of(way)
            more = split is not None and not self._has_all(selection, way)
            bound = (0, self._draft.cost_with(hops + more, fetches + more, 0))
            if cheapest is not None and (bound >= cheapest or self._is_enough(cheapest, selection)):
                continue  # whatever stands below it, it is no better
            self._search.budget.spend()
            child = self._search.below(selection, way.node, self._standing.type)
            below = child.cost if child else Cost(fields=1)
            missing = sum(inner.size for inner in child.missing) if child else 0
            cost = self._draft.cost_with(hops + below.hops, fetches + below.fetches, below.fields)
            ratings.append((missing, cost, at, child))
            complete += not missing
            cheapest = min(filter(None, (cheapest, (missing, cost))))
        return ratings

    def _decision(
        self, selection: Selection, ways: list[Way], ratings: list[tuple[int, Cost, int, Position | None]]
    ) -> Decision:
        ordered = sorted(ratings, key=lambda rating: rating[:3])
        candidates = tuple(_candidate(ways[at], cost, missing) for missing, cost, at, _ in ordered)
        return Decision(f"{self._standing.type}.{selection.field}", candidates, len(ways))

    def _split_decision(self, selection: Selection, ways: list[Way], shares: tuple[Share, ...]) -> Decision:
        candidates = tuple(
            _candidate(share.way, share.cost, selection.size - share.selection.size) for share in shares
        )
        return Decision(f"{self._standing.type}.{selection.field}", candidates, len(ways), together=True)

    def _is_enough(self, cheapest: tuple[int, Cost], selection: Selection) -> bool:
        """Whether a way that brings something is taken, as there is no budget to look for a better one."""
        return self._search.budget.is_spent and cheapest[0] < selection.size

    def _promising(self, selection: Selection, ways: list[Way], prices: Prices) -> Sequence[int]:
        """The ways in the order to look at them, or one that is as near as any and leaves nothing to fetch.

        Where there are more than will be looked at, those that have most of the selection come first.
        """
        if not selection.selections:
            return (prices.lowest(ways),)
        all_prices = [prices.of(way) for way in ways]
        lowest = min(all_prices)
        for at, way in enumerate(ways):
            if all_prices[at] == lowest and self._has_all(selection, way):
                return (at,)
        if len(ways) <= MAXIMUM_LOOKS:
            return range(len(ways))
        return sorted(
            range(len(ways)), key=lambda at: (all_prices[at][0], self._left(selection, ways[at]), at)
        )

    def _left(self, selection: Selection, way: Way) -> int:
        """How much of a field's selections the node that it leads to does not have itself."""
        if (child := self._search.graph.follow(way.node, self._standing.type, selection.field)) is None:
            return 0
        return sum(one.size for one in self._search.parting.part(selection.selections, child).rest)

    def _visit(self, way: Way) -> DraftVisit:
        """The visit of a way, with all that it needs placed before it."""
        if way.depth > LONG_CHAIN:
            # Python's stack has an end, and a chain of entries has none.
            for before in ways_before(way, self._draft, self._standing):
                self._visit_once(before)
        return self._visit_once(way)

    def _visit_once(self, way: Way) -> DraftVisit:
        if way.entry is None:
            return self._draft.start
        if visit := self._draft.find(way, self._standing.type):
            return visit
        needs: list[tuple[DraftVisit, int]] = []
        for selection in way.entry.edge.key:
            needs += self._need(selection, way.entry.depth)
        for selection in way.requires:
            needs += self._need(selection, way.depth)
        typename_from = self._typename_before(way.entry) if not way.entry.edge.is_root else []
        return self._draft.open(way, self._standing.type, needs, typename_from)

    def _need(self, selection: Selection, depth: int) -> list[tuple[DraftVisit, int]]:
        ways = [way for way in self._standing.ways(selection.field) if way.depth < depth]
        placed, missing = self._place(selection, ways)
        assert missing is None, f"{selection.field} was said to be reachable from {self._standing.starts}"
        return placed

    def _typename_before(self, entry: Entry) -> list[DraftVisit]:
        """The visits that tell an entity fetch of the objects' type: the start's, and one that knows it.

        They ask for it where the schema does not say it.
        """
        start = self._draft.start
        sources = [start]
        if not any(way.entry is None for way in self._standing.ways(TYPENAME)):
            known = [way for way in self._standing.ways(TYPENAME) if way.depth < entry.depth]
            sources += [self._visit(way) for way in known[:1]]
        edge = entry.edge
        is_in_schema = start.node is not None and edge.on == start.node.type and self._standing.is_object()
        if not (is_in_schema and edge.key and edge.typename is None):
            for visit in sources:
                visit.tells_typename = True
        return sources

    def _types(self, selection: Selection) -> frozenset[str]:
        return self._search.graph.runtime_types(self._standing.type) & selection.types

    def _runs_once(self) -> bool:
        """A field of Mutation or Subscription cannot be asked in two subgraphs."""
        schema = self._search.graph.schema
        once = (schema.mutation_type, schema.subscription_type)
        return any(root is not None and root.name == self._standing.type for root in once)


def _candidate(way: Way, cost: Cost, missing: int) -> Candidate:
    key = key_text(way.entry.edge.key) if way.entry else ""
    return Candidate(way.node.subgraph, key, cost, missing)
