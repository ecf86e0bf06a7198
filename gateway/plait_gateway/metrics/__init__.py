"""What the gateway counts, for Prometheus: plain numbers, counted where it happens, and read when asked for.

`requests` are the clients', `executions` their plans and programs, `caches` what is kept between requests,
`subgraphs` what is asked of them. `exposition` is the text format.
"""

from plait_gateway.metrics.caches import cache_metrics
from plait_gateway.metrics.executions import execution_metrics
from plait_gateway.metrics.exposition import CONTENT_TYPE, Metric, Sample, gauge, written
from plait_gateway.metrics.requests import RequestDurations
from plait_gateway.metrics.subgraphs import pool_metrics, subgraph_metrics

__all__ = [
    "CONTENT_TYPE",
    "Metric",
    "RequestDurations",
    "Sample",
    "cache_metrics",
    "execution_metrics",
    "gauge",
    "pool_metrics",
    "subgraph_metrics",
    "written",
]
