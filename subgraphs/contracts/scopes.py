"""What the roles may do: one table. A token's `scope` claim lists the scopes of its user's role.

A scope lets somebody in; what depends on stored state, such as a course's own tutor, is the domain's to say.
"""

from collections.abc import Mapping
from typing import Final

from subgraphs.contracts.identity import Role

USERS_MANAGE: Final = "users:manage"
"""See, create, activate and deactivate people."""
ROLES_MANAGE: Final = "roles:manage"
"""Make somebody something else."""
COURSES_AUTHOR: Final = "courses:author"
"""Write courses: tutors their own, the staff all."""
ENROLLMENTS_MANAGE: Final = "enrollments:manage"
"""Put students into courses and classes, and take them out."""
CLASSES_MANAGE: Final = "classes:manage"
"""Open and close classes, and adjust credits."""
CLASSES_TEACH: Final = "classes:teach"
"""Mark attendance and unlock lessons: instructors in their own classes."""
ASSIGNMENTS_GRADE: Final = "assignments:grade"
"""Set assignments and grade what is handed in."""
PAYMENTS_MANAGE: Final = "payments:manage"
"""See everybody's payments, record manual ones, refund, issue invoices."""
TUTORS_VERIFY: Final = "tutors:verify"
"""Vouch for tutors."""
NOTIFICATIONS_MANAGE: Final = "notifications:manage"
"""See what was sent to whom, and send again what failed."""

_TEACHING: Final = frozenset({COURSES_AUTHOR, CLASSES_TEACH, ASSIGNMENTS_GRADE})
_RUNNING: Final = frozenset(
    {USERS_MANAGE, ENROLLMENTS_MANAGE, CLASSES_MANAGE, PAYMENTS_MANAGE, TUTORS_VERIFY, NOTIFICATIONS_MANAGE}
)

SCOPES: Final[Mapping[Role, frozenset[str]]] = {
    Role.STUDENT: frozenset(),
    Role.TUTOR: _TEACHING,
    Role.STAFF: _TEACHING | _RUNNING,
    Role.ADMIN: _TEACHING | _RUNNING | {ROLES_MANAGE},
    Role.SUPER_ADMIN: _TEACHING | _RUNNING | {ROLES_MANAGE},
}
