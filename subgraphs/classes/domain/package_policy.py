"""PackagePolicy: whether a class may have more or fewer meetings."""

from subgraphs.classes.domain.errors import CLASS_COMPLETED, PACKAGE_FROZEN, PACKAGE_LIMIT_REACHED
from subgraphs.classes.domain.values import ClassStatus, ClassType, Package
from subgraphs.kernel.domain import DomainError, Failure, Result, Success


def may_change_package(
    class_type: ClassType, status: ClassStatus, package: Package, *, used: int
) -> Result[None, DomainError]:
    """A group's is frozen once it has begun; a private class may have another one any time until it is over.
    Never fewer meetings than are held, or have a lesson open.

    CLASS_COMPLETED, PACKAGE_FROZEN, PACKAGE_LIMIT_REACHED.
    """
    if status is ClassStatus.COMPLETED:
        return Failure(CLASS_COMPLETED)
    if class_type is ClassType.GROUP and status is not ClassStatus.OPEN:
        return Failure(PACKAGE_FROZEN)
    return Failure(PACKAGE_LIMIT_REACHED) if package.meetings < used else Success(None)
