"""Who may see and do what, where it depends on whose class it is."""

from typing import Final

from subgraphs.classes.domain.errors import CLASS_NOT_FOUND, NOT_THE_CLASSES_INSTRUCTOR
from subgraphs.classes.domain.identifiers import StudentId
from subgraphs.classes.domain.school_class import Class
from subgraphs.classes.domain.values import ClassType
from subgraphs.contracts.identity import STAFF_ROLES, Role
from subgraphs.kernel.application.policies import Policy, has_role
from subgraphs.kernel.application.request import SYSTEM, Actor
from subgraphs.kernel.domain import DomainError, Failure, Result, Success

STAFF: Final[Policy] = has_role(*STAFF_ROLES)
"""Those who open and close classes, put students into them, and adjust credits."""

TEACHERS: Final[Policy] = has_role(Role.TUTOR, *STAFF_ROLES)
"""Those who meet with a class, or look after it."""


def is_staff(actor: Actor | None) -> bool:
    """The academy's own people, and the platform itself."""
    return actor is not None and actor.role in (*STAFF_ROLES, SYSTEM.role)


def class_to_teach(found: Class | None, actor: Actor | None) -> Result[Class, DomainError]:
    """A class that somebody teaches. CLASS_NOT_FOUND; FORBIDDEN for one that they only see."""
    match class_to_see(found, actor):
        case Success(value=seen) if not may_teach(actor, instructor_id=str(seen.instructor_id)):
            return Failure(NOT_THE_CLASSES_INSTRUCTOR)
        case result:
            return result


def class_to_see(found: Class | None, actor: Actor | None) -> Result[Class, DomainError]:
    """A class that somebody sees: groups are for everybody. CLASS_NOT_FOUND."""
    is_seen = found is not None and (
        found.type is ClassType.GROUP
        or may_teach(actor, instructor_id=str(found.instructor_id))
        or (actor is not None and found.enrollment_of(StudentId(actor.id)) is not None)
    )
    return Success(found) if found is not None and is_seen else Failure(CLASS_NOT_FOUND)


def may_teach(actor: Actor | None, *, instructor_id: str) -> bool:
    """A class is its instructor's; the staff may stand in."""
    return is_staff(actor) or (actor is not None and actor.id == instructor_id)
