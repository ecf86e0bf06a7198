"""Who may: each command and query is registered with one of these.

A policy sees the message and the request; what depends on stored state (a course's own tutor) is a rule of
the domain or of the handler. The system itself may do everything.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from subgraphs.kernel.application.request import FORBIDDEN, SYSTEM, UNAUTHENTICATED, RequestContext
from subgraphs.kernel.domain import DomainError

Policy: TypeAlias = Callable[[Any, RequestContext], DomainError | None]
"""(message, request) -> why not, or None."""


def anyone(_message: object, _request: RequestContext) -> DomainError | None:
    """No restriction, not even a login."""
    return None


def authenticated(_message: object, request: RequestContext) -> DomainError | None:
    """Any user with a valid token."""
    return None if request.actor else UNAUTHENTICATED


def has_role(*roles: str) -> Policy:
    """A user with one of these roles."""
    allowed = frozenset(roles) | {SYSTEM.role}

    def policy(_message: object, request: RequestContext) -> DomainError | None:
        match request.actor:
            case None:
                return UNAUTHENTICATED
            case actor if actor.role in allowed:
                return None
            case _:
                return FORBIDDEN

    return policy
