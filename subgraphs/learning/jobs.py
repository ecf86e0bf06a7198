"""What learning does from time to time."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.kernel.running.jobs import Job
from subgraphs.learning.repository.statistics import count_courses, courses_to_count

_FRESH_FOR: Final = timedelta(hours=1)
_AT_ONCE: Final = 100


async def _count(connection: AsyncConnection, now: datetime) -> int:
    course_ids = await courses_to_count(connection, before=now - _FRESH_FOR, limit=_AT_ONCE)
    await count_courses(connection, course_ids, now)
    return len(course_ids)


COURSE_ANALYTICS: Final = Job("learning.course_analytics", timedelta(minutes=5), _count)
"""Counts how each published course fares, once an hour."""
