"""EnrollmentPolicy: who may still join a class."""

from subgraphs.classes.domain.errors import ALREADY_ENROLLED, CLASS_FULL, ENROLLMENT_CLOSED
from subgraphs.classes.domain.values import ClassStatus, ClassType
from subgraphs.kernel.domain import DomainError, Failure, Result, Success


def may_enroll(
    class_type: ClassType, status: ClassStatus, *, is_enrolled: bool, enrolled: int, capacity: int
) -> Result[None, DomainError]:
    """A group takes nobody in once it is active; a private class, whose student may come later, until it is
    over. ALREADY_ENROLLED, ENROLLMENT_CLOSED, CLASS_FULL."""
    if is_enrolled:
        return Failure(ALREADY_ENROLLED)
    is_closed = status is ClassStatus.COMPLETED or (
        class_type is ClassType.GROUP and status is ClassStatus.ACTIVE
    )
    if is_closed:
        return Failure(ENROLLMENT_CLOSED)
    return Failure(CLASS_FULL) if enrolled >= capacity else Success(None)
