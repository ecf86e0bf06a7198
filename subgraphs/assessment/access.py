"""Who may do what, where it depends on whose assignment it is."""

from subgraphs.contracts.identity import STAFF_ROLES, Role
from subgraphs.kernel.application.policies import Policy, has_role
from subgraphs.kernel.application.request import SYSTEM, Actor

INSTRUCTORS: Policy = has_role(Role.TUTOR, *STAFF_ROLES)
"""Those who set assignments and grade what is handed in."""

STUDENTS: Policy = has_role(Role.STUDENT)
"""Those who hand in."""


def is_staff(actor: Actor | None) -> bool:
    """The academy's own people, and the platform itself."""
    return actor is not None and actor.role in (*STAFF_ROLES, SYSTEM.role)


def may_grade(actor: Actor | None, *, instructor_id: str) -> bool:
    """An assignment belongs to its instructor; the staff may see to every one."""
    return is_staff(actor) or (actor is not None and actor.role == Role.TUTOR and actor.id == instructor_id)
