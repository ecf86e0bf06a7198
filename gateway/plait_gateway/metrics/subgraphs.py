"""What was asked of subgraphs, and over which connections."""

from collections.abc import Iterator, Mapping

from plait_gateway.clients.counts import Counts
from plait_gateway.clients.http.pool import PoolState
from plait_gateway.metrics.exposition import Metric, Sample, counter, gauge


def subgraph_metrics(counts: Counts) -> Iterator[Metric]:
    """Requests, by subgraph."""
    yield counter("plait_subgraph_requests_total", "Requests sent to subgraphs.", "subgraph", counts.requests)
    yield counter(
        "plait_subgraph_requests_shared_total",
        "Queries that shared the request of an equal one in flight.",
        "subgraph",
        counts.shared,
    )
    yield counter("plait_subgraph_timeouts_total", "Requests given up for time.", "subgraph", counts.timeouts)


def pool_metrics(pools: Mapping[str, PoolState]) -> Iterator[Metric]:
    """Connections and what went over them, by origin."""
    yield counter(
        "plait_pool_exchanges_total",
        "Requests that came to the pool.",
        "origin",
        {origin: pool.exchanges for origin, pool in pools.items()},
    )
    yield counter(
        "plait_pool_connections_opened_total",
        "Connections opened.",
        "origin",
        {origin: pool.opened for origin, pool in pools.items()},
    )
    yield counter(
        "plait_pool_repeated_total",
        "Queries sent again since a kept connection turned out to be closed.",
        "origin",
        {origin: pool.repeated for origin, pool in pools.items()},
    )
    yield counter(
        "plait_pool_failures_total",
        "Requests without a response.",
        "origin",
        {origin: pool.failed for origin, pool in pools.items()},
    )
    connections = (
        Sample(value, {"origin": origin, "state": state})
        for origin, pool in sorted(pools.items())
        for state, value in (("idle", pool.idle), ("in_use", pool.in_use))
    )
    yield Metric("plait_pool_connections", "gauge", "Connections now.", tuple(connections))
    yield gauge(
        "plait_pool_waiting",
        "Requests that wait for a connection.",
        "origin",
        {origin: pool.waiting for origin, pool in pools.items()},
    )
