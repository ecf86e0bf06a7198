"""The order of fetches: a plan that waits only where something must be waited for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from plait_gateway.planner.fetch_graph import FetchGraph, FetchNode, depths_of, in_order
from plait_gateway.planner.fetch_text import fetch_of
from plait_gateway.query_plan.nodes import (
    BatchFetch,
    Condition,
    Flatten,
    Parallel,
    PlanNode,
    QueryPlan,
    Sequence,
)
from plait_schema.query_graph import Conditions


def to_query_plan(graph: FetchGraph) -> QueryPlan:
    """Nodes for fetches; what hangs on one fetch alone follows it directly, at its own pace."""
    requests = _requests(graph)
    steps = [_Schedule(requests, frozenset(step)).plan() for step in graph.steps]
    return QueryPlan(_sequence(steps))


@dataclass(frozen=True, slots=True)
class _Request:
    """A fetch, or a batch of them, and the requests that must have been answered before."""

    number: int
    node: PlanNode
    after: frozenset[int]


def _requests(graph: FetchGraph) -> Mapping[int, _Request]:
    """The requests by their number, which is the one of the first fetch."""
    sent_with = {number: batch[0] for batch in graph.batches for number in batch}
    batches = {batch[0]: batch for batch in graph.batches}
    return {
        number: _Request(
            number,
            _node([graph.fetches[one] for one in batches.get(number, (number,))], graph),
            frozenset(sent_with.get(before, before) for before in fetch.after),
        )
        for number, fetch in graph.fetches.items()
        if sent_with.get(number, number) == number
    }


def _node(fetches: list[FetchNode], graph: FetchGraph) -> PlanNode:
    first, *others = fetches
    if not others:
        return _conditional(_placed(first, graph), first.conditions)
    if all(fetch.conditions == first.conditions for fetch in others):
        batch = BatchFetch(first.subgraph, tuple(_placed(fetch, graph) for fetch in fetches))
        return _conditional(batch, first.conditions)
    placed = (_conditional(_placed(fetch, graph), fetch.conditions) for fetch in fetches)
    return BatchFetch(first.subgraph, tuple(placed))


def _placed(fetch: FetchNode, graph: FetchGraph) -> PlanNode:
    node = fetch_of(fetch, graph)
    return Flatten(fetch.path, node) if fetch.path else node


def _conditional(node: PlanNode, conditions: Conditions) -> PlanNode:
    for variable, value in sorted(conditions, reverse=True):
        node = Condition(variable, then=node) if value else Condition(variable, otherwise=node)
    return node


class _Schedule:
    """The order of one step's requests, by what dominates what.

    A request comes under the last one that all ways to it pass through. What comes under the same one and
    hangs together is run level by level. The next level is not kept waiting for what hangs on one request of
    a level alone: that follows its request at once only where it takes no longer than the level. Where what
    hangs together is too entangled for that, all requests of one depth are sent together.
    """

    def __init__(self, requests: Mapping[int, _Request], step: frozenset[int]) -> None:
        self._requests = {
            number: replace(request, after=request.after & step)
            for number, request in requests.items()
            if number in step
        }
        self._order = in_order(self._requests)
        self._above: dict[int, tuple[int, ...]] = {}  # dominators, the outermost first
        for number in self._order:
            chains = [(*self._above[before], before) for before in sorted(self._requests[number].after)]
            self._above[number] = _common(chains)

    def plan(self) -> PlanNode | None:
        """The plan of what comes under nothing; what comes under most is planned first, without recursion."""
        members: dict[tuple[int, ...], list[int]] = {(): []}
        for number in self._order:
            members.setdefault(self._above[number], []).append(number)
        under: dict[tuple[int, ...], PlanNode | None] = {}
        for chain in sorted(members, key=len, reverse=True):
            groups = self._connected(members[chain], len(chain))
            under[chain] = _parallel(self._group(group, under) for group in groups)
        return under[()]

    def _group(self, members: list[int], under: Mapping[tuple[int, ...], PlanNode | None]) -> PlanNode | None:
        """Members of which some wait for others, or for what is under others."""
        plan, hops = self._level_by_level(members, under)
        everything = frozenset(members).union(*(self._below(number) for number in members))
        return plan if hops <= self._length(everything) else self._depth_by_depth(everything)

    def _level_by_level(
        self, members: list[int], under: Mapping[tuple[int, ...], PlanNode | None]
    ) -> tuple[PlanNode | None, int]:
        """The plan of members, and how many hops it takes; the last level first."""
        *levels, last = self._levels(members)
        hops = 1 + max(self._length(self._below(number)) for number in last)
        plan = _parallel(
            _sequence([self._requests[number].node, self._all_under(number, under)]) for number in last
        )
        following = list(last)
        for level in reversed(levels):
            needed = self._ancestors(following)
            following += level
            below = {number: self._below(number) for number in level}
            kept = {number: below[number] & needed for number in level}
            length = max(self._length(numbers) for numbers in kept.values())
            now: list[PlanNode | None] = []
            later: list[PlanNode | None] = []
            for number in level:
                if self._length(below[number]) <= length:
                    now.append(_sequence([self._requests[number].node, self._all_under(number, under)]))
                else:
                    now.append(
                        _sequence(
                            [self._requests[number].node, _Schedule(self._requests, kept[number]).plan()]
                        )
                    )
                    rest = below[number] - kept[number]
                    later.append(_Schedule(self._requests, rest).plan())
                    hops = max(hops, self._length(rest))
            plan = _sequence([_parallel(now), _parallel([plan, *later])])
            hops += 1 + length
        return plan, hops

    def _depth_by_depth(self, numbers: frozenset[int]) -> PlanNode | None:
        at: dict[int, list[PlanNode]] = {}
        for number, depth in sorted(self._depths(numbers).items()):
            at.setdefault(depth, []).append(self._requests[number].node)
        return _sequence(_parallel(at[depth]) for depth in sorted(at))

    def _all_under(self, number: int, under: Mapping[tuple[int, ...], PlanNode | None]) -> PlanNode | None:
        return under.get((*self._above[number], number))

    def _below(self, number: int) -> frozenset[int]:
        """What comes under a fetch, and under what comes under it."""
        return frozenset(other for other in self._order if number in self._above[other])

    def _ancestors(self, numbers: Iterable[int]) -> frozenset[int]:
        """What has to run before these."""
        found: set[int] = set()
        pending = list(numbers)
        while pending:
            before = self._requests[pending.pop()].after - found
            found |= before
            pending.extend(before)
        return frozenset(found)

    def _length(self, numbers: frozenset[int]) -> int:
        """How many of these run one after another."""
        return max(self._depths(numbers).values(), default=0)

    def _depths(self, numbers: frozenset[int]) -> dict[int, int]:
        inside = (replace(self._requests[one], after=self._requests[one].after & numbers) for one in numbers)
        return depths_of(inside)

    def _connected(self, members: list[int], depth: int) -> list[list[int]]:
        """Members that wait for one another, or for something under one another, stay together."""
        group = {number: number for number in members}

        def root(number: int) -> int:
            while group[number] != number:
                number = group[number]
            return number

        for number in members:
            for before in self._waited_for(number, depth):
                group[root(number)] = root(before)
        together: dict[int, list[int]] = {}
        for number in members:
            together.setdefault(root(number), []).append(number)
        return sorted(together.values())

    def _levels(self, members: list[int]) -> list[list[int]]:
        level: dict[int, int] = {}
        for number in members:
            waited = self._waited_for(number, len(self._above[number]))
            level[number] = 1 + max((level[before] for before in waited), default=0)
        return [[n for n in members if level[n] == at] for at in range(1, max(level.values(), default=0) + 1)]

    def _waited_for(self, number: int, depth: int) -> set[int]:
        """The members of the same level under which the fetches stand that a member waits for."""
        chains = [(*self._above[before], before) for before in self._requests[number].after]
        return {chain[depth] for chain in chains if len(chain) > depth}


def _common(chains: list[tuple[int, ...]]) -> tuple[int, ...]:
    """The beginning that all chains share."""
    if not chains:
        return ()
    shared: list[int] = []
    for numbers in zip(*chains, strict=False):
        if len(set(numbers)) > 1:
            break
        shared.append(numbers[0])
    return tuple(shared)


def _sequence(nodes: Iterable[PlanNode | None]) -> PlanNode | None:
    found: list[PlanNode] = []
    for node in nodes:
        match node:
            case None:
                continue
            case Sequence(inner):
                found.extend(inner)
            case Condition() if found and (both := _joined(found[-1], node)):
                found[-1] = both
            case _:
                found.append(node)
    return Sequence(tuple(found)) if len(found) > 1 else next(iter(found), None)


def _joined(first: PlanNode, second: PlanNode) -> PlanNode | None:
    """Two neighbours under the same condition as one."""
    match first, second:
        case Condition(one, then, otherwise), Condition(other, other_then, other_otherwise) if one == other:
            return Condition(one, _sequence((then, other_then)), _sequence((otherwise, other_otherwise)))
        case _:
            return None


def _parallel(nodes: Iterable[PlanNode | None]) -> PlanNode | None:
    found: list[PlanNode] = []
    for node in nodes:
        match node:
            case None:
                continue
            case Parallel(inner):
                found.extend(inner)
            case _:
                found.append(node)
    return Parallel(tuple(found)) if len(found) > 1 else next(iter(found), None)
