"""Who may see and do what, where it depends on whose money it is."""

from typing import Final

from subgraphs.contracts.identity import STAFF_ROLES, Role
from subgraphs.kernel.application.policies import Policy, has_role
from subgraphs.kernel.application.request import FORBIDDEN, SYSTEM, Actor
from subgraphs.kernel.domain import DomainError, Failure, Result, Success
from subgraphs.payments.domain.identifiers import StudentId

STAFF: Final[Policy] = has_role(*STAFF_ROLES)
"""Those who look after the books."""

PAYERS: Final[Policy] = has_role(Role.STUDENT, *STAFF_ROLES)
"""Students pay for themselves; the staff may act for a student."""


def is_staff(actor: Actor | None) -> bool:
    """The academy's own people, and the platform itself."""
    return actor is not None and actor.role in (*STAFF_ROLES, SYSTEM.role)


def may_see(actor: Actor | None, student_id: str | None) -> bool:
    """A payment is its payer's affair, and the staff's."""
    return actor is not None and (is_staff(actor) or actor.id == student_id)


def payer(actor: Actor | None, student_id: str | None) -> Result[StudentId, DomainError]:
    """For whom somebody acts: themselves, or whom the staff names. FORBIDDEN, INVALID_ID."""
    named = student_id if student_id is not None or actor is None else actor.id
    if named is None or not may_see(actor, named):
        return Failure(FORBIDDEN)
    match StudentId.parse(named, field="studentId"):
        case Failure() as failure:
            return failure
        case Success(value=parsed):
            return Success(parsed)
