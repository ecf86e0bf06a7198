"""How long something takes: observations counted by the bucket that they fall into."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from plait_gateway.metrics.exposition import Labels, Sample

#: Seconds; the boundaries of OpenTelemetry's http.server.request.duration.
BOUNDARIES = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)


class Histogram:
    """Observations of seconds."""

    def __init__(self) -> None:
        self._counts = [0] * (len(BOUNDARIES) + 1)
        self._sum = 0.0

    def observe(self, seconds: float) -> None:
        """Count one."""
        self._counts[bisect_left(BOUNDARIES, seconds)] += 1
        self._sum += seconds

    def samples(self, labels: Labels) -> Iterator[Sample]:
        """Its parts: cumulative buckets, sum and count."""
        *below, count = accumulate(self._counts)
        for boundary, number in zip(BOUNDARIES, below, strict=True):
            yield Sample(number, {**labels, "le": f"{boundary:g}"}, "_bucket")
        yield Sample(count, {**labels, "le": "+Inf"}, "_bucket")
        yield Sample(self._sum, labels, "_sum")
        yield Sample(count, labels, "_count")
