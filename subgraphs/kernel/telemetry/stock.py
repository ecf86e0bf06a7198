"""What is stored and waits, as gauges: counted in the database when somebody asks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from subgraphs.kernel.messaging.backlog import Queue, queues
from subgraphs.kernel.projections import Projection, Projections, ProjectionStatus, Status
from subgraphs.kernel.sagas.sagas import SagaCount, count_sagas
from subgraphs.kernel.store.sequence import Unnumbered, count_unnumbered
from subgraphs.kernel.store.tables import event, outbox
from subgraphs.kernel.store.unit_of_work import Transactions

_LOGS: Final = {"outbox": outbox, "event": event}


@dataclass(frozen=True, slots=True)
class Stock:
    """How much of everything there was at an instant."""

    at: datetime
    unnumbered: Mapping[str, Unnumbered]
    queues: tuple[Queue, ...]
    sagas: tuple[SagaCount, ...]
    projections: tuple[ProjectionStatus, ...]


async def take_stock(transactions: Transactions, projections: Iterable[Projection]) -> Stock:
    """Count. Costs a look at what waits, and nothing for what is done."""
    now = transactions.clock.now()
    standing = await Projections(transactions, projections).list()
    async with transactions.database.read() as connection:
        found = {queue.consumer: queue for queue in await queues(connection, now=now)}
        known = set(transactions.subscriptions.consumers()) | set(found)
        return Stock(
            at=now,
            unnumbered={name: await count_unnumbered(connection, log) for name, log in _LOGS.items()},
            queues=tuple(found.get(consumer, Queue(consumer)) for consumer in sorted(known)),
            sagas=await count_sagas(connection, now=now),
            projections=standing,
        )


@dataclass(frozen=True, slots=True)
class StockCollector(Collector):
    """A stock as Prometheus reads it. Every consumer is in it, with zeros where nothing waits."""

    stock: Stock

    def collect(self) -> Iterator[Metric]:
        stock = self.stock
        live = [one for one in stock.projections if one.status is Status.LIVE]
        stopped = {one.name for one in stock.projections if one.stopped}
        yield from (
            _gauge(
                "plait_outbox_unsequenced",
                "Committed rows that have no place in their log's order yet.",
                "log",
                ((name, log.rows) for name, log in stock.unnumbered.items()),
            ),
            _gauge(
                "plait_outbox_unsequenced_oldest_age_seconds",
                "Since when the oldest of them waits.",
                "log",
                ((name, _age(log.oldest, stock.at)) for name, log in stock.unnumbered.items()),
            ),
            _gauge(
                "plait_delivery_ready",
                "Messages that are due and wait for a worker.",
                "consumer",
                ((one.consumer, one.ready) for one in stock.queues),
            ),
            _gauge(
                "plait_delivery_oldest_age_seconds",
                "Since when the oldest of them is due.",
                "consumer",
                ((one.consumer, _age(one.oldest_due, stock.at)) for one in stock.queues),
            ),
            _gauge(
                "plait_delivery_later",
                "Timers that are not due, and messages that failed and will be tried again.",
                "consumer",
                ((one.consumer, one.later) for one in stock.queues),
            ),
            _gauge(
                "plait_delivery_dead",
                "Messages that were given up, and wait for somebody.",
                "consumer",
                ((one.consumer, one.dead) for one in stock.queues),
            ),
            _gauge(
                "plait_delivery_blocked",
                "Messages that wait behind a dead one of their key.",
                "consumer",
                ((one.consumer, one.blocked) for one in stock.queues),
            ),
            _gauge(
                "plait_delivery_unknown",
                "Messages that wait for a newer program, which can read them.",
                "consumer",
                ((one.consumer, one.unknown) for one in stock.queues),
            ),
            _gauge(
                "plait_saga_active",
                "Sagas that run or are being undone.",
                "type",
                ((one.type, one.active) for one in stock.sagas),
            ),
            _gauge(
                "plait_saga_timed_out",
                "Sagas that wait for something that is late.",
                "type",
                ((one.type, one.timed_out) for one in stock.sagas),
            ),
            _gauge(
                "plait_projection_lag_seq",
                "Entries of its logs that a read model does not include yet.",
                "projection",
                ((one.name, one.entries_behind) for one in live),
            ),
            _gauge(
                "plait_projection_lag_seconds",
                "Since when the oldest of them waits.",
                "projection",
                ((one.name, one.seconds_behind) for one in live),
            ),
            _gauge(
                "plait_projection_stopped",
                "1 when an entry stops what is read, or what is built, until somebody has seen to it.",
                "projection",
                ((one.name, one.name in stopped) for one in live),
            ),
        )


def _gauge(name: str, documentation: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(name, documentation, labels=[label])
    for value_of, value in values:
        family.add_metric([value_of], value)
    return family


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
