"""Fetches of entities from one subgraph that can be sent at the same time go in one request.

A fetch may be sent as late as the plan's longest chain allows: it goes along with the first request to its
subgraph that cannot wait any longer, so that no plan has more hops for it. Fetches under different conditions
share a request only if none of them can wait in vain, for what another waits for that turns out not to run.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from plait_gateway.planner.fetch_graph import FetchGraph, FetchNode, depths_of, in_order
from plait_schema.query_graph import Conditions


def batch_entities(graph: FetchGraph) -> FetchGraph:
    """Batch whatever does not make the plan wait longer, until nothing can be batched.

    Fetches with contexts are left out: they are several requests already, one for each value.
    """
    fetches = dict(graph.fetches)
    batches: list[tuple[int, ...]] = []
    for step in graph.steps:
        requests = _requests(fetches[number] for number in step)
        batches += sorted(one.members for one in requests.values() if len(one.members) > 1)
    for batch in batches:
        after = frozenset().union(*(fetches[number].after for number in batch))
        fetches |= {number: replace(fetches[number], after=after) for number in batch}
    return replace(graph, fetches=fetches, batches=tuple(batches))


@dataclass(frozen=True, slots=True)
class _Request:
    """Fetches that are sent together. `fetch` is the first, and waits for what any of them waits for."""

    fetch: FetchNode
    members: tuple[int, ...]
    conditions: frozenset[Conditions]

    def may_go_with(self, other: "_Request") -> bool:
        return self.fetch.subgraph == other.fetch.subgraph and not any(
            one.fetch.is_root or one.fetch.contexts for one in (self, other)
        )

    def runs_under(self, conditions: Conditions) -> bool:
        """Whether some of it is sent whenever these conditions hold."""
        return any(own <= conditions for own in self.conditions)


def _requests(fetches: Iterable[FetchNode]) -> dict[int, _Request]:
    by_number = {fetch.number: fetch for fetch in fetches}
    requests = {
        number: _Request(
            replace(fetch, after=fetch.after & by_number.keys()), (number,), frozenset((fetch.conditions,))
        )
        for number, fetch in by_number.items()
    }
    while together := _next_batch(requests):
        requests = _batched(requests, together)
    return requests


def _next_batch(requests: Mapping[int, _Request]) -> list[_Request]:
    """Requests that can be one: those that must be sent soonest, and what can go with them."""
    fetches = {number: request.fetch for number, request in requests.items()}
    before = _before(fetches)
    earliest = depths_of(fetches.values())
    latest = _latest(fetches, max(earliest.values(), default=0))
    in_subgraphs: dict[str, list[int]] = defaultdict(list)
    for number, fetch in fetches.items():
        in_subgraphs[fetch.subgraph].append(number)
    for number in sorted(fetches, key=lambda one: (latest[one], one)):
        urgent, level = requests[number], latest[number]
        group = [urgent]
        alike = in_subgraphs[urgent.fetch.subgraph]
        others = [one for one in alike if one != number and earliest[one] <= level <= latest[one]]
        # Those that wait for the same come first: they do not make anything wait for more. What is sent in
        # any case comes before what depends on conditions, which may go along with it.
        for other in sorted(
            others,
            key=lambda one: (
                fetches[one].after != urgent.fetch.after,
                not requests[one].runs_under(frozenset()),
                one,
            ),
        ):
            fits = all(
                requests[other].may_go_with(one)
                and one.fetch.number not in before[other]
                and other not in before[one.fetch.number]
                for one in group
            )
            if fits and not _waits_in_vain([*group, requests[other]], before):
                group.append(requests[other])
        if len(group) > 1:
            return group
    return []


def _waits_in_vain(group: list[_Request], before: Mapping[int, frozenset[int]]) -> bool:
    """Whether one could be sent, and have waited for what none of those that are sent with it waits for."""

    def awaited(requests: Iterable[_Request]) -> frozenset[int]:
        return frozenset().union(*(before[one.fetch.number] for one in requests))

    all_conditions = frozenset().union(*(one.conditions for one in group))
    return len(all_conditions) > 1 and any(
        awaited(one for one in group if one.runs_under(conditions)) != awaited(group)
        for conditions in all_conditions
    )


def _batched(requests: Mapping[int, _Request], together: list[_Request]) -> dict[int, _Request]:
    members = tuple(sorted(number for one in together for number in one.members))
    first = members[0]
    after = frozenset().union(*(one.fetch.after for one in together))
    conditions = frozenset().union(*(one.conditions for one in together))
    one = _Request(replace(requests[first].fetch, after=after), members, conditions)
    return {
        number: replace(request, fetch=replace(request.fetch, after=_renumbered(request.fetch.after, one)))
        for number, request in {**requests, first: one}.items()
        if number == first or number not in members
    }


def _renumbered(numbers: frozenset[int], batch: _Request) -> frozenset[int]:
    return numbers - set(batch.members) | {batch.fetch.number} if numbers & set(batch.members) else numbers


def _before(fetches: Mapping[int, FetchNode]) -> dict[int, frozenset[int]]:
    """All that each fetch waits for, directly or not."""
    before: dict[int, frozenset[int]] = {}
    for number in in_order(fetches):
        after = fetches[number].after
        before[number] = after.union(*(before[other] for other in after))
    return before


def _latest(fetches: Mapping[int, FetchNode], longest: int) -> dict[int, int]:
    """The depth at which each fetch can be sent without making the longest chain longer."""
    latest = dict.fromkeys(fetches, longest)
    for number in reversed(in_order(fetches)):
        for before in fetches[number].after:
            latest[before] = min(latest[before], latest[number] - 1)
    return latest
