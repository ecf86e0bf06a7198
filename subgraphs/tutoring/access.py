"""Who may do what."""

from typing import Final

from subgraphs.contracts.identity import STAFF_ROLES, Role
from subgraphs.kernel.application.policies import Policy, has_role
from subgraphs.kernel.application.request import SYSTEM, RequestContext

TUTORS: Final[Policy] = has_role(Role.TUTOR, *STAFF_ROLES)
"""Those who may have a profile: whoever runs the academy may teach, too."""
STAFF: Final[Policy] = has_role(*STAFF_ROLES)


def sees_private(request: RequestContext, *, user_id: str) -> bool:
    """Whether the asker is this tutor, or runs the academy."""
    actor = request.actor
    return actor is not None and (actor.id == user_id or actor.role in (*STAFF_ROLES, SYSTEM.role))
