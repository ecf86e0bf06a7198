"""How long ago, and when."""

from datetime import UTC, datetime, timedelta

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def ago(instant: datetime, now: datetime) -> str:
    """As `3 min ago (2026-03-01 08:00:12Z)`; `in 3 min` for what is to come."""
    absolute = instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    return f"{relative(instant, now)} ({absolute})"


def relative(instant: datetime, now: datetime) -> str:
    """As `3 min ago`, or `in 3 min`."""
    if abs(now - instant) < timedelta(seconds=1):
        return "now"
    length = duration(abs(now - instant))
    return f"{length} ago" if instant < now else f"in {length}"


def duration(length: timedelta) -> str:
    """In the largest unit of which there are two or more."""
    seconds = int(length.total_seconds())
    for unit, size in _UNITS:
        if seconds >= 2 * size or size == 1:
            return f"{seconds // size} {unit}"
    raise AssertionError("the last unit takes what is left")
