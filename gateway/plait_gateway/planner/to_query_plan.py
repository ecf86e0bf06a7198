"""The order of fetches: a plan that waits only where something must be waited for."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from plait_gateway.planner.fetch_graph import FetchGraph, FetchNode, depths_of, in_order
from plait_gateway.planner.fetch_text import fetch_of
from plait_gateway.query_plan.nodes import Condition, Flatten, Parallel, PlanNode, QueryPlan, Sequence


def to_query_plan(graph: FetchGraph) -> QueryPlan:
    """Nodes for fetches; what hangs on one fetch alone follows it directly, at its own pace."""
    steps = [_Schedule(graph, frozenset(step)).plan() for step in graph.steps]
    return QueryPlan(_sequence(steps))


class _Schedule:
    """The order of one step's fetches, by what dominates what.

    A fetch comes under the last fetch that all ways to it pass through. What comes under the same one and
    hangs together is run level by level. The next level is not kept waiting for what hangs on one fetch of a
    level alone: that follows its fetch at once only where it takes no longer than the level.
    """

    def __init__(self, graph: FetchGraph, step: frozenset[int]) -> None:
        self._graph = graph
        self._fetches: Mapping[int, FetchNode] = {
            number: replace(fetch, after=fetch.after & step)
            for number, fetch in graph.fetches.items()
            if number in step
        }
        self._order = in_order(self._fetches)
        self._above: dict[int, tuple[int, ...]] = {}  # dominators, the outermost first
        for number in self._order:
            chains = [(*self._above[before], before) for before in sorted(self._fetches[number].after)]
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
        """Members of which some wait for others, or for what is under others; the last level first."""
        *levels, last = self._levels(members)
        plan = _parallel(_sequence([self._node(number), self._all_under(number, under)]) for number in last)
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
                    now.append(_sequence([self._node(number), self._all_under(number, under)]))
                else:
                    now.append(_sequence([self._node(number), _Schedule(self._graph, kept[number]).plan()]))
                    later.append(_Schedule(self._graph, below[number] - kept[number]).plan())
            plan = _sequence([_parallel(now), _parallel([plan, *later])])
        return plan

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
            before = self._fetches[pending.pop()].after - found
            found |= before
            pending.extend(before)
        return frozenset(found)

    def _length(self, numbers: frozenset[int]) -> int:
        """How many of these run one after another."""
        inside = (replace(self._fetches[one], after=self._fetches[one].after & numbers) for one in numbers)
        return max(depths_of(inside).values(), default=0)

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
        chains = [(*self._above[before], before) for before in self._fetches[number].after]
        return {chain[depth] for chain in chains if len(chain) > depth}

    def _node(self, number: int) -> PlanNode:
        fetch = self._fetches[number]
        node: PlanNode = fetch_of(fetch, self._graph)
        if fetch.path:
            node = Flatten(fetch.path, node)
        for variable, value in sorted(fetch.conditions, reverse=True):
            node = Condition(variable, then=node) if value else Condition(variable, otherwise=node)
        return node


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
