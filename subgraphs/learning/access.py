"""Who may see and do what, where it depends on whose course or progress it is."""

from subgraphs.contracts.identity import STAFF_ROLES, Role
from subgraphs.kernel.application.policies import Policy, has_role
from subgraphs.kernel.application.request import SYSTEM, Actor
from subgraphs.learning.domain.course import Course

AUTHORS: Policy = has_role(Role.TUTOR, *STAFF_ROLES)
"""Those who make courses."""

STUDENTS: Policy = has_role(Role.STUDENT, Role.SUPER_ADMIN)
"""Those who work through them."""

ENROLLERS: Policy = has_role(Role.STUDENT, *STAFF_ROLES)
"""Students enrol themselves, the staff enrols others."""


def is_staff(actor: Actor | None) -> bool:
    """The academy's own people, and the platform itself."""
    return actor is not None and actor.role in (*STAFF_ROLES, SYSTEM.role)


def may_edit(actor: Actor | None, *, tutor_id: str) -> bool:
    """A course belongs to its tutor; the staff may edit every course."""
    return is_staff(actor) or (actor is not None and actor.role == Role.TUTOR and actor.id == tutor_id)


def seen(course: Course | None, actor: Actor | None) -> Course | None:
    """A course as far as somebody sees it: a draft is there for those who may edit it."""
    is_seen = course is not None and (course.is_published or may_edit(actor, tutor_id=str(course.tutor_id)))
    return course if is_seen else None


def may_see_payment(actor: Actor | None, *, student_id: str) -> bool:
    """What was paid is the student's affair and the staff's; the tutor's it is not."""
    return is_staff(actor) or (actor is not None and actor.id == student_id)
