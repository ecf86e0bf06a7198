"""Counts of operations by client, for the time since they were taken last."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TypeAlias

from plait_gateway.metrics import Metric, Sample
from plait_gateway.pipeline.signature import SentOperation
from plait_schema.usage import UsageRecord, bucket_of

MOST_ENTRIES: Final = 5_000  # operations of clients between two reports; a few megabytes
_LONGEST_CLIENT: Final = 200


class _Counts:
    """Of one operation of one client."""

    __slots__ = ("durations", "errors", "requests")

    def __init__(self) -> None:
        self.requests = 0
        self.errors = 0
        self.durations: dict[int, int] = {}


_Key: TypeAlias = tuple[SentOperation, bytes, bytes]  # with client and version


def system_clock() -> datetime:
    return datetime.now(UTC)


class UsageRecorder:
    """What one gateway process has answered. A request costs it less than a microsecond."""

    def __init__(self, *, clock: Callable[[], datetime] = system_clock) -> None:
        self._clock = clock
        self._since = clock()
        self._counts: dict[_Key, _Counts] = {}
        self._dropped = 0

    def record(
        self, operation: SentOperation, client: bytes, version: bytes, seconds: float, *, failed: bool
    ) -> None:
        """Count one response; one that is too much of a new thing is counted as dropped instead.

        `client` and `version` are as their headers say.
        """
        key = (operation, client, version)
        counts = self._counts.get(key)
        if counts is None:
            if len(self._counts) >= MOST_ENTRIES:
                self._dropped += 1
                return
            key = (operation, client[:_LONGEST_CLIENT], version[:_LONGEST_CLIENT])
            counts = self._counts.setdefault(key, _Counts())
        counts.requests += 1
        counts.errors += failed
        bucket = bucket_of(seconds)
        counts.durations[bucket] = counts.durations.get(bucket, 0) + 1

    def take(self) -> tuple[UsageRecord, ...]:
        """What was counted since the last time, which is forgotten here."""
        taken, since = self._counts, self._since
        self._counts, self._since = {}, self._clock()
        return tuple(
            UsageRecord(
                operation.signature,
                operation.name,
                client.decode("latin-1"),
                version.decode("latin-1"),
                counts.requests,
                counts.errors,
                since,
                self._since,
                counts.durations,
            )
            for (operation, client, version), counts in taken.items()
        )

    def metric(self) -> Metric:
        """How much was dropped."""
        return Metric(
            "plait_usage_dropped_total",
            "counter",
            "Requests missing from usage: there were too many different ones between two reports.",
            (Sample(self._dropped, {}),),
        )
