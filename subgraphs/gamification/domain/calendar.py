"""Which day it is where a player lives."""

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def day_of(instant: datetime, time_zone: str) -> date:
    """The date there. Where nobody knows the place, it is that of UTC."""
    return instant.astimezone(_zone(time_zone)).date()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
