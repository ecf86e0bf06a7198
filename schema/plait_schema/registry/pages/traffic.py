"""Usage as pictures and tables."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from plait_schema.registry.pages.pictures.plot import Line, plot
from plait_schema.registry.store import Hour, Used
from plait_schema.usage import quantile

_HOURS: Final = 48


def plots(hours: Iterable[Hour], now: datetime) -> list[Markup]:
    """Requests, errors and durations of the last two days."""
    by_hour = {hour.hour: hour for hour in hours}
    end = now.replace(minute=0, second=0, microsecond=0)
    times = [end - timedelta(hours=count) for count in reversed(range(_HOURS))]
    found = [by_hour.get(time) for time in times]

    def milliseconds(hour: Hour | None, share: float) -> float | None:
        value = quantile(hour.durations, share) if hour else None
        return None if value is None else value * 1000

    return [
        plot(
            "Requests an hour", times, [Line("all", "calm", [hour.requests if hour else 0 for hour in found])]
        ),
        plot(
            "Errors an hour", times, [Line("errors", "alarm", [hour.errors if hour else 0 for hour in found])]
        ),
        plot(
            "Duration",
            times,
            [
                Line("p50", "calm", [milliseconds(hour, 0.5) for hour in found]),
                Line("p95", "alarm", [milliseconds(hour, 0.95) for hour in found]),
            ],
            unit=" ms",
        ),
    ]


def by_client(rows: Iterable[Used]) -> list[tuple[str, str, int, int, int]]:
    """Name, version, operations, requests and errors, the busiest first."""
    found: dict[tuple[str, str], list[Used]] = {}
    for row in rows:
        found.setdefault((row.client, row.client_version), []).append(row)
    return sorted(
        (
            (name, version, len(parts), sum(one.requests for one in parts), sum(one.errors for one in parts))
            for (name, version), parts in found.items()
        ),
        key=lambda one: (-one[3], one[0], one[1]),
    )
