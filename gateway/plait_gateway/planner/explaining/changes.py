"""What a rewrite did: two fetch graphs compared."""

from plait_gateway.planner.fetch_graph import FetchGraph


def changes(before: FetchGraph, after: FetchGraph) -> tuple[str, ...]:
    """A line for each fetch that is gone, that waits for others than before, and for each new batch."""
    found: list[str] = []
    for number, fetch in sorted(before.fetches.items()):
        kept = after.fetches.get(number)
        if kept is None:
            found.append(f"fetch {number} ({fetch.subgraph}) became part of another one")
            continue
        gone = (fetch.after & after.fetches.keys()) - kept.after
        more = kept.after - fetch.after
        if gone:
            found.append(f"fetch {number} ({fetch.subgraph}) no longer waits for {_numbers(gone)} itself")
        if more:
            found.append(f"fetch {number} ({fetch.subgraph}) also waits for {_numbers(more)}")
        if kept.parts != fetch.parts:
            found.append(f"fetch {number} ({fetch.subgraph}) asks more")
    for batch in after.batches:
        if batch not in before.batches:
            numbers = _numbers(frozenset(batch))
            found.append(f"fetches {numbers} ({after.fetches[batch[0]].subgraph}) are one request")
    return tuple(found)


def _numbers(numbers: frozenset[int]) -> str:
    return ", ".join(str(number) for number in sorted(numbers))
