"""What clients' requests took."""

from collections import defaultdict

from plait_gateway.metrics.exposition import Metric
from plait_gateway.metrics.histogram import Histogram


class RequestDurations:
    """Seconds from a request's arrival to its response, by status. Named as OpenTelemetry does."""

    def __init__(self) -> None:
        self._by_status: defaultdict[int, Histogram] = defaultdict(Histogram)

    def observe(self, status: int, seconds: float) -> None:
        """Count one response."""
        self._by_status[status].observe(seconds)

    def metric(self) -> Metric:
        """What was counted."""
        samples = (
            sample
            for status, durations in sorted(self._by_status.items())
            for sample in durations.samples({"http_response_status_code": str(status)})
        )
        return Metric(
            "http_server_request_duration_seconds",
            "histogram",
            "Seconds from a request to its response.",
            tuple(samples),
        )
