"""UnlockPolicy: who may open lessons for a class, and how many."""

from subgraphs.classes.domain.errors import (
    CLASS_NOT_ACTIVE,
    LESSON_NOT_FOUND,
    PACKAGE_LIMIT_REACHED,
    UNAUTHORIZED_UNLOCK,
)
from subgraphs.classes.domain.values import ClassStatus
from subgraphs.kernel.domain import DomainError, Failure, Result, Success


def may_unlock(
    *,
    is_instructor: bool,
    status: ClassStatus,
    is_of_course: bool,
    unlocked: int,
    total_meetings: int,
) -> Result[None, DomainError]:
    """Only the class's own instructor, while it meets, lessons of the course that it teaches, and never more
    of them than it has meetings.

    UNAUTHORIZED_UNLOCK, CLASS_NOT_ACTIVE, LESSON_NOT_FOUND, PACKAGE_LIMIT_REACHED.
    """
    if not is_instructor:
        return Failure(UNAUTHORIZED_UNLOCK)
    if status is not ClassStatus.ACTIVE:
        return Failure(CLASS_NOT_ACTIVE)
    if not is_of_course:
        return Failure(LESSON_NOT_FOUND)
    return Failure(PACKAGE_LIMIT_REACHED) if unlocked >= total_meetings else Success(None)
