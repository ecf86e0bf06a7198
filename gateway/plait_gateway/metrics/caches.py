"""What the pipeline keeps between requests."""

from collections.abc import Iterator, Mapping

from plait_gateway.metrics.exposition import Metric, Sample, counter, gauge
from plait_gateway.pipeline.cache import CacheCounts, CacheSize


def cache_metrics(counts: Mapping[str, CacheCounts], sizes: Mapping[str, CacheSize]) -> Iterator[Metric]:
    """Counts since the start, and the sizes now, by cache."""
    lookups = (
        Sample(value, {"cache": name, "result": result})
        for name, one in sorted(counts.items())
        for result, value in (("hit", one.hits), ("miss", one.misses))
    )
    yield Metric("plait_cache_lookups_total", "counter", "Lookups of documents and plans.", tuple(lookups))
    yield counter(
        "plait_cache_evictions_total",
        "Documents and plans that made room for others.",
        "cache",
        {name: one.evictions for name, one in counts.items()},
    )
    yield gauge(
        "plait_cache_entries",
        "Documents and plans kept now.",
        "cache",
        {name: one.entries for name, one in sizes.items()},
    )
    yield gauge(
        "plait_cache_bytes",
        "Bytes of what is kept now, by an estimate.",
        "cache",
        {name: one.weight for name, one in sizes.items()},
    )
