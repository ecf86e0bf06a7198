"""What this process counts and measures as it goes, for Prometheus.

The registry is our own: nothing that a library registers by itself is in it. What is stored is counted in
the database when somebody asks (telemetry/stock.py).
"""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each counter, which nobody asks for

REGISTRY: Final = CollectorRegistry()

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

COMMAND_SECONDS: Final = Histogram(
    "plait_command_seconds",
    "How long commands took, queueing for the database included, by what came of them.",
    ["context", "command", "outcome"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
COMMAND_CONFLICTS: Final = Counter(
    "plait_command_conflicts_total",
    "Transactions that lost to another one, and were run again or given up.",
    registry=REGISTRY,
)
HANDLER_SECONDS: Final = Histogram(
    "plait_handler_seconds",
    "How long consumers took for a message, their transaction included.",
    ["consumer", "outcome"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
DELIVERY_RETRIES: Final = Counter(
    "plait_delivery_retries_total", "Messages to be tried again later.", ["consumer"], registry=REGISTRY
)
DEAD: Final = Counter("plait_dead_total", "Messages that were given up.", ["consumer"], registry=REGISTRY)
LOOP_RESTARTS: Final = Counter(
    "plait_loop_restarts_total", "Loops that died and were started again.", ["loop"], registry=REGISTRY
)
EFFECTS: Final = Counter(
    "plait_effects_total",
    "What came of calls to providers: succeeded, refused, postponed, given_up.",
    ["kind", "outcome"],
    registry=REGISTRY,
)
BREAKER_OPEN: Final = Gauge(
    "plait_breaker_open",
    "1 while a circuit breaker of this process lets nothing through.",
    ["name"],
    registry=REGISTRY,
)
INTAKE_LAG: Final = Gauge(
    "plait_intake_lag_messages",
    "Messages of a source in another database that this process knows of and a context has not taken in.",
    ["context", "source"],
    registry=REGISTRY,
)
CACHE_READS: Final = Counter(
    "plait_cache_reads_total",
    "Values asked of a cache: hit, miss, or bypass when it could not be asked.",
    ["cache", "outcome"],
    registry=REGISTRY,
)
LIMITED: Final = Counter(
    "plait_rate_limit_total",
    "What rate limits have said: allowed, refused, or unasked when it could not be counted.",
    ["limit", "outcome"],
    registry=REGISTRY,
)
