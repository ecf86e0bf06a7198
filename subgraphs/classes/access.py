"""Who may see and do what, where it depends on whose class it is."""

from typing import Final

from subgraphs.contracts.identity import STAFF_ROLES, Role
from subgraphs.kernel.application.policies import Policy, has_role
from subgraphs.kernel.application.request import SYSTEM, Actor

STAFF: Final[Policy] = has_role(*STAFF_ROLES)
"""Those who open and close classes, put students into them, and adjust credits."""

TEACHERS: Final[Policy] = has_role(Role.TUTOR, *STAFF_ROLES)
"""Those who meet with a class, or look after it."""


def is_staff(actor: Actor | None) -> bool:
    """The academy's own people, and the platform itself."""
    return actor is not None and actor.role in (*STAFF_ROLES, SYSTEM.role)


def may_teach(actor: Actor | None, *, instructor_id: str) -> bool:
    """A class is its instructor's; the staff may stand in."""
    return is_staff(actor) or (actor is not None and actor.id == instructor_id)
