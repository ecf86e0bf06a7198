"""AttendancePolicy: which meetings may be marked."""

from datetime import datetime

from subgraphs.classes.domain.errors import (
    CLASS_NOT_ACTIVE,
    HELD_IN_THE_FUTURE,
    INVALID_MEETING,
    PACKAGE_LIMIT_REACHED,
)
from subgraphs.classes.domain.values import ClassStatus
from subgraphs.kernel.domain import DomainError, Failure, Result, Success


def may_mark(
    meeting: int, *, status: ClassStatus, total_meetings: int, held_at: datetime, now: datetime
) -> Result[None, DomainError]:
    """Those of the package, when they have begun, while the class meets.

    CLASS_NOT_ACTIVE, INVALID_MEETING, HELD_IN_THE_FUTURE, PACKAGE_LIMIT_REACHED.
    """
    if status is not ClassStatus.ACTIVE:
        return Failure(CLASS_NOT_ACTIVE)
    if meeting < 1:
        return Failure(INVALID_MEETING)
    if held_at > now:
        return Failure(HELD_IN_THE_FUTURE)
    return Failure(PACKAGE_LIMIT_REACHED) if meeting > total_meetings else Success(None)
