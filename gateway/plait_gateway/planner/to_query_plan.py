"""The order of fetches: a plan that waits only where something must be waited for."""

from collections.abc import Iterable, Mapping

from plait_gateway.planner.fetch_graph import FetchGraph, FetchNode, in_order
from plait_gateway.planner.fetch_text import fetch_of
from plait_gateway.query_plan.nodes import Condition, Flatten, Parallel, PlanNode, QueryPlan, Sequence


def to_query_plan(graph: FetchGraph) -> QueryPlan:
    """Nodes for fetches; what hangs on one fetch alone follows it directly, at its own pace."""
    steps = [_Schedule(graph, frozenset(step)).plan() for step in graph.steps]
    return QueryPlan(_sequence(steps))


class _Schedule:
    """The order of one step's fetches, by what dominates what.

    A fetch comes under the last fetch that all ways to it pass through. What comes under the same one and
    hangs together is run level by level.
    """

    def __init__(self, graph: FetchGraph, step: frozenset[int]) -> None:
        self._graph = graph
        self._fetches: Mapping[int, FetchNode] = {number: graph.fetches[number] for number in step}
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
            under[chain] = _parallel(
                _sequence(self._level(level, under) for level in self._levels(group)) for group in groups
            )
        return under[()]

    def _level(
        self, members: Iterable[int], under: Mapping[tuple[int, ...], PlanNode | None]
    ) -> PlanNode | None:
        return _parallel(
            _sequence([self._node(number), under.get((*self._above[number], number))]) for number in members
        )

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
